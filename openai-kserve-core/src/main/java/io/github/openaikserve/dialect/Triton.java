package io.github.openaikserve.dialect;

import io.github.openaikserve.kserve.InferParameter;

/**
 * What the tables of Triton's models have in common.
 *
 * <p>Source: {@code triton-inference-server/server}: {@code docs/user_guide/decoupled_models.md},
 * {@code src/grpc/stream_infer_handler.cc}.
 */
final class Triton {
  /** More than any context holds: a server stops at the end of its own. */
  static final int UNLIMITED = 1 << 20;

  /**
   * OpenAI's default for {@code top_p}. TensorRT-LLM's own is 0, which makes every answer the
   * likeliest one, whatever the temperature.
   *
   * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code cpp/tensorrt_llm/layers}.
   */
  static final double ALL_TOKENS = 1.0;

  private Triton() {}

  /**
   * A table for a model that may be decoupled: streams answer for every model, and the end of a
   * stream may come marked, without outputs.
   */
  static DialectBuilder table(String name) {
    return Dialect.builder(name)
        .decoupled()
        .parameter("triton_enable_empty_final_response", InferParameter.of(true))
        .finalParameter("triton_final_response");
  }
}
