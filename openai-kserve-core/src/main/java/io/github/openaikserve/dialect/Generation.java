package io.github.openaikserve.dialect;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One text generation, independent of chats and of tensors. Immutable.
 *
 * @param modelName the route's name of the model at the server
 * @param modelVersion the route's model version; null for the dialect's default
 * @param fields the values by field, with at least {@link RequestField#PROMPT} or {@link
 *     RequestField#PROMPT_TOKEN_IDS}. {@link RequestField} documents the types of the values
 */
public record Generation(
    String modelName, @Nullable String modelVersion, Map<RequestField, Object> fields) {

  /** Copies the map. */
  public Generation {
    Objects.requireNonNull(modelName, "modelName");
    if (!fields.containsKey(RequestField.PROMPT)
        && !fields.containsKey(RequestField.PROMPT_TOKEN_IDS)) {
      throw new IllegalArgumentException("a generation requires PROMPT or PROMPT_TOKEN_IDS");
    }
    fields = Collections.unmodifiableMap(new EnumMap<>(fields));
  }

  /** Returns the text to continue; empty if it is given as token ids. */
  public String prompt() {
    return fields.get(RequestField.PROMPT) instanceof String text ? text : "";
  }

  /** Returns whether responses are wanted as they are generated. */
  public boolean stream() {
    return Boolean.TRUE.equals(fields.get(RequestField.STREAM));
  }

  /** Returns the value of a field; null if absent. */
  public @Nullable Object value(RequestField field) {
    return fields.get(field);
  }

  /** Returns a copy of this generation with or without a stream. */
  public Generation withStream(boolean stream) {
    return with(RequestField.STREAM, stream);
  }

  /** Returns a copy of this generation with another value for a field. */
  public Generation with(RequestField field, Object value) {
    var copy = new EnumMap<>(fields);
    copy.put(field, value);
    return new Generation(modelName, modelVersion, copy);
  }
}
