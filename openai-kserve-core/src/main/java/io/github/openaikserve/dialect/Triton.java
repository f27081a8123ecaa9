package io.github.openaikserve.dialect;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.tensor.Numbers;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.ModelConfig;

/**
 * The common rows of the tables for Triton.
 *
 * <p>Source: {@code triton-inference-server/server}: {@code docs/user_guide/decoupled_models.md},
 * {@code src/grpc/stream_infer_handler.cc}.
 */
final class Triton {
  /**
   * A number of tokens larger than any context, so that the server stops at the end of its context.
   * It replaces the defaults of 16 (vLLM) and 32 (TensorRT-LLM's LLM API), which would cut answers
   * short. TensorRT-LLM's ensemble requires a value.
   */
  static final int UNLIMITED = 1 << 20;

  /**
   * A {@code top_p} that excludes no token. It replaces TensorRT-LLM's default of 0, which always
   * generates the most likely answer, regardless of the temperature.
   *
   * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code cpp/tensorrt_llm/layers}.
   */
  private static final double ALL_TOKENS = 1.0;

  /**
   * The first version without a use-after-free in this mode, fixed in the server's commit
   * c1b7cb73c.
   */
  private static final int SAFE_ERROR_CODES_MINOR = 68;

  private static final Condition CONFIGURED =
      model -> model != null && model.isTriton() && model.config().isPresent();

  private static final Condition DECOUPLED =
      model ->
          model != null
              && model.isTriton()
              && model.config().filter(ModelConfig::decoupled).isPresent();

  private Triton() {}

  /** Sets the default and the conversion of {@code top_p} for TensorRT-LLM. */
  static void topP(InputBuilder input) {
    input.whenAbsent(ALL_TOKENS).as(Numbers::topPAboveZero);
  }

  /**
   * Returns a table for a model that may be decoupled. It uses streams, which work for every model.
   */
  static DialectBuilder table(String name) {
    return withMarkedEnd(Dialect.builder(name).decoupled());
  }

  /** Requests a response that marks the end of a stream. That response may have no outputs. */
  static DialectBuilder withMarkedEnd(DialectBuilder table) {
    return marked(table).parameter("priority", RequestField.PRIORITY, Triton::priority);
  }

  /** Requests an empty final response from a decoupled model that generates no text. */
  static DialectBuilder withFinalResponse(DialectBuilder table) {
    return table.when(DECOUPLED, Triton::marked);
  }

  private static DialectBuilder marked(DialectBuilder table) {
    return table
        .parameter("triton_enable_empty_final_response", InferParameter.of(true))
        .finalParameter("triton_final_response");
  }

  /** Adds the rows of every table for Triton. */
  static void addTo(DialectBuilder table) {
    table
        .when(CONFIGURED, DialectBuilder::unary)
        .when(DECOUPLED, DialectBuilder::decoupled)
        // Triton reports the code of an error in a stream only on request.
        .when(
            Condition.tritonSince(2, SAFE_ERROR_CODES_MINOR),
            newer -> newer.metadata("triton_grpc_error", "true"));
  }

  /**
   * Returns a priority for Triton's scheduler, in which 0 is the default and 1 the highest
   * priority.
   *
   * <p>Source: {@code triton-inference-server/server}: {@code
   * docs/protocol/extension_schedule_policy.md}.
   *
   * @throws InvalidRequestException if the priority is negative
   */
  static InferParameter priority(Object priority) {
    long value = ((Number) priority).longValue();
    if (value < 0) {
      throw InvalidRequestException.badValue(
          "priority",
          "invalid_value",
          "Invalid 'priority': expected 0 (default) or more for this model's server, where 1 is the"
              + " highest priority.");
    }
    return new InferParameter.Uint64(value);
  }
}
