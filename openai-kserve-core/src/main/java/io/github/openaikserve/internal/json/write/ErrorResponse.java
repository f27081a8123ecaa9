package io.github.openaikserve.internal.json.write;

import io.github.openaikserve.internal.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's error object. Immutable.
 *
 * @param code the error code, never a number; null for none
 * @param param the invalid field of the request; null for none
 */
public record ErrorResponse(
    String message, String type, @Nullable String param, @Nullable String code) {
  /** Returns the JSON, wrapped in {@code error} as clients expect. */
  public byte[] json() {
    return JsonWriter.write(this::write);
  }

  /** Writes the field {@code error}. */
  public void write(JsonWriter json) {
    json.object(
        "error",
        error ->
            error
                .field("message", message)
                .field("type", type)
                .field("param", param)
                .field("code", code));
  }
}
