package io.github.openaikserve.dialect;

import io.github.openaikserve.dialect.Table.StreamingMode;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.openai.EmbeddingInput;
import io.github.openaikserve.openai.audio.SpeechFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The part of the builder that sets properties of a whole table. */
abstract sealed class DialectSettings permits DialectBuilder {
  /** Adds content that a later call overrides, and a call with a condition in any case. */
  abstract DialectBuilder set(Consumer<Table> content);

  /**
   * Sets the condition by which {@link Dialects#detect} recognizes models of this dialect (default:
   * never).
   */
  public DialectBuilder recognizedBy(Condition condition) {
    return set(table -> table.recognizedBy = condition);
  }

  /** Sets a sentence or two about the server, in Markdown, for its page (default: empty). */
  public DialectBuilder description(String markdown) {
    return set(table -> table.description = markdown);
  }

  /**
   * Adds a leading batch dimension to every tensor: {@code [1, 1]} for generations. For other
   * requests, texts have {@code [n, 1]}, token ids {@code [1, length]}, and a query or dimensions
   * are repeated as {@code [n, 1]}.
   */
  public DialectBuilder batchDimension() {
    return set(table -> table.batchDimension = true);
  }

  /** Always uses a stream, also for unstreamed answers. */
  public DialectBuilder decoupled() {
    return set(table -> table.streamingMode = StreamingMode.ALWAYS);
  }

  /** Never uses a stream. Streaming callers receive the whole answer as a single chunk. */
  public DialectBuilder unary() {
    return set(table -> table.streamingMode = StreamingMode.NEVER);
  }

  /** Uses {@link Rpc#MODEL_STREAM_INFER_UNWRAPPED} for streams. */
  public DialectBuilder unwrappedStreams() {
    return set(table -> table.unwrappedStreams = true);
  }

  /**
   * Sends undeclared inputs even after the dialect was adapted to a model, because MLServer's
   * runtimes accept them.
   */
  public DialectBuilder acceptsUndeclaredInputs() {
    return set(table -> table.acceptsUndeclaredInputs = true);
  }

  /** Removes the prompt from the beginning of the text, if it is there. */
  public DialectBuilder promptInOutput() {
    return set(table -> table.promptInOutput = true);
  }

  /**
   * Declares that each response of a stream contains the whole text so far, and that text is never
   * revoked.
   */
  public DialectBuilder cumulativeText() {
    return set(table -> table.cumulativeText = true);
  }

  /** Declares that each response of a stream contains only the new text (the default). */
  public DialectBuilder incrementalText() {
    return set(table -> table.cumulativeText = false);
  }

  /** Declares that each response counts all tokens so far, instead of only its own. */
  public DialectBuilder cumulativeTokens() {
    return set(table -> table.cumulativeTokens = true);
  }

  /**
   * Sets the boolean response parameter that marks the last response. A marked response may have no
   * outputs; any other response without outputs is an error.
   */
  public DialectBuilder finalParameter(String name) {
    return set(table -> table.finalParameter = name);
  }

  /** Sets the model names of unary and streaming calls (default: the route's model name). */
  public DialectBuilder modelNames(String unary, String stream) {
    return set(table -> table.unaryModelName = unary).set(table -> table.streamModelName = stream);
  }

  /** Sets the model name of all calls (default: the route's model name). */
  public DialectBuilder modelName(String modelName) {
    return modelNames(modelName, modelName);
  }

  /**
   * Sets the model version for routes that set none (default: empty, so that the server chooses).
   */
  public DialectBuilder modelVersion(String version) {
    return set(table -> table.modelVersion = version);
  }

  /**
   * Adds finish reasons that mean the generation is not finished. An empty finish reason always
   * means that.
   */
  public DialectBuilder runningFinishReasons(String... words) {
    List<String> reasons = List.of(words);
    return set(table -> table.ignoredReasons.addAll(reasons));
  }

  /**
   * Adds finish reasons that the server reports regardless of the cause. They are ignored; {@code
   * length} is determined by counting tokens.
   */
  public DialectBuilder unreliableFinishReasons(String... words) {
    return runningFinishReasons(words);
  }

  /** Aggregates unstreamed answers from a stream; see {@link Dialect#aggregateFromStream()}. */
  public DialectBuilder aggregateFromStream() {
    return set(table -> table.aggregatesFromStream = true);
  }

  /**
   * Aggregates unstreamed answers with stop sequences from a stream, which is ended when this
   * library cuts the text.
   */
  public DialectBuilder foldsToStop() {
    return set(table -> table.aggregatesToStop = true);
  }

  /**
   * Declares that the server ends an answer at the model's end tokens; see {@link
   * Dialect#knowsEndTokens}.
   */
  public DialectBuilder knowsEndTokens() {
    return set(table -> table.knowsEndTokens = true);
  }

  /**
   * Sets the model to call without inputs for the served model's name, and the output with that
   * name.
   */
  public DialectBuilder modelInfo(String modelName, String output) {
    return set(table -> table.modelInfoName = modelName)
        .set(table -> table.modelInfoOutput = output);
  }

  /**
   * Sets the maximum number of texts or pairs of one call, 1 to {@value EmbeddingInput#MAX_SIZE}
   * (default: 32).
   */
  public DialectBuilder maxBatch(int texts) {
    int checked = checked("maxBatch", texts, EmbeddingInput.MAX_SIZE);
    return set(table -> table.maxBatch = checked);
  }

  /**
   * Sets the maximum number of concurrent calls of one request answered by tensors (default: 4).
   */
  public DialectBuilder maxConcurrency(int calls) {
    int checked = checked("maxConcurrency", calls, Integer.MAX_VALUE);
    return set(table -> table.maxConcurrency = checked);
  }

  /**
   * Sets the length of all vectors (default: unknown). Requests for another length are then
   * rejected before anything is sent, unless there is a tensor for the length.
   */
  public DialectBuilder dimensions(int dimensions) {
    var checked = OptionalInt.of(checked("dimensions", dimensions, Integer.MAX_VALUE));
    return set(table -> table.dimensions = checked);
  }

  /**
   * Sets the format of spoken audio if the output tensor is an encoded file and no input tensor
   * selects the format (default: WAV).
   */
  public DialectBuilder audioFormat(SpeechFormat format) {
    return set(table -> table.audioFormat = format);
  }

  /**
   * Declares that spoken audio consists of samples, with this number of samples per second. This
   * library converts them to WAV or PCM.
   *
   * @throws IllegalArgumentException if the rate is not positive
   */
  public DialectBuilder sampleRate(int rate) {
    var checked = OptionalInt.of(checked("sampleRate", rate, Integer.MAX_VALUE));
    return set(table -> table.sampleRate = checked);
  }

  /**
   * Sets the function that converts the model's scores to probabilities (default: {@link
   * Activation#NONE}).
   */
  public DialectBuilder activation(Activation activation) {
    return set(table -> table.activation = activation);
  }

  private static int checked(String what, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(
          "%s must be from 1 to %d, was %d".formatted(what, max, value));
    }
    return value;
  }
}
