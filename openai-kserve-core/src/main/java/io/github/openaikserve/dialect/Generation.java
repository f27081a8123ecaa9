package io.github.openaikserve.dialect;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One text generation, free of chat and of tensors. Immutable.
 *
 * @param modelName the model as its route names it to the server
 * @param modelVersion the version as its route names it; null for the dialect's own
 * @param fields what is asked for, at least {@link RequestField#PROMPT} or {@link
 *     RequestField#PROMPT_TOKEN_IDS}; the types of the values stand at the constants
 */
public record Generation(
    String modelName, @Nullable String modelVersion, Map<RequestField, Object> fields) {

  /** Copies the map. */
  public Generation {
    Objects.requireNonNull(modelName, "modelName");
    if (!fields.containsKey(RequestField.PROMPT)
        && !fields.containsKey(RequestField.PROMPT_TOKEN_IDS)) {
      throw new IllegalArgumentException("a generation needs a prompt");
    }
    fields = Collections.unmodifiableMap(new EnumMap<>(fields));
  }

  /** The text to continue; empty where it is given as token ids. */
  public String prompt() {
    return fields.get(RequestField.PROMPT) instanceof String text ? text : "";
  }

  /** Whether responses are wanted as they are generated. */
  public boolean stream() {
    return Boolean.TRUE.equals(fields.get(RequestField.STREAM));
  }

  /** What is asked for; null when nothing is. */
  public @Nullable Object value(RequestField field) {
    return fields.get(field);
  }

  /** The same generation with or without a stream. */
  public Generation withStream(boolean stream) {
    return with(RequestField.STREAM, stream);
  }

  /** The same generation with another value for a field. */
  public Generation with(RequestField field, Object value) {
    var copy = new EnumMap<>(fields);
    copy.put(field, value);
    return new Generation(modelName, modelVersion, copy);
  }
}
