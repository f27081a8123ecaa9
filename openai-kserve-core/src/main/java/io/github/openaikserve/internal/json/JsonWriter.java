package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes one JSON text to bytes. */
final class JsonWriter {
  /** Writes values to a generator. */
  @FunctionalInterface
  interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  /** Enough for a chunk. */
  private static final int INITIAL_SIZE = 512;

  private JsonWriter() {}

  static byte[] write(JsonFactory factory, Writing writing) {
    try (var bytes = new ByteArrayBuilder(INITIAL_SIZE)) {
      try (JsonGenerator json = factory.createGenerator(bytes)) {
        writing.to(json);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }

  /** Text with whatever is no character, such as half of a surrogate pair, replaced. */
  static String characters(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      }
    }
    return text;
  }
}
