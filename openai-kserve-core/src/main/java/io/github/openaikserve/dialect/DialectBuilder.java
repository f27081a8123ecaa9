package io.github.openaikserve.dialect;

import io.github.openaikserve.internal.tensor.TensorEncoder;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
public final class DialectBuilder extends DialectSettings {
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
   * Adds a dialect with which the same server serves kinds of requests that this table does not
   * serve, such as embeddings. A later dialect takes precedence over an earlier one.
   */
  public DialectBuilder also(Dialect other) {
    return set(table -> table.others.add(0, other));
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

  @Override
  DialectBuilder set(Consumer<Table> content) {
    if (condition != Condition.ALWAYS) {
      return add(content);
    }
    rows.add(unconditional++, new Table.Row(condition, content));
    return this;
  }
}
