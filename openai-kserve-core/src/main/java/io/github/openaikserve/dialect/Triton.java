package io.github.openaikserve.dialect;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.ModelConfig;

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

  /** Before it, the server had a use-after-free in this mode. Fixed in its commit c1b7cb73c. */
  private static final int SAFE_ERROR_CODES_MINOR = 68;

  private Triton() {}

  /** Sets the values of {@code top_p} that TensorRT-LLM takes. */
  static void topP(InputBuilder input) {
    input.whenAbsent(ALL_TOKENS).as(Numbers::topPAboveZero);
  }

  /** A table for a model that may be decoupled: streams answer for every model. */
  static DialectBuilder table(String name) {
    return withMarkedEnd(Dialect.builder(name).decoupled());
  }

  /** Asks for a response that marks the end of a stream, which may be without outputs. */
  static DialectBuilder withMarkedEnd(DialectBuilder table) {
    return marked(table).parameter("priority", RequestField.PRIORITY, Triton::priority);
  }

  /** Asks a decoupled model that generates no text for a response that marks the end. */
  static DialectBuilder withFinalResponse(DialectBuilder table) {
    return table.when(
        model ->
            model != null
                && model.isTriton()
                && model.config().filter(ModelConfig::decoupled).isPresent(),
        Triton::marked);
  }

  private static DialectBuilder marked(DialectBuilder table) {
    return table
        .parameter("triton_enable_empty_final_response", InferParameter.of(true))
        .finalParameter("triton_final_response");
  }

  /** Adds the rows that every table has on Triton. */
  static void addTo(DialectBuilder table) {
    table
        .when(
            model -> model != null && model.isTriton() && model.config().isPresent(),
            DialectBuilder::unary)
        .when(
            model ->
                model != null
                    && model.isTriton()
                    && model.config().filter(ModelConfig::decoupled).isPresent(),
            DialectBuilder::decoupled)
        // The code of an error in a stream is lost unless it is asked for.
        .when(
            Condition.tritonSince(2, SAFE_ERROR_CODES_MINOR),
            newer -> newer.metadata("triton_grpc_error", "true"));
  }

  /**
   * A priority for Triton's scheduler, which takes 0 for its default and 1 for the most urgent.
   *
   * <p>Source: {@code triton-inference-server/server}: {@code
   * docs/protocol/extension_schedule_policy.md}.
   *
   * @throws InvalidRequestException if it is negative
   */
  static InferParameter priority(Object priority) {
    long value = ((Number) priority).longValue();
    if (value < 0) {
      throw InvalidRequestException.badValue(
          "priority",
          "invalid_value",
          "Invalid 'priority': this model's server takes 0 or more, and 1 is the most urgent.");
    }
    return new InferParameter.Uint64(value);
  }
}
