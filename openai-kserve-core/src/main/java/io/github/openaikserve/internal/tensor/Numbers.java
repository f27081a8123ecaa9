package io.github.openaikserve.internal.tensor;

import org.jspecify.annotations.Nullable;

/** Conversion of OpenAI's numbers to the ranges of other servers. */
public final class Numbers {
  /**
   * The smallest {@code top_p} that is sent. It selects only the most likely token, as 0 does in
   * OpenAI's API, and is greater than 0 in every floating-point format.
   */
  private static final double LEAST_TOP_P = 1e-6;

  private static final Integer OFF = -1;

  private Numbers() {}

  /**
   * Returns a {@code top_p} for servers that require a value greater than 0.
   *
   * <p>Source: {@code vllm-project/vllm}: {@code vllm/sampling_params.py}; {@code
   * NVIDIA/TensorRT-LLM}: {@code cpp/tensorrt_llm/executor/samplingConfig.cpp}.
   */
  public static Object topPAboveZero(Object topP) {
    return Math.max(((Number) topP).doubleValue(), LEAST_TOP_P);
  }

  /** Returns a {@code top_k} for servers in which only -1 means off, such as vLLM before 0.9. */
  public static Object topKOffAsMinusOne(Object topK) {
    return ((Number) topK).intValue() <= 0 ? OFF : topK;
  }

  /**
   * Returns a {@code top_k} for servers in which only 0 means off, such as TensorRT-LLM and
   * transformers.
   */
  public static Object topKOffAsZero(Object topK) {
    return Math.max(((Number) topK).intValue(), 0);
  }

  /** Returns whether a number is greater than 0 as a 32-bit float. */
  public static Object isPositive(Object number) {
    return ((Number) number).floatValue() > 0;
  }

  /** Returns the number if it is greater than 0 as a 32-bit float; otherwise null. */
  public static @Nullable Object ifPositive(Object number) {
    return ((Number) number).floatValue() > 0 ? number : null;
  }
}
