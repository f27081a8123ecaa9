package io.github.openaikserve.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the JSON object of one input tensor as a table of keys. Not thread-safe. */
public final class JsonInputBuilder {
  final List<InputRow.JsonKey> keys = new ArrayList<>();
  private Condition condition = Condition.ALWAYS;

  JsonInputBuilder() {}

  /** Adds keys that only models of which a condition holds have. */
  public JsonInputBuilder when(Condition condition, Consumer<JsonInputBuilder> keys) {
    Condition outer = this.condition;
    this.condition = outer == Condition.ALWAYS ? condition : outer.and(condition);
    keys.accept(this);
    this.condition = outer;
    return this;
  }

  /** Adds keys for models that declare an input; see {@link #when}. */
  public JsonInputBuilder whenDeclared(String input, Consumer<JsonInputBuilder> keys) {
    return when(Condition.declared(input), keys);
  }

  /** Fields under their own JSON names. */
  public JsonInputBuilder fields(RequestField... fields) {
    for (RequestField field : fields) {
      field(field.jsonName(), field);
    }
    return this;
  }

  /** A field under another name. Of several rows with one name the last that has a value counts. */
  public JsonInputBuilder field(String name, RequestField field) {
    return field(name, field, value -> value);
  }

  /** A field under its own name, or {@code whenAbsent} where the request lacks it. */
  public JsonInputBuilder field(RequestField field, Object whenAbsent) {
    return add(
        new InputRow.JsonKey(field.jsonName(), field, whenAbsent, value -> value, condition));
  }

  /** A field in another form; a form that gives null leaves it out. */
  public JsonInputBuilder field(
      String name, RequestField field, Function<Object, @Nullable Object> form) {
    return add(new InputRow.JsonKey(name, field, null, form, condition));
  }

  private JsonInputBuilder add(InputRow.JsonKey key) {
    keys.add(key);
    return this;
  }
}
