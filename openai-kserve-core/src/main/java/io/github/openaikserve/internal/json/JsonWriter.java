package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A writer of the fields of JSON objects to a byte array. Not thread-safe. */
public final class JsonWriter {
  /** The initial size in bytes, enough for a chunk. */
  private static final int INITIAL_SIZE = 512;

  private final JsonGenerator json;

  private JsonWriter(JsonGenerator json) {
    this.json = json;
  }

  /** A step that writes to the generator. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  /** Returns an object with the fields that the consumer writes. */
  public static byte[] write(Consumer<JsonWriter> fields) {
    return bytes(json -> json.object(fields));
  }

  /** Returns a plain value; see {@link JsonCodec#writeValue}. */
  static byte[] writeValue(@Nullable Object value) {
    return bytes(json -> json.run(() -> json.value(value)));
  }

  private static byte[] bytes(Consumer<JsonWriter> value) {
    try (var bytes = new ByteArrayBuilder(INITIAL_SIZE)) {
      try (JsonGenerator generator = JsonCodec.FACTORY.createGenerator(bytes)) {
        value.accept(new JsonWriter(generator));
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing to memory does not fail
    }
  }

  private JsonWriter run(Step step) {
    try {
      step.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing to memory does not fail
    }
  }

  /** Writes a field with a plain value, or an array of token ids. */
  public JsonWriter field(String name, @Nullable Object value) {
    return run(
        () -> {
          json.writeFieldName(name);
          value(value);
        });
  }

  /** Writes a field, unless its value is null. */
  public JsonWriter optional(String name, @Nullable Object value) {
    return value == null ? this : field(name, value);
  }

  /** Writes all entries of a map as fields. */
  public JsonWriter fields(Map<?, ?> fields) {
    return run(() -> entries(fields));
  }

  private void entries(Map<?, ?> fields) throws IOException {
    for (Map.Entry<?, ?> field : fields.entrySet()) {
      json.writeFieldName(characters(String.valueOf(field.getKey())));
      value(field.getValue());
    }
  }

  /** Writes a field whose value is an object. */
  public JsonWriter object(String name, Consumer<JsonWriter> fields) {
    return run(() -> json.writeFieldName(name)).object(fields);
  }

  private JsonWriter object(Consumer<JsonWriter> fields) {
    run(json::writeStartObject);
    fields.accept(this);
    return run(json::writeEndObject);
  }

  /**
   * Writes a field whose value is an array of objects.
   *
   * @param fields writes the fields of an element
   */
  public <T> JsonWriter objects(
      String name, Iterable<T> elements, BiConsumer<JsonWriter, ? super T> fields) {
    run(() -> json.writeArrayFieldStart(name));
    elements.forEach(element -> object(object -> fields.accept(object, element)));
    return run(json::writeEndArray);
  }

  /** Writes a field with bytes in Base64. */
  public JsonWriter base64(String name, ByteBuffer bytes) {
    ByteBuffer encoded = Base64.getEncoder().encode(bytes.duplicate());
    return run(
        () -> {
          json.writeFieldName(name);
          json.writeRawUTF8String(encoded.array(), encoded.arrayOffset(), encoded.remaining());
        });
  }

  /** Writes a field with an array of 32-bit floats. */
  public JsonWriter floats(String name, ByteBuffer floats) {
    return run(
        () -> {
          json.writeArrayFieldStart(name);
          while (floats.hasRemaining()) {
            json.writeNumber(floats.getFloat());
          }
          json.writeEndArray();
        });
  }

  private void value(@Nullable Object value) throws IOException {
    if (value instanceof String text) {
      json.writeString(characters(text));
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      entries(map);
      json.writeEndObject();
    } else if (value instanceof Collection<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        value(element);
      }
      json.writeEndArray();
    } else if (value instanceof int[] tokens) {
      json.writeArray(tokens, 0, tokens.length);
    } else {
      scalar(value);
    }
  }

  private void scalar(@Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value instanceof BigDecimal number) {
      json.writeNumber(number);
    } else if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException("not a JSON value: " + number);
      }
      json.writeNumber(number);
    } else if (value instanceof Number number) {
      json.writeNumber(number.toString());
    } else {
      throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
    }
  }

  /** Returns the text with unpaired surrogates replaced, because UTF-8 cannot encode them. */
  public static String characters(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
      }
    }
    return text;
  }
}
