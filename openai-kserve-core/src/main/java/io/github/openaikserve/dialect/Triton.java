package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.InferParameter;

/**
 * What the tables of Triton's models have in common.
 *
 * <p>Source: {@code triton-inference-server/server}: {@code docs/user_guide/decoupled_models.md},
 * {@code src/grpc/stream_infer_handler.cc}.
 */
final class Triton {
  /**
   * More tokens than any context holds, so that the server stops at the end of its own. Replaces
   * the defaults of 16 (vLLM) and 32 (TensorRT-LLM's LLM API), which would cut an answer short;
   * TensorRT-LLM's ensemble requires a value.
   */
  static final int UNLIMITED = 1 << 20;

  /**
   * A {@code top_p} that leaves no token out. Replaces TensorRT-LLM's default of 0, which makes
   * every answer the likeliest one, whatever the temperature.
   *
   * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code cpp/tensorrt_llm/layers}.
   */
  private static final double ALL_TOKENS = 1.0;

  private Triton() {}

  /** Says of a {@code top_p} what TensorRT-LLM takes. */
  static void topP(InputBuilder input) {
    input.whenAbsent(ALL_TOKENS).as(Numbers::topPAboveZero);
  }

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

  /**
   * Collects whole answers from streams where a decoupled model reports neither why a generation
   * ended nor how many tokens it has: the responses of a stream are counted, and so whether it
   * ended at the limit of tokens is known.
   */
  static void foldUnlessEndIsReported(DialectBuilder fitted, ModelDescription model) {
    boolean reported =
        model.outputs().stream()
            .map(output -> fitted.outputs.get(output.name()))
            .anyMatch(
                row ->
                    row != null
                        && (row.field() == ResponseField.FINISH_REASON
                            || row.field() == ResponseField.COMPLETION_TOKENS));
    if (!reported && !model.outputs().isEmpty() && fitted.streamUse == StreamUse.ALWAYS) {
      fitted.foldsFromStream();
    }
  }
}
