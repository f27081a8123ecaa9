package io.github.openaikserve.openai;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a request by their JSON names. Immutable. Applications do not extend it. */
public abstract class AbstractRequest {
  /** Absent fields are not in the map. Each value has the type of its setter. */
  private final Map<String, Object> fields;

  private final Map<String, @Nullable Object> extra;

  /** Copies the fields of a builder. */
  protected AbstractRequest(Builder<?> builder) {
    this.fields = Collections.unmodifiableMap(new LinkedHashMap<>(builder.fields));
    this.extra = Collections.unmodifiableMap(new LinkedHashMap<>(builder.extra));
  }

  /** Returns the model's name; null for the default model. */
  public @Nullable String model() {
    return get("model");
  }

  /**
   * Returns the fields without an accessor by JSON name: OpenAI's fields that do not affect the
   * answer, such as {@code user}, and fields unknown to OpenAI, such as {@code top_k}. Values are
   * plain JSON values.
   */
  public Map<String, @Nullable Object> extra() {
    return extra;
  }

  /** Returns the value of a field as passed to its setter; null if absent. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the setter's type
  protected final <T> @Nullable T get(String name) {
    return (T) fields.get(name);
  }

  /**
   * Returns the value of a field.
   *
   * @throws InvalidRequestException if the field is absent
   */
  @SuppressWarnings("TypeParameterUnusedInFormals")
  protected final <T> T required(String name) {
    T value = get(name);
    if (value == null) {
      throw InvalidRequestException.badValue(
          name, "missing_required_parameter", "Missing required parameter: '%s'.".formatted(name));
    }
    return value;
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof AbstractRequest request
        && getClass() == request.getClass()
        && fields.equals(request.fields)
        && extra.equals(request.extra);
  }

  @Override
  public final int hashCode() {
    return 31 * fields.hashCode() + extra.hashCode();
  }

  /**
   * A builder of requests. Not thread-safe.
   *
   * @param <B> the builder itself
   */
  public abstract static class Builder<B extends Builder<B>> {
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> extra = new LinkedHashMap<>();

    /** Creates an empty builder. */
    protected Builder() {}

    /** Sets the model's name; null for the default model. */
    public B model(@Nullable String model) {
      return set("model", model);
    }

    /** Sets a field without a setter by its JSON name. The value must be a plain JSON value. */
    public B extra(String name, @Nullable Object value) {
      extra.put(name, FieldChecks.copy(value));
      return self();
    }

    @SuppressWarnings("unchecked") // a builder is built as its own B
    private B self() {
      return (B) this;
    }

    /** Copies all fields of a request. */
    protected final B copyOf(AbstractRequest request) {
      fields.putAll(request.fields);
      extra.putAll(request.extra);
      return self();
    }

    /** Sets a field to a copy of the value; null removes it. */
    protected final B set(String name, @Nullable Object value) {
      if (value == null) {
        fields.remove(name);
      } else {
        fields.put(name, FieldChecks.deepCopy(value));
      }
      return self();
    }

    /**
     * Sets a field to a copy of a list; null removes it.
     *
     * @throws NullPointerException naming the first element that is null
     */
    protected final B setList(String name, @Nullable List<?> values) {
      FieldChecks.elements(name, values);
      return set(name, values);
    }

    /**
     * Sets a field to a copy of a map; null removes it.
     *
     * @throws NullPointerException naming an entry that is or has null
     */
    protected final B setMap(String name, @Nullable Map<?, ?> entries) {
      FieldChecks.entries(name, entries);
      return set(name, entries);
    }

    /** Returns the value of a field; null if absent. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the setter's type
    protected final <T> @Nullable T get(String name) {
      return (T) fields.get(name);
    }
  }
}
