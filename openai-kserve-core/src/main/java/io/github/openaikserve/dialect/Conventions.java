package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.*;
import static io.github.openaikserve.kserve.Datatype.*;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Conventional tensor names, for models that match no known dialect. The tables must be adapted to
 * a model; undeclared inputs are never sent.
 *
 * <p>Source: the templates and samples of {@code triton-inference-server} and {@code
 * NVIDIA/TensorRT-LLM}, {@code ai-dynamo/aiperf}, and the Open Inference Protocol's own {@code
 * generate_rest.yaml}.
 */
final class Conventions {
  static final Set<String> TEXT = Set.of("BYTES");
  private static final Set<String> FLOATS = Set.of("FP16", "BF16", "FP32", "FP64");

  /** In order of preference. */
  private static final List<String> PROMPTS =
      List.of("text_input", "prompt", "text", "input_text", "inputs", "input", "INPUT", "query");

  /** The names of inputs that take images as base64 or as {@code data:} URLs. */
  private static final Set<String> IMAGE_NAMES = Set.of("image", "images", "image_input", "IMAGE");

  /** In the order in which they are looked for. */
  private static final List<String> TEXTS =
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

  /** The names of two texts that are compared: one query per call, or as many as documents. */
  private record Pair(String query, RequestField field, String documents) {}

  private static final List<Pair> PAIRS =
      List.of(
          new Pair("query", QUERY, "documents"),
          new Pair("query", QUERY, "texts"),
          new Pair("query", QUERY, "passages"),
          new Pair("text", QUERIES, "text_pair"),
          new Pair("text_1", QUERIES, "text_2"),
          new Pair("queries", QUERIES, "documents"),
          new Pair("queries", QUERIES, "passages"),
          new Pair("sentence1", QUERIES, "sentence2"));

  /** The names of outputs with class scores. */
  private static final Set<String> CLASSES = Set.of("probabilities", "probs", "class_scores");

  private static final String LOGITS = "logits";
  private static final Set<String> LABELS = Set.of("labels", "label");

  private final ModelDescription model;

  Conventions(ModelDescription model) {
    this.model = model;
  }

  /** Returns the table for a model that scores pairs or classifies; empty if it does neither. */
  Optional<Dialect> scores() {
    List<String> numbers = names(model.outputs(), FLOATS);
    List<String> texts = names(model.inputs(), TEXT);
    if (numbers.size() != 1 || texts.size() != model.inputs().size()) {
      return Optional.empty();
    }
    String scores = numbers.get(0);
    Optional<DialectBuilder> table =
        texts.size() == 1
            ? classes(texts.get(0), scores)
            : PAIRS.stream()
                .filter(pair -> Set.of(pair.query(), pair.documents()).equals(Set.copyOf(texts)))
                .findFirst()
                .map(pair -> pairs(pair).output(scores, ResponseField.SCORE));
    if (scores.equals(LOGITS)) {
      table.ifPresent(logits -> logits.activation(Activation.SOFTMAX));
    }
    return table.map(DialectBuilder::build);
  }

  private static DialectBuilder pairs(Pair pair) {
    return generic()
        .input(pair.query(), BYTES, pair.field())
        .input(pair.documents(), BYTES, DOCUMENTS);
  }

  private Optional<DialectBuilder> classes(String text, String scores) {
    Optional<String> labels =
        model.outputs().stream().map(TensorMetadata::name).filter(LABELS::contains).findFirst();
    if (labels.isEmpty() && !CLASSES.contains(scores) && !scores.equals(LOGITS)) {
      return Optional.empty();
    }
    DialectBuilder table =
        generic().input(text, BYTES, INPUT).output(scores, ResponseField.CLASS_SCORES);
    labels.ifPresent(name -> table.output(name, ResponseField.LABELS));
    return Optional.of(table);
  }

  /** Returns the input for the text of a request. */
  Optional<String> prompt() {
    return conventionalOrOnly(PROMPTS, model.inputs());
  }

  /** Returns the output for generated text. */
  Optional<String> text() {
    return conventionalOrOnly(TEXTS, model.outputs());
  }

  /** Returns the tensor with a conventional name, otherwise the only tensor of texts. */
  private static Optional<String> conventionalOrOnly(
      List<String> conventional, List<TensorMetadata> declared) {
    List<String> texts = names(declared, TEXT);
    return first(conventional, texts)
        .or(() -> texts.stream().filter(only -> texts.size() == 1).findFirst());
  }

  /**
   * Returns the table of a model that generates text, with its names of the prompt and the text.
   */
  Dialect generation(String prompt, String text) {
    DialectBuilder table =
        generic()
            .input(prompt, BYTES, PROMPT, this::asText)
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
            .output(text, ResponseField.TEXT)
            .output("finish_reason", ResponseField.FINISH_REASON)
            .output("stop_reason", ResponseField.FINISH_REASON)
            .output("num_input_tokens", ResponseField.PROMPT_TOKENS)
            .output("num_cached_tokens", ResponseField.CACHED_TOKENS)
            .output("num_output_tokens", ResponseField.COMPLETION_TOKENS)
            .runningFinishReasons("None", "null");
    if (model.isMlServer()) {
      table.unwrappedStreams();
    }
    return (model.isTriton() ? Triton.withMarkedEnd(table) : table).build();
  }

  /** Adds the parameter that MLServer requires to decode bytes as text. */
  private void asText(InputBuilder input) {
    if (model.isMlServer()) {
      input.parameter("content_type", InferParameter.of("str"));
    }
  }

  private static Consumer<InputBuilder> aliased(String... names) {
    return input -> input.aliases(names);
  }

  /** Returns a model that embeds texts, images or both; empty if the model embeds neither. */
  Optional<DetectedModel> embeddings(String prompt) {
    List<String> vectors = names(model.outputs(), FLOATS);
    List<String> images =
        names(model.inputs(), TEXT).stream().filter(IMAGE_NAMES::contains).toList();
    int texts = model.inputs().size() - images.size();
    if (vectors.size() != 1 || texts > 1 || images.size() > 1) {
      return Optional.empty();
    }
    DialectBuilder table = generic().output(vectors.get(0), ResponseField.EMBEDDING);
    if (texts == 1) {
      table.input(prompt, BYTES, INPUT);
    }
    images.forEach(name -> table.input(name, BYTES, IMAGES));
    int batch = model.config().map(ModelConfig::maxBatchSize).orElse(0);
    if (batch > 0 && model.inputs().get(0).shape().size() == 2) {
      table.batchDimension().maxBatch(Math.min(batch, Table.DEFAULT_BATCH));
    }
    String explanation =
        "It embeds: %s in '%s', vectors in '%s'."
            .formatted(
                texts == 1 ? "text" : "images",
                texts == 1 ? prompt : images.get(0),
                vectors.get(0));
    return Optional.of(
        new DetectedModel(
            model.modelName(),
            Optional.empty(),
            Map.of(RequestKind.EMBEDDING, table.build()),
            explanation));
  }

  private static DialectBuilder generic() {
    return Dialect.builder("generic");
  }

  static List<String> names(List<TensorMetadata> tensors, Set<String> types) {
    return tensors.stream()
        .filter(tensor -> types.contains(tensor.datatype()))
        .map(TensorMetadata::name)
        .toList();
  }

  static Optional<String> first(List<String> preferred, List<String> names) {
    return preferred.stream().filter(names::contains).findFirst();
  }
}
