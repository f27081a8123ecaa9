package io.github.openaikserve.dialect;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
  final Map<String, ResponseField> outputs = new LinkedHashMap<>();
  final Set<String> notYetFinished = new TreeSet<>(Set.of(""));
  final Set<String> untrusted = new TreeSet<>();
  @Nullable String unaryModelName;
  @Nullable String streamModelName;
  String modelVersion = "";
  final Map<String, InferParameter> parameters = new LinkedHashMap<>();
  @Nullable String finalParameter;
  boolean cumulativeText;
  boolean cumulativeTokens;
  boolean batchDimension;
  boolean decoupled;
  boolean foldsFromStream;
  @Nullable String modelInfoName;
  String modelInfoOutput = "";
  @Nullable EmbeddingDialect embeddings;

  DialectBuilder(String name) {
    this.name = name;
  }

  /** An input tensor that carries a field where the request has it. */
  public DialectBuilder input(String tensor, Datatype datatype, RequestField field) {
    return input(tensor, datatype, field, (Function<Object, @Nullable Object>) value -> value);
  }

  /** An input tensor that carries a field in another form; null from {@code form} leaves it out. */
  public DialectBuilder input(
      String tensor,
      Datatype datatype,
      RequestField field,
      Function<Object, @Nullable Object> form) {
    inputs.add(new InputRow.Single(tensor, datatype, field, null, form));
    return this;
  }

  /** An input tensor that carries a field, or {@code whenAbsent} where the request lacks it. */
  public DialectBuilder input(
      String tensor, Datatype datatype, RequestField field, Object whenAbsent) {
    inputs.add(new InputRow.Single(tensor, datatype, field, whenAbsent, value -> value));
    return this;
  }

  /** An input tensor of one JSON object that carries several fields. */
  public DialectBuilder inputJson(String tensor, Consumer<JsonInputBuilder> keys) {
    var builder = new JsonInputBuilder();
    keys.accept(builder);
    inputs.add(new InputRow.Json(tensor, builder.keys));
    return this;
  }

  /** An input tensor that is always the same; sent after the others. */
  public DialectBuilder constant(Tensor tensor) {
    constants.add(tensor);
    return this;
  }

  /**
   * An output tensor. Several may carry the same field, for servers that name it differently in
   * different modes; the first one present counts.
   */
  public DialectBuilder output(String tensor, ResponseField field) {
    outputs.put(tensor, field);
    return this;
  }

  /** Every input gets the shape {@code [1, 1]}. */
  public DialectBuilder batchDimension() {
    batchDimension = true;
    return this;
  }

  /** The model answers only on streams, also when the whole answer is wanted at once. */
  public DialectBuilder decoupled() {
    decoupled = true;
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
    if (inputs.stream()
        .flatMap(InputRow::fields)
        .noneMatch(field -> field == RequestField.PROMPT)) {
      throw new IllegalStateException("dialect '" + name + "' has no input for the prompt");
    }
    if (inputs.stream().flatMap(InputRow::fields).anyMatch(field -> field == RequestField.N)) {
      throw new IllegalStateException("dialect '" + name + "' has an input for n");
    }
    if (outputs.values().stream().noneMatch(field -> field == ResponseField.TEXT)) {
      throw new IllegalStateException("dialect '" + name + "' has no output for the text");
    }
    return new TableDialect(this);
  }
}
