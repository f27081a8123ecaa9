package io.github.openaikserve.dialect;

import org.jspecify.annotations.Nullable;

/** Numbers of OpenAI's in the ranges of other servers. */
final class Numbers {
  /**
   * The smallest {@code top_p} that is sent. Leaves only the likeliest token, as 0 does at OpenAI,
   * and stays above 0 in every arithmetic of a server.
   */
  private static final double LEAST_TOP_P = 1e-6;

  private static final Integer OFF = -1;

  private Numbers() {}

  /**
   * A {@code top_p} for servers that want more than 0.
   *
   * <p>Source: {@code vllm-project/vllm}: {@code vllm/sampling_params.py}; {@code
   * NVIDIA/TensorRT-LLM}: {@code cpp/tensorrt_llm/executor/samplingConfig.cpp}.
   */
  static Object topPAboveZero(Object topP) {
    return Math.max(((Number) topP).doubleValue(), LEAST_TOP_P);
  }

  /** A {@code top_k} for servers that know only -1 for off, as vLLM before 0.9 does. */
  static Object topKOffAsMinusOne(Object topK) {
    return ((Number) topK).intValue() <= 0 ? OFF : topK;
  }

  /** A {@code top_k} for servers that know only 0 for off, as TensorRT-LLM and transformers do. */
  static Object topKOffAsZero(Object topK) {
    return Math.max(((Number) topK).intValue(), 0);
  }

  /** Whether a number is above 0 where a tensor of 32 bits carries it. */
  static Object isPositive(Object number) {
    return ((Number) number).floatValue() > 0;
  }

  /** A number that is above 0 where a tensor of 32 bits carries it; null for any other. */
  static @Nullable Object ifPositive(Object number) {
    return ((Number) number).floatValue() > 0 ? number : null;
  }
}
