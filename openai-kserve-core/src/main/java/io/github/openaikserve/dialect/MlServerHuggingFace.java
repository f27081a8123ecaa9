package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.MAX_TOKENS;
import static io.github.openaikserve.dialect.RequestField.MIN_TOKENS;
import static io.github.openaikserve.dialect.RequestField.PROMPT;
import static io.github.openaikserve.dialect.RequestField.REPETITION_PENALTY;
import static io.github.openaikserve.dialect.RequestField.TEMPERATURE;
import static io.github.openaikserve.dialect.RequestField.TOP_K;
import static io.github.openaikserve.dialect.RequestField.TOP_P;
import static io.github.openaikserve.dialect.ResponseField.TEXT;
import static io.github.openaikserve.kserve.Datatype.BOOL;
import static io.github.openaikserve.kserve.Datatype.BYTES;
import static io.github.openaikserve.kserve.Datatype.FP32;
import static io.github.openaikserve.kserve.Datatype.INT32;

import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import java.util.Map;
import java.util.function.Consumer;

/** See {@link Dialects#MLSERVER_HUGGINGFACE}. */
final class MlServerHuggingFace {
  /**
   * The default of recent pipelines. Replaces the default of older ones, 20 tokens together with
   * the prompt, which would cut an answer short.
   */
  private static final int DEFAULT_TOKENS = 256;

  /**
   * Replaces the pipeline's default of false, which makes every answer the likeliest one, whatever
   * the temperature and {@code top_p}.
   */
  private static final boolean SAMPLES = true;

  private static final Map<String, InferParameter> SCALAR =
      Map.of("content_type", InferParameter.of("raw"));

  private MlServerHuggingFace() {}

  static DialectBuilder table() {
    return Dialect.builder("mlserver-huggingface")
        .recognizedBy(
            Condition.server("mlserver")
                .and(Condition.declared("args").or(Condition.declared("array_inputs"))))
        .description(
            "The Hugging Face runtime with a `text-generation` pipeline. Recognized by the server's name"
                + " `mlserver` and a model's input `args` or `array_inputs`; the runtime's other text pipelines"
                + " declare the same and cannot be distinguished.")
        .unary()
        .input(
            "args",
            BYTES,
            PROMPT,
            input ->
                input.aliases("array_inputs").parameter("content_type", InferParameter.of("str")))
        .input("max_new_tokens", INT32, MAX_TOKENS, scalar(in -> in.whenAbsent(DEFAULT_TOKENS)))
        .input(
            "do_sample",
            BOOL,
            TEMPERATURE,
            scalar(in -> in.whenAbsent(SAMPLES).as(Numbers::isPositive)))
        .input("temperature", FP32, TEMPERATURE, scalar(in -> in.as(Numbers::ifPositive)))
        .input("top_p", FP32, TOP_P, scalar(in -> {}))
        .input("top_k", INT32, TOP_K, scalar(in -> in.as(Numbers::topKOffAsZero)))
        .input("repetition_penalty", FP32, REPETITION_PENALTY, scalar(in -> {}))
        .input("min_new_tokens", INT32, MIN_TOKENS, scalar(in -> {}))
        .constant(Tensor.booleans("return_full_text", false).withParameters(SCALAR))
        .outputJson("output", "generated_text", TEXT)
        .takesUndeclaredInputs();
  }

  /** A value that is to arrive as a scalar and not as a list of one. */
  private static Consumer<InputBuilder> scalar(Consumer<InputBuilder> more) {
    return input -> {
      SCALAR.forEach(input::parameter);
      more.accept(input);
    };
  }
}
