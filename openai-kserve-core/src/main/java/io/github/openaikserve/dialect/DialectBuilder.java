package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes a dialect as a table of tensors. Not thread-safe; the dialect it builds is.
 *
 * <p>Inputs are sent in the order of their rows, with shape {@code [1]} unless {@link
 * #batchDimension} says otherwise; a row whose field is absent from a request is left out.
 */
public final class DialectBuilder {
  final String name;
  final List<InputRow> inputs = new ArrayList<>();
  final List<Tensor> constants = new ArrayList<>();
  final Map<String, OutputRow> outputs = new LinkedHashMap<>();
  final Map<String, InferParameter> parameters = new LinkedHashMap<>();
  final Map<String, RequestField> parameterFields = new LinkedHashMap<>();
  final Map<String, String> metadata = new LinkedHashMap<>();
  final Set<String> notYetFinished = new TreeSet<>(Set.of(""));
  final Set<String> untrusted = new TreeSet<>();
  @Nullable String unaryModelName;
  @Nullable String streamModelName;
  String modelVersion = "";
  @Nullable String finalParameter;
  boolean cumulativeText;
  boolean cumulativeTokens;
  boolean batchDimension;
  boolean echoesPrompt;
  boolean bareStreams;
  boolean takesUndeclaredInputs;
  boolean foldsFromStream;
  boolean foldsToStop;
  boolean knowsEndTokens;
  StreamUse streamUse = StreamUse.WHEN_WANTED;
  @Nullable String modelInfoName;
  String modelInfoOutput = "";
  @Nullable EmbeddingDialect embeddings;
  BiConsumer<DialectBuilder, ModelDescription> whenFitted = (table, model) -> {};

  DialectBuilder(String name) {
    this.name = name;
  }

  /** The same table, to be changed on its own. */
  DialectBuilder copy() {
    var copy = new DialectBuilder(name);
    copy.inputs.addAll(inputs);
    copy.constants.addAll(constants);
    copy.outputs.putAll(outputs);
    copy.parameters.putAll(parameters);
    copy.parameterFields.putAll(parameterFields);
    copy.metadata.putAll(metadata);
    copy.notYetFinished.addAll(notYetFinished);
    copy.untrusted.addAll(untrusted);
    copy.unaryModelName = unaryModelName;
    copy.streamModelName = streamModelName;
    copy.modelVersion = modelVersion;
    copy.finalParameter = finalParameter;
    copy.cumulativeText = cumulativeText;
    copy.cumulativeTokens = cumulativeTokens;
    copy.batchDimension = batchDimension;
    copy.echoesPrompt = echoesPrompt;
    copy.bareStreams = bareStreams;
    copy.takesUndeclaredInputs = takesUndeclaredInputs;
    copy.foldsFromStream = foldsFromStream;
    copy.foldsToStop = foldsToStop;
    copy.knowsEndTokens = knowsEndTokens;
    copy.streamUse = streamUse;
    copy.modelInfoName = modelInfoName;
    copy.modelInfoOutput = modelInfoOutput;
    copy.embeddings = embeddings;
    copy.whenFitted = whenFitted;
    return copy;
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

  /** An input tensor that carries a field, with more to be said about it. */
  public DialectBuilder input(
      String tensor, Datatype datatype, RequestField field, Consumer<InputBuilder> more) {
    var input = new InputBuilder();
    more.accept(input);
    List<String> names = new ArrayList<>(List.of(tensor));
    names.addAll(input.aliases);
    inputs.add(
        new InputRow.Single(
            names, datatype, field, input.whenAbsent, input.form, input.parameters));
    return this;
  }

  /** An input tensor of one JSON object that carries several fields. */
  public DialectBuilder inputJson(String tensor, Consumer<JsonInputBuilder> keys) {
    var builder = new JsonInputBuilder();
    keys.accept(builder);
    inputs.add(new InputRow.Json(List.of(tensor), builder.keys));
    return this;
  }

  /**
   * An input tensor that is always the same; sent after the others. One of a single element gets
   * the shape that the others have.
   */
  public DialectBuilder constant(Tensor tensor) {
    constants.add(tensor);
    return this;
  }

  /**
   * An output tensor. Several may carry the same field, for servers that name it differently in
   * different modes; the first one present counts.
   */
  public DialectBuilder output(String tensor, ResponseField field) {
    outputs.put(tensor, new OutputRow(field, null));
    return this;
  }

  /**
   * An output tensor whose one element is JSON: an object, or a list of which the first counts.
   *
   * @param key where in the object the field is: text for {@link ResponseField#TEXT} and {@link
   *     ResponseField#FINISH_REASON}, which are the only ones that may be there
   */
  public DialectBuilder outputJson(String tensor, String key, ResponseField field) {
    if (field != ResponseField.TEXT && field != ResponseField.FINISH_REASON) {
      throw new IllegalArgumentException(
          "tensor '%s': %s is not read from JSON".formatted(tensor, field));
    }
    outputs.put(tensor, new OutputRow(field, key));
    return this;
  }

  /** Every input gets the shape {@code [1, 1]}. */
  public DialectBuilder batchDimension() {
    batchDimension = true;
    return this;
  }

  /** The model answers only on streams, also when the whole answer is wanted at once. */
  public DialectBuilder decoupled() {
    streamUse = StreamUse.ALWAYS;
    return this;
  }

  /**
   * The model is never asked on a stream: who wants one gets the whole answer as its only piece.
   */
  public DialectBuilder unary() {
    streamUse = StreamUse.NEVER;
    return this;
  }

  /** Streams have the shape of {@link Rpc#MODEL_STREAM_INFER_BARE}. */
  public DialectBuilder bareStreams() {
    bareStreams = true;
    return this;
  }

  /**
   * Models take inputs that they do not declare, as MLServer's Hugging Face runtime does, so that
   * none is left out on that account when the dialect is fitted to one.
   */
  public DialectBuilder takesUndeclaredInputs() {
    takesUndeclaredInputs = true;
    return this;
  }

  /** The text begins with the prompt, which is taken away where it does. */
  public DialectBuilder echoesPrompt() {
    echoesPrompt = true;
    return this;
  }

  /**
   * Each response of a stream brings the whole text so far, and not only what is new. What was
   * given once is not taken back if the server changes it.
   */
  public DialectBuilder cumulativeText() {
    cumulativeText = true;
    return this;
  }

  /** Each response brings the count of all tokens generated so far, and not only of its own. */
  public DialectBuilder cumulativeTokens() {
    cumulativeTokens = true;
    return this;
  }

  /** A parameter that every request has. */
  public DialectBuilder parameter(String name, InferParameter value) {
    parameters.put(name, value);
    return this;
  }

  /** A parameter of the request that carries a field where the request has it. */
  public DialectBuilder parameter(String name, RequestField field) {
    parameterFields.put(name, field);
    return this;
  }

  /** A header that every call has. */
  public DialectBuilder metadata(String name, String value) {
    metadata.put(name, value);
    return this;
  }

  /**
   * The response parameter, a truth value, that marks the last response. A marked one may be
   * without outputs; any other without outputs is an error.
   */
  public DialectBuilder finalParameter(String name) {
    finalParameter = name;
    return this;
  }

  /** The names by which the two procedures are addressed, in place of the route's model name. */
  public DialectBuilder modelNames(String unary, String stream) {
    unaryModelName = unary;
    streamModelName = stream;
    return this;
  }

  /** The version sent where the route names none. Empty, the default, lets the server choose. */
  public DialectBuilder modelVersion(String version) {
    modelVersion = version;
    return this;
  }

  /** Finish reasons that say the generation goes on; the empty one always does. */
  public DialectBuilder notYetFinished(String... words) {
    notYetFinished.addAll(List.of(words));
    return this;
  }

  /**
   * Finish reasons that the server gives whatever happened, so that they are not believed: {@code
   * length} is then found by counting.
   */
  public DialectBuilder untrusted(String... words) {
    untrusted.addAll(List.of(words));
    return this;
  }

  /** Whole answers are folded from a stream, which tells more; see {@link Dialect}. */
  public DialectBuilder foldsFromStream() {
    foldsFromStream = true;
    return this;
  }

  /**
   * Whole answers with stop sequences are folded from a stream, so that the generation ends where
   * the library cuts: for servers that are not sent stop sequences.
   */
  public DialectBuilder foldsToStop() {
    foldsToStop = true;
    return this;
  }

  /**
   * The server ends an answer at the model's own end tokens by itself; see {@link
   * Dialect#knowsEndTokens}.
   */
  public DialectBuilder knowsEndTokens() {
    knowsEndTokens = true;
    return this;
  }

  /** The model name to call, without inputs, and the output that gives the served model's name. */
  public DialectBuilder modelInfo(String modelName, String output) {
    modelInfoName = modelName;
    modelInfoOutput = output;
    return this;
  }

  /** How the same server embeds; it does not unless set. */
  public DialectBuilder embeddings(EmbeddingDialect dialect) {
    embeddings = dialect;
    return this;
  }

  /**
   * The dialect.
   *
   * @throws IllegalStateException if no input carries the prompt or no output the text, or an input
   *     carries {@link RequestField#N}: each answer is a generation of its own
   */
  public Dialect build() {
    Set<RequestField> carried = carried();
    if (!carried.contains(RequestField.PROMPT)) {
      throw new IllegalStateException("dialect '" + name + "' has no input for the prompt");
    }
    if (carried.contains(RequestField.N)) {
      throw new IllegalStateException("dialect '" + name + "' has an input for n");
    }
    if (outputs.values().stream().noneMatch(row -> row.field() == ResponseField.TEXT)) {
      throw new IllegalStateException("dialect '" + name + "' has no output for the text");
    }
    return new TableDialect(copy());
  }

  /** Gives a key of the JSON inputs another name. */
  void renameJsonKey(String from, String to) {
    inputs.replaceAll(
        row -> row instanceof InputRow.Json json ? json.withKeyRenamed(from, to) : row);
  }

  /** Takes fields out of the JSON inputs. */
  void removeFromJson(RequestField... fields) {
    Set<RequestField> removed = Set.of(fields);
    inputs.replaceAll(row -> row instanceof InputRow.Json json ? json.without(removed) : row);
  }

  /** Gives a field another form in the JSON inputs. */
  void reformJson(RequestField field, Function<Object, @Nullable Object> form) {
    inputs.replaceAll(row -> row instanceof InputRow.Json json ? json.reformed(field, form) : row);
  }

  /** Sends an input with a value of its own where a request lacks its field. */
  void alwaysSend(String tensor, Object whenAbsent) {
    inputs.replaceAll(
        row ->
            row instanceof InputRow.Single single && row.name().equals(tensor)
                ? single.orElse(whenAbsent)
                : row);
  }

  /** The fields that have a place in a request. */
  Set<RequestField> carried() {
    Set<RequestField> carried = EnumSet.noneOf(RequestField.class);
    inputs.forEach(row -> row.fields().forEach(carried::add));
    carried.addAll(parameterFields.values());
    return carried;
  }
}
