package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.async.NonBlockingInputFeeder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A strict parser of one JSON value that arrives character by character, based on Jackson's
 * non-blocking parser. One instance per value. Not thread-safe.
 */
public final class JsonPush {
  /** An event that a character completes. */
  public enum Event {
    /** The start of an object. */
    OBJECT,
    /** The end of an object. */
    OBJECT_END,
    /** The start of an array. */
    ARRAY,
    /** The end of an array. */
    ARRAY_END,
    /** The name of a field; see {@link #text}. */
    FIELD,
    /** A string; see {@link #text}. */
    STRING,
    /** A null. */
    NULL,
    /** A number or a boolean; see {@link #text}. */
    OTHER
  }

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonLimits.DEFAULT.depth())
                  .maxNumberLength(JsonLimits.DEFAULT.digits())
                  .maxStringLength(JsonLimits.DEFAULT.string())
                  .build())
          .build();

  /** The depth up to which texts are recorded; a tool call needs no deeper ones. */
  private static final int MAX_TEXT_DEPTH = 4;

  private final JsonParser parser;
  private final ByteArrayFeeder feeder;
  private final byte[] utf8 = new byte[4];
  private final Deque<Event> events = new ArrayDeque<>(2);
  private final JsonScalar word = new JsonScalar();
  private boolean inString;
  private boolean escaped;
  private char last;
  private char high;
  private String text = "";
  private int depth;

  /** Creates a parser that expects the first character of a value. */
  public JsonPush() {
    try {
      parser = FACTORY.createNonBlockingByteArrayParser();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    NonBlockingInputFeeder input = parser.getNonBlockingInputFeeder();
    feeder = (ByteArrayFeeder) input;
  }

  /**
   * Reads the next character. {@link #poll} then returns the events that it completed.
   *
   * @return false if the text is not the beginning of a JSON value; no more characters may be
   *     passed then
   */
  public boolean next(char c) {
    if (!follows(c)) {
      return false;
    }
    int length = encode(c);
    if (length <= 0) {
      return length == 0;
    }
    try {
      feeder.feedInput(utf8, 0, length);
      JsonToken token = parser.nextToken();
      while (token != null && token != JsonToken.NOT_AVAILABLE) {
        add(token);
        token = parser.nextToken();
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Checks the separators, numbers and words, which the parser does not check if its input ends
   * there. A value must follow each comma and colon.
   */
  private boolean follows(char c) {
    if (inString) {
      inString = escaped || c != '"';
      escaped = !escaped && c == '\\';
      return true;
    }
    boolean separates = c == ',' || c == ':';
    boolean closes = c == '}' || c == ']';
    boolean wrong =
        switch (last) {
          case ',', ':' -> separates || closes;
          case '{' -> separates || c == ']';
          case '[' -> separates || c == '}';
          default -> false;
        };
    boolean scalar = c > ' ' && !separates && "{}[]\"".indexOf(c) < 0;
    if (c > ' ') {
      last = c;
      inString = c == '"';
    }
    if (!scalar) {
      word.reset();
    }
    return !wrong && (!scalar || word.next(c));
  }

  /** Returns the next event that the last character completed; null if there are no more. */
  public @Nullable Event poll() {
    return events.poll();
  }

  /** Returns the depth of objects and arrays after the last character. */
  public int depth() {
    return depth;
  }

  /** Returns the text of the last field name or value at a recorded depth. */
  public String text() {
    return text;
  }

  private void add(JsonToken token) throws IOException {
    switch (token) {
      case START_OBJECT, START_ARRAY -> depth++;
      case END_OBJECT, END_ARRAY -> depth--;
      default -> {
        if (depth <= MAX_TEXT_DEPTH) {
          text = parser.getText();
        }
      }
    }
    events.add(
        switch (token) {
          case START_OBJECT -> Event.OBJECT;
          case END_OBJECT -> Event.OBJECT_END;
          case START_ARRAY -> Event.ARRAY;
          case END_ARRAY -> Event.ARRAY_END;
          case FIELD_NAME -> Event.FIELD;
          case VALUE_STRING -> Event.STRING;
          case VALUE_NULL -> Event.NULL;
          default -> Event.OTHER;
        });
  }

  /**
   * Encodes a character in UTF-8 and returns the number of bytes; 0 for the first half of a
   * surrogate pair, -1 for an unpaired surrogate.
   */
  private int encode(char c) {
    boolean low = Character.isLowSurrogate(c);
    if (low != (high != 0)) {
      return -1;
    }
    if (Character.isHighSurrogate(c)) {
      high = c;
      return 0;
    }
    if (c < 0x80) {
      utf8[0] = (byte) c;
      return 1;
    }
    String character = low ? String.valueOf(new char[] {high, c}) : String.valueOf(c);
    byte[] encoded = character.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(encoded, 0, utf8, 0, encoded.length);
    high = 0;
    return encoded.length;
  }
}
