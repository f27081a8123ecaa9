package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.*;
import static io.github.openaikserve.dialect.ResponseField.*;
import static io.github.openaikserve.kserve.Datatype.*;

import io.github.openaikserve.internal.tensor.Numbers;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** See {@link Dialects#MLSERVER_HUGGINGFACE} and {@link Dialects#MLSERVER_CLASSIFICATION}. */
final class MlServer {
  /**
   * The default of recent pipelines. It replaces the default of older pipelines, 20 tokens
   * including the prompt, which would cut answers short.
   */
  private static final int DEFAULT_TOKENS = 256;

  /**
   * Enables sampling. The pipeline's default, false, always generates the most likely answer,
   * regardless of temperature and {@code top_p}.
   */
  private static final boolean SAMPLES = true;

  /** A number of classes that no model exceeds. */
  private static final int ALL_CLASSES = 1_000_000;

  private static final String CONTENT_TYPE = "content_type";
  private static final String RAW = "raw";
  private static final Map<String, InferParameter> SCALAR =
      Map.of(CONTENT_TYPE, InferParameter.of(RAW));

  private MlServer() {}

  static DialectBuilder table() {
    return Dialect.builder("mlserver-huggingface")
        .recognizedBy(
            Condition.server("mlserver")
                .and(Condition.declared("args").or(Condition.declared("array_inputs"))))
        .description(
            "The Hugging Face runtime with a `text-generation` pipeline. Recognized by the server's"
                + " name `mlserver` and a model's input `args` or `array_inputs`; of the runtime's"
                + " other text pipelines, only `text-classification` can be distinguished.")
        .unary()
        .input("args", BYTES, PROMPT, in -> typed(in, "str").aliases("array_inputs"))
        .input("max_new_tokens", INT32, MAX_TOKENS, in -> scalar(in).whenAbsent(DEFAULT_TOKENS))
        .input(
            "do_sample",
            BOOL,
            TEMPERATURE,
            in -> scalar(in).whenAbsent(SAMPLES).as(Numbers::isPositive))
        .input("temperature", FP32, TEMPERATURE, in -> scalar(in).as(Numbers::ifPositive))
        .input("top_p", FP32, TOP_P, MlServer::scalar)
        .input("top_k", INT32, TOP_K, in -> scalar(in).as(Numbers::topKOffAsZero))
        .input("repetition_penalty", FP32, REPETITION_PENALTY, MlServer::scalar)
        .input("min_new_tokens", INT32, MIN_TOKENS, MlServer::scalar)
        .constant(Tensor.booleans("return_full_text", false).withParameters(SCALAR))
        .outputJson("output", "generated_text", TEXT)
        .acceptsUndeclaredInputs();
  }

  /**
   * Returns the table of a text-classification pipeline, which can also score pairs of texts. All
   * classes are requested, because the pipeline returns only the best one by default. Texts are
   * sent as {@code array_inputs}, which the pipeline receives as a list, and not as the declared
   * {@code args}, whose elements are separate arguments.
   *
   * <p>Source: {@code SeldonIO/MLServer}: {@code runtimes/huggingface/mlserver_huggingface}: {@code
   * runtime.py}, {@code metadata.py}; {@code huggingface/transformers}: {@code
   * src/transformers/pipelines/text_classification.py}.
   */
  static DialectBuilder classification() {
    return Dialect.builder("mlserver-classification")
        .recognizedBy(
            Condition.server("mlserver")
                .and(Condition.declared("args"))
                .and(Condition.withOutputs("outputs")))
        .description(
            "The Hugging Face runtime with a `text-classification` pipeline: classifies texts, and"
                + " scores pairs with models of a single class. Recognized by the server's name"
                + " `mlserver`, a model's input `args` and its output `outputs`.")
        .unary()
        .input("array_inputs", BYTES, INPUT, in -> typed(in, "str"))
        .input(
            "array_inputs", BYTES, TEXT_PAIRS, in -> typed(in, "hg_jsonlist").as(MlServer::pairs))
        .constant(Tensor.ints("top_k", ALL_CLASSES).withParameters(SCALAR))
        .outputJsonLabels("output")
        .outputJsonLabels("outputs")
        .acceptsUndeclaredInputs();
  }

  private static Object pairs(Object pairs) {
    return ((List<?>) pairs).stream().map(pair -> pair((List<?>) pair)).toList();
  }

  private static Map<String, Object> pair(List<?> texts) {
    return new TreeMap<>(Map.of("text", texts.get(0), "text_pair", texts.get(1)));
  }

  private static InputBuilder typed(InputBuilder input, String contentType) {
    return input.parameter(CONTENT_TYPE, InferParameter.of(contentType));
  }

  /** Declares a value that the pipeline must receive as a scalar instead of a list. */
  private static InputBuilder scalar(InputBuilder input) {
    return typed(input, RAW);
  }
}
