package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.FREQUENCY_PENALTY;
import static io.github.openaikserve.dialect.RequestField.IGNORE_EOS;
import static io.github.openaikserve.dialect.RequestField.MAX_TOKENS;
import static io.github.openaikserve.dialect.RequestField.MIN_P;
import static io.github.openaikserve.dialect.RequestField.MIN_TOKENS;
import static io.github.openaikserve.dialect.RequestField.PRESENCE_PENALTY;
import static io.github.openaikserve.dialect.RequestField.PROMPT;
import static io.github.openaikserve.dialect.RequestField.REPETITION_PENALTY;
import static io.github.openaikserve.dialect.RequestField.SEED;
import static io.github.openaikserve.dialect.RequestField.STOP;
import static io.github.openaikserve.dialect.RequestField.STREAM;
import static io.github.openaikserve.dialect.RequestField.TEMPERATURE;
import static io.github.openaikserve.dialect.RequestField.TOP_K;
import static io.github.openaikserve.dialect.RequestField.TOP_P;
import static io.github.openaikserve.dialect.ResponseField.CACHED_TOKENS;
import static io.github.openaikserve.dialect.ResponseField.COMPLETION_TOKENS;
import static io.github.openaikserve.dialect.ResponseField.FINISH_REASON;
import static io.github.openaikserve.dialect.ResponseField.PROMPT_TOKENS;
import static io.github.openaikserve.dialect.ResponseField.TEXT;
import static io.github.openaikserve.kserve.Datatype.BOOL;
import static io.github.openaikserve.kserve.Datatype.BYTES;
import static io.github.openaikserve.kserve.Datatype.FP32;
import static io.github.openaikserve.kserve.Datatype.INT32;
import static io.github.openaikserve.kserve.Datatype.INT64;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Conventional tensor names, for models that match no known dialect. The table must be adapted to a
 * model; undeclared inputs are never sent.
 *
 * <p>Source: the templates and samples of {@code triton-inference-server} and {@code
 * NVIDIA/TensorRT-LLM}, {@code ai-dynamo/aiperf}, and the Open Inference Protocol's own {@code
 * generate_rest.yaml}.
 */
final class Conventional {
  /** In order of preference. */
  static final List<String> PROMPTS =
      List.of("text_input", "prompt", "text", "input_text", "inputs", "input", "INPUT", "query");

  /** The names of inputs that take images as base64 or as {@code data:} URLs. */
  static final Set<String> IMAGES = Set.of("image", "images", "image_input", "IMAGE");

  /** In the order in which they are looked for. */
  static final List<String> TEXTS =
      List.of(
          "text_output",
          "text",
          "generated_text",
          "output_text",
          "completion",
          "output",
          "OUTPUT",
          "outputs",
          "response");

  /** The names of a query and of the documents it is compared with. One query per call. */
  private static final Map<String, List<String>> DOCUMENTS =
      Map.of("query", List.of("documents", "texts", "passages"));

  /** The names of two texts that are compared, with the same number of each. */
  private static final Map<String, List<String>> PAIRS =
      Map.of(
          "text", List.of("text_pair"),
          "text_1", List.of("text_2"),
          "queries", List.of("documents", "passages"),
          "sentence1", List.of("sentence2"));

  /** The names of outputs with class scores. */
  private static final Set<String> CLASSES = Set.of("probabilities", "probs", "class_scores");

  private static final String LOGITS = "logits";
  private static final List<String> LABELS = List.of("labels", "label");
  private static final Set<String> FLOATS = Set.of("FP16", "BF16", "FP32", "FP64");

  private Conventional() {}

  /** Returns the table for a model that scores pairs or classifies; empty if it does neither. */
  static Optional<Dialect> scores(ModelDescription model) {
    List<TensorMetadata> numbers =
        model.outputs().stream().filter(output -> FLOATS.contains(output.datatype())).toList();
    List<String> texts =
        model.inputs().stream()
            .filter(input -> input.datatype().equals("BYTES"))
            .map(TensorMetadata::name)
            .toList();
    if (numbers.size() != 1 || texts.size() != model.inputs().size()) {
      return Optional.empty();
    }
    String scores = numbers.get(0).name();
    return switch (texts.size()) {
      case 1 -> classes(texts.get(0), scores, model);
      case 2 ->
          pairs(texts, scores, DOCUMENTS, RequestField.QUERY)
              .or(() -> pairs(texts, scores, PAIRS, RequestField.QUERIES));
      default -> Optional.empty();
    };
  }

