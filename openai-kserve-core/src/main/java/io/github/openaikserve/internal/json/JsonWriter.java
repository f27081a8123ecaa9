package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A writer of JSON text to a byte array. */
final class JsonWriter {
  /** A function that writes values to a generator. */
  @FunctionalInterface
  interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  /** The initial size in bytes, enough for a chunk. */
  private static final int INITIAL_SIZE = 512;

  private static final char REPLACEMENT = '\uFFFD';

  private JsonWriter() {}

  static byte[] write(JsonFactory factory, Writing writing) {
    try (var bytes = new ByteArrayBuilder(INITIAL_SIZE)) {
      try (JsonGenerator json = factory.createGenerator(bytes)) {
        writing.to(json);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing to memory does not fail
    }
  }

  /** Returns the text with unpaired surrogates replaced, because UTF-8 cannot encode them. */
  static String characters(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isLoneSurrogate(text, i)) {
        return replaced(text);
      }
    }
    return text;
  }

  private static String replaced(String text) {
    char[] characters = text.toCharArray();
    for (int i = 0; i < characters.length; i++) {
      if (isLoneSurrogate(text, i)) {
        characters[i] = REPLACEMENT;
      }
    }
    return new String(characters);
  }

  private static boolean isLoneSurrogate(String text, int index) {
    char c = text.charAt(index);
    if (!Character.isSurrogate(c)) {
      return false;
    }
    return Character.isHighSurrogate(c)
        ? index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1))
        : index == 0 || !Character.isHighSurrogate(text.charAt(index - 1));
  }
}
