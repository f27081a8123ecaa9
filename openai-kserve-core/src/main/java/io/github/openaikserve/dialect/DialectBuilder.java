package io.github.openaikserve.dialect;

import io.github.openaikserve.dialect.Row.Property;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.EmbeddingInput;
import io.github.openaikserve.openai.audio.SpeechFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Writes a dialect as a table of tensors. Not thread-safe; the dialect it builds is.
 *
 * <p>Inputs are sent in the order of their rows, with shape {@code [1]} unless {@link
 * #batchDimension} says otherwise; a row whose field is absent from a request is left out. A table
 * with {@link RequestField#PROMPT} generates text. One with {@link RequestField#INPUT} embeds or
 * classifies, as its outputs say; one with {@link RequestField#DOCUMENTS} scores. One with {@link
 * RequestField#AUDIO_FILE} transcribes, one with {@link RequestField#SPEECH_TEXT} speaks.
 */
public final class DialectBuilder {
  private final String name;
  private final List<Row.Conditional> rows = new ArrayList<>();
  private Condition condition = Condition.ALWAYS;

  DialectBuilder(String name) {
    this.name = name;
    Triton.addTo(this);
  }

  /**
   * Adds rows that only models of which a condition holds have. A row for the same tensor and field
   * replaces an earlier one; a property set here goes before one that is set without a condition.
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

  /** Sets which models speak this dialect, for {@link Dialects#detect} (default: none). */
  public DialectBuilder recognizedBy(Condition condition) {
    return set(Property.RECOGNIZED_BY, condition);
  }

  /** Sets a sentence or two about the server, in Markdown, for its page (default: empty). */
  public DialectBuilder description(String markdown) {
    return set(Property.DESCRIPTION, markdown);
  }

  /** An input tensor that carries a field where the request has it. */
  public DialectBuilder input(String tensor, Datatype datatype, RequestField field) {
    return input(tensor, datatype, field, input -> {});
  }

  /** An input tensor that carries a field, or {@code whenAbsent} where the request lacks it. */
  public DialectBuilder input(
      String tensor, Datatype datatype, RequestField field, Object whenAbsent) {
    return input(tensor, datatype, field, input -> input.whenAbsent(whenAbsent));
  }

  /**
   * An input tensor that carries a field, with further options.
   *
   * @throws IllegalArgumentException if the datatype cannot hold the values of the field
   */
  public DialectBuilder input(
      String tensor, Datatype datatype, RequestField field, Consumer<InputBuilder> more) {
    var input = new InputBuilder();
    more.accept(input);
    return add(input.row(tensor, datatype, field));
  }

  /** An input tensor of one JSON object that carries several fields. */
  public DialectBuilder inputJson(String tensor, Consumer<JsonInputBuilder> keys) {
    var builder = new JsonInputBuilder();
    keys.accept(builder);
    return add(new InputRow.Json(List.of(tensor), builder.keys));
  }

  /**
   * An input tensor that is always the same; sent after the others. A single element is reshaped to
   * match the other inputs.
   */
  public DialectBuilder constant(Tensor tensor) {
    return add(new Row.Fixed(tensor));
  }

  /**
   * An output tensor. Several may carry the same field, for servers that name it differently in
   * different modes; the first one present counts.
   */
  public DialectBuilder output(String tensor, ResponseField field) {
    return add(new OutputRow(tensor, field, null));
  }

  /**
   * An output tensor whose one element is JSON: an object, or a list of which the first counts.
   *
   * @param key of the text, the {@link ResponseField#TEXT} or {@link ResponseField#FINISH_REASON}
   * @throws IllegalArgumentException for any other field
   */
  public DialectBuilder outputJson(String tensor, String key, ResponseField field) {
    if (field != ResponseField.TEXT && field != ResponseField.FINISH_REASON) {
      throw new IllegalArgumentException(
          "tensor '%s': %s is not read from JSON".formatted(tensor, field));
    }
    return add(new OutputRow(tensor, field, key));
  }

  /** An output tensor whose one element is the JSON list of one vector's numbers. */
  public DialectBuilder outputJsonVector(String tensor) {
    return add(new OutputRow(tensor, ResponseField.EMBEDDING, ""));
  }

  /**
   * An output tensor of one JSON value for each input: an object with the members {@code label} and
   * {@code score}, or a list of them, as Hugging Face's pipelines write.
   */
  public DialectBuilder outputJsonLabels(String tensor) {
    return add(new OutputRow(tensor, ResponseField.CLASS_SCORES, ""));
  }

  /**
   * Every tensor gets a batch dimension in front: {@code [1, 1]}, and for inputs that are not
   * generated from texts {@code [n, 1]}, token ids {@code [1, length]}, a query or dimensions
   * repeated as {@code [n, 1]}.
   */
  public DialectBuilder batchDimension() {
    return set(Property.BATCH_DIMENSION, true);
  }

  /** The model always streams, also when the whole answer is wanted at once. */
  public DialectBuilder decoupled() {
    return set(Property.STREAM_USE, Row.StreamUse.ALWAYS);
  }

  /** The model never streams: streaming callers receive the whole answer as a single chunk. */
  public DialectBuilder unary() {
    return set(Property.STREAM_USE, Row.StreamUse.NEVER);
  }

  /** Streams have the shape of {@link Rpc#MODEL_STREAM_INFER_BARE}. */
  public DialectBuilder bareStreams() {
    return set(Property.BARE_STREAMS, true);
  }

  /** Undeclared inputs are still sent by a fitted dialect, as MLServer's runtimes take them. */
  public DialectBuilder takesUndeclaredInputs() {
    return set(Property.TAKES_UNDECLARED_INPUTS, true);
  }

  /** The text begins with the prompt, which is taken away where it does. */
  public DialectBuilder echoesPrompt() {
    return set(Property.ECHOES_PROMPT, true);
  }

  /** Each response of a stream brings the whole text so far, of which nothing is taken back. */
  public DialectBuilder cumulativeText() {
    return set(Property.CUMULATIVE_TEXT, true);
  }

  /** Each response of a stream brings only the new text (the default). */
  public DialectBuilder incrementalText() {
    return set(Property.CUMULATIVE_TEXT, false);
  }

  /** Each response brings the count of all tokens generated so far, and not only of its own. */
  public DialectBuilder cumulativeTokens() {
    return set(Property.CUMULATIVE_TOKENS, true);
  }

  /** A parameter that every request has. */
  public DialectBuilder parameter(String name, InferParameter value) {
    return add(new Row.Parameter(name, value));
  }

  /** A parameter of the request that carries a field where the request has it. */
  public DialectBuilder parameter(String name, RequestField field) {
    return parameter(name, field, Scalars::parameter);
  }

  /** A parameter of the request that carries a field in another form. */
  public DialectBuilder parameter(
      String name, RequestField field, Function<Object, InferParameter> form) {
    return add(new Row.FieldParameter(name, field, form));
  }

  /** A header that every call has. */
  public DialectBuilder metadata(String name, String value) {
    return add(new Row.Header(name, value));
  }

  /**
   * The response parameter, a boolean, that marks the last response. A marked one may be without
   * outputs; any other without outputs is an error.
   */
  public DialectBuilder finalParameter(String name) {
    return set(Property.FINAL_PARAMETER, name);
  }

  /** Model names to use for unary and streaming calls, in place of the route's model name. */
  public DialectBuilder modelNames(String unary, String stream) {
    return set(Property.UNARY_MODEL_NAME, unary).set(Property.STREAM_MODEL_NAME, stream);
  }

  /** The model name to use for every call, in place of the route's model name. */
  public DialectBuilder modelName(String modelName) {
    return modelNames(modelName, modelName);
  }

  /** The version sent where the route names none. Empty, the default, lets the server choose. */
  public DialectBuilder modelVersion(String version) {
    return set(Property.MODEL_VERSION, version);
  }

  /** Finish reasons that say the generation goes on; the empty one always does. */
  public DialectBuilder notYetFinished(String... words) {
    List.of(words).forEach(word -> add(new Row.IgnoredReason(word)));
    return this;
  }

  /** Finish reasons that are reported regardless of the cause: {@code length} is then counted. */
  public DialectBuilder untrusted(String... words) {
    return notYetFinished(words);
  }

  /** Whole answers are folded from a stream, which tells more; see {@link Dialect}. */
  public DialectBuilder foldsFromStream() {
    return set(Property.FOLDS_FROM_STREAM, true);
  }

  /**
   * Whole answers with stop sequences are folded from a stream, which ends at the library's cut.
   */
  public DialectBuilder foldsToStop() {
    return set(Property.FOLDS_TO_STOP, true);
  }

  /** The server ends an answer at the model's end tokens; see {@link Dialect#knowsEndTokens}. */
  public DialectBuilder knowsEndTokens() {
    return set(Property.KNOWS_END_TOKENS, true);
  }

  /** The model name to call, without inputs, and the output that gives the served model's name. */
  public DialectBuilder modelInfo(String modelName, String output) {
    return set(Property.MODEL_INFO_NAME, modelName).set(Property.MODEL_INFO_OUTPUT, output);
  }

  /**
   * How many texts or pairs one call may have, 1 to {@value EmbeddingInput#MAX_SIZE} (default: 32).
   */
  public DialectBuilder maxBatch(int texts) {
    return set(Property.MAX_BATCH, checked("maxBatch", texts, EmbeddingInput.MAX_SIZE));
  }

  /** How many calls of one request for tensors go on at the same time (default: 4). */
  public DialectBuilder maxConcurrency(int calls) {
    return set(Property.MAX_CONCURRENCY, checked("maxConcurrency", calls, Integer.MAX_VALUE));
  }

  /**
   * The length of every vector (default: unknown). A request for another length is then refused
   * before anything is sent, unless a tensor carries it.
   */
  public DialectBuilder dimensions(int dimensions) {
    return set(Property.DIMENSIONS, checked("dimensions", dimensions, Integer.MAX_VALUE));
  }

  /**
   * Adds a dialect by which the same server serves kinds of requests that this table does not, such
   * as embeddings; a later one goes before an earlier one.
   */
  public DialectBuilder also(Dialect other) {
    return add(new Row.Other(other));
  }

  /**
   * The encoding of spoken audio where the output tensor is an encoded file and no input tensor
   * chooses the encoding (default: WAV).
   */
  public DialectBuilder audioFormat(SpeechFormat format) {
    return set(Property.AUDIO_FORMAT, format);
  }

  /**
   * Spoken audio is samples, as many of them a second; the library makes WAV or PCM of them.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public DialectBuilder sampleRate(int rate) {
    return set(Property.SAMPLE_RATE, checked("sampleRate", rate, Integer.MAX_VALUE));
  }

  /**
   * What makes probabilities of the numbers that the model scores or classifies with (default:
   * {@link Activation#NONE}).
   */
  public DialectBuilder activation(Activation activation) {
    return set(Property.ACTIVATION, activation);
  }

  /**
   * Returns the dialect.
   *
   * @throws IllegalStateException if the rows serve no kind of request, or if one carries {@link
   *     RequestField#N}: each answer is a generation of its own
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

  private DialectBuilder set(Property property, Object value) {
    return add(new Row.Setting(property, value));
  }

  private DialectBuilder add(Row row) {
    rows.add(new Row.Conditional(condition, row));
    return this;
  }
}
