package io.github.openaikserve.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A builder for the keys of the JSON object in one input tensor. Not thread-safe. */
public final class JsonInputBuilder {
  final List<InputRow.Key> keys = new ArrayList<>();
  private Condition condition = Condition.ALWAYS;

  JsonInputBuilder() {}

  /** Adds keys for models for which a condition is true. */
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

  /** Adds fields under their own JSON names. */
  public JsonInputBuilder fields(RequestField... fields) {
    for (RequestField field : fields) {
      field(field.jsonName(), field);
    }
    return this;
  }

  /**
   * Adds a field under another name. If several rows have the same name, the last one with a value
   * applies.
   */
  public JsonInputBuilder field(String name, RequestField field) {
    return field(name, field, value -> value);
  }

  /** Adds a field under its own name, with a value for requests without the field. */
  public JsonInputBuilder field(RequestField field, Object whenAbsent) {
    return add(field.jsonName(), field, whenAbsent, value -> value);
  }

  /** Adds a field with a converted value. If the conversion returns null, the key is omitted. */
  public JsonInputBuilder field(
      String name, RequestField field, Function<Object, @Nullable Object> form) {
    return add(name, field, null, form);
  }

  private JsonInputBuilder add(
      String name,
      RequestField field,
      @Nullable Object whenAbsent,
      Function<Object, @Nullable Object> form) {
    keys.add(new InputRow.Key(name, field, whenAbsent, form, condition));
    return this;
  }
}