  private static Optional<Dialect> pairs(
      List<String> texts, String scores, Map<String, List<String>> names, RequestField query) {
    for (Map.Entry<String, List<String>> pair : names.entrySet()) {
      for (String document : pair.getValue()) {
        if (texts.containsAll(List.of(pair.getKey(), document))) {
          DialectBuilder table =
              Dialect.builder("generic")
                  .input(pair.getKey(), BYTES, query)
                  .input(document, BYTES, RequestField.DOCUMENTS)
                  .output(scores, ResponseField.SCORE);
          return Optional.of(activated(table, scores).build());
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Dialect> classes(String text, String scores, ModelDescription model) {
    Optional<String> labels =
        model.outputs().stream().map(TensorMetadata::name).filter(LABELS::contains).findFirst();
    if (labels.isEmpty() && !CLASSES.contains(scores) && !scores.equals(LOGITS)) {
      return Optional.empty();
    }
    DialectBuilder table =
        Dialect.builder("generic")
            .input(text, BYTES, RequestField.INPUT)
            .output(scores, ResponseField.CLASS_SCORES);
    labels.ifPresent(name -> table.output(name, ResponseField.LABELS));
    return Optional.of(activated(table, scores).build());
  }

  private static DialectBuilder activated(DialectBuilder table, String scores) {
    return scores.equals(LOGITS) ? table.activation(Activation.SOFTMAX) : table;
  }

  /** Returns a table with the model's names of the prompt and the text. */
  static DialectBuilder table(String prompt, String text, ModelDescription model) {
    DialectBuilder table =
        Dialect.builder("generic")
            .input(prompt, BYTES, PROMPT, input -> asText(input, model))
            .input("max_tokens", INT32, MAX_TOKENS, aliased("max_new_tokens", "max_output_tokens"))
            .input("stream", BOOL, STREAM, aliased("streaming"))
            .input("temperature", FP32, TEMPERATURE)
            .input("top_p", FP32, TOP_P)
            .input("top_k", INT32, TOP_K)
            .input("min_p", FP32, MIN_P)
            .input("repetition_penalty", FP32, REPETITION_PENALTY)
            .input("presence_penalty", FP32, PRESENCE_PENALTY)
            .input("frequency_penalty", FP32, FREQUENCY_PENALTY)
            .input("seed", INT64, SEED, aliased("random_seed"))
            .input("stop", BYTES, STOP, aliased("stop_words", "stop_sequences"))
            .input("min_tokens", INT32, MIN_TOKENS, aliased("min_new_tokens", "min_length"))
            .input("ignore_eos", BOOL, IGNORE_EOS)
            .constant(Tensor.booleans("exclude_input_in_output", true))
            .constant(Tensor.booleans("return_full_text", false))
            .output(text, TEXT)
            .output("finish_reason", FINISH_REASON)
            .output("stop_reason", FINISH_REASON)
            .output("num_input_tokens", PROMPT_TOKENS)
            .output("num_cached_tokens", CACHED_TOKENS)
            .output("num_output_tokens", COMPLETION_TOKENS)
            .runningFinishReasons("None", "null");
    if (model.isMlServer()) {
      table.unwrappedStreams();
    }
    return model.isTriton() ? Triton.withMarkedEnd(table) : table;
  }

  /** Adds the parameter that MLServer requires to decode bytes as text. */
  private static void asText(InputBuilder input, ModelDescription model) {
    if (model.isMlServer()) {
      input.parameter("content_type", InferParameter.of("str"));
    }
  }

  private static Consumer<InputBuilder> aliased(String... names) {
    return input -> input.aliases(names);
  }
}
