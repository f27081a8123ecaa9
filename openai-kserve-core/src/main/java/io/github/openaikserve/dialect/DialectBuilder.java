package io.github.openaikserve.dialect;

import io.github.openaikserve.dialect.Table.StreamingMode;
import io.github.openaikserve.internal.tensor.TensorEncoder;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.EmbeddingInput;
import io.github.openaikserve.openai.audio.SpeechFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A builder of dialects that are tables of tensors. Not thread-safe; the built dialect is.
 *
 * <p>Inputs are sent in the order of their rows, with shape {@code [1]} unless {@link
 * #batchDimension} says otherwise; a row is omitted if the request does not have its field. The
 * input fields determine what a table is for: {@link RequestField#PROMPT} generates text; {@link
 * RequestField#INPUT} embeds or classifies, depending on the outputs; {@link
 * RequestField#DOCUMENTS} scores; {@link RequestField#AUDIO_FILE} transcribes; {@link
 * RequestField#SPEECH_TEXT} generates speech.
 */
public final class DialectBuilder {
  private final String name;
  private final List<Table.Row> rows = new ArrayList<>();
  private Condition condition = Condition.ALWAYS;

  /** The number of settings without a condition. They come first, so that others override them. */
  private int unconditional;

  DialectBuilder(String name) {
    this.name = name;
    Triton.addTo(this);
  }

  /**
   * Adds rows for models for which a condition is true. A row for the same tensor and field
   * replaces an earlier one. A property set here overrides one that is set without a condition.
   */
  public DialectBuilder when(Condition condition, Consumer<DialectBuilder> rows) {
    Condition outer = this.condition;
    this.condition = outer == Condition.ALWAYS ? condition : outer.and(condition);
    rows.accept(this);
    this.condition = outer;
    return this;
  }

  /** Adds rows for models that declare an input; see {@link #when}. */
  public DialectBuilder whenDeclared(String input, Consumer<DialectBuilder> rows) {
    return when(Condition.declared(input), rows);
  }

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

  /** Adds an input tensor for a field. It is sent if the request has the field. */
  public DialectBuilder input(String tensor, Datatype datatype, RequestField field) {
    return input(tensor, datatype, field, input -> {});
  }

  /** Adds an input tensor for a field, with a value for requests without the field. */
  public DialectBuilder input(
      String tensor, Datatype datatype, RequestField field, Object whenAbsent) {
    return input(tensor, datatype, field, input -> input.whenAbsent(whenAbsent));
  }

  /**
   * Adds an input tensor for a field, with further options.
   *
   * @throws IllegalArgumentException if the datatype cannot represent the values of the field
   */
  public DialectBuilder input(
      String tensor, Datatype datatype, RequestField field, Consumer<InputBuilder> more) {
    var input = new InputBuilder();
    more.accept(input);
    return add(input.row(tensor, datatype, field));
  }

  /** Adds an input tensor with one JSON object for several fields. */
  public DialectBuilder inputJson(String tensor, Consumer<JsonInputBuilder> keys) {
    var builder = new JsonInputBuilder();
    keys.accept(builder);
    return add(new InputRow(List.of(tensor), Datatype.BYTES, builder.keys, true, Map.of()));
  }

  /**
   * Adds a constant input tensor, which is sent after the other inputs. A single element is
   * reshaped to match the other inputs.
   */
  public DialectBuilder constant(Tensor tensor) {
    return add(table -> table.constants.put(tensor.name(), tensor));
  }

  /**
   * Adds an output tensor for a field. Several tensors may have the same field, for servers that
   * use different names in different modes; the first one in the response applies.
   */
  public DialectBuilder output(String tensor, ResponseField field) {
    return output(tensor, field, null);
  }

  /**
   * Adds an output tensor whose single element is a JSON object, or a list whose first object
   * applies.
   *
   * @param key the key of the field in the object; the field is {@link ResponseField#TEXT} or
   *     {@link ResponseField#FINISH_REASON}
   * @throws IllegalArgumentException for any other field
   */
  public DialectBuilder outputJson(String tensor, String key, ResponseField field) {
    if (field != ResponseField.TEXT && field != ResponseField.FINISH_REASON) {
      throw new IllegalArgumentException(
          "tensor '%s': %s cannot be read from JSON; use TEXT or FINISH_REASON"
              .formatted(tensor, field));
    }
    return output(tensor, field, key);
  }

  /** Adds an output tensor whose single element is a JSON list with the numbers of one vector. */
  public DialectBuilder outputJsonVector(String tensor) {
    return output(tensor, ResponseField.EMBEDDING, "");
  }

  /**
   * Adds an output tensor with one JSON value for each input: an object with {@code label} and
   * {@code score}, or a list of such objects, as Hugging Face's pipelines return.
   */
  public DialectBuilder outputJsonLabels(String tensor) {
    return output(tensor, ResponseField.CLASS_SCORES, "");
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

  /** Adds a constant parameter to every request. */
  public DialectBuilder parameter(String name, InferParameter value) {
    return set(table -> table.parameters.put(name, value));
  }

  /** Adds a request parameter for a field. It is sent if the request has the field. */
  public DialectBuilder parameter(String name, RequestField field) {
    return parameter(name, field, TensorEncoder::parameter);
  }

  /** Adds a request parameter for a field, with a converted value. */
  public DialectBuilder parameter(
      String name, RequestField field, Function<Object, InferParameter> form) {
    return set(table -> table.fieldParameters.add(new Table.FieldParameter(name, field, form)));
  }

  /** Adds a constant header to every call. */
  public DialectBuilder metadata(String name, String value) {
    return set(table -> table.headers.put(name, value));
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
   * Adds a dialect with which the same server serves kinds of requests that this table does not
   * serve, such as embeddings. A later dialect takes precedence over an earlier one.
   */
  public DialectBuilder also(Dialect other) {
    return set(table -> table.others.add(0, other));
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

  /**
   * Builds the dialect.
   *
   * @throws IllegalStateException if the rows serve no kind of request, or if there is a row for
   *     {@link RequestField#N}, because each answer is a separate generation
   */
  public Dialect build() {
    var dialect = new TableDialect(name, rows);
    dialect.check();
    return dialect;
  }

  private static int checked(String what, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(
          "%s must be from 1 to %d, was %d".formatted(what, max, value));
    }
    return value;
  }

  private DialectBuilder output(String tensor, ResponseField field, @Nullable String jsonKey) {
    var output = new Table.Output(tensor, field, jsonKey);
    return set(table -> table.outputs.put(tensor, output));
  }

  private DialectBuilder add(InputRow row) {
    return add(table -> table.inputs.put(row.identity(), row));
  }

  /** Adds content. Inputs and constants keep the order in which they are added. */
  private DialectBuilder add(Consumer<Table> content) {
    rows.add(new Table.Row(condition, content));
    return this;
  }

  /** Adds content that a later row overrides, and a row with a condition in any case. */
  private DialectBuilder set(Consumer<Table> content) {
    if (condition != Condition.ALWAYS) {
      return add(content);
    }
    rows.add(unconditional++, new Table.Row(condition, content));
    return this;
  }
}
