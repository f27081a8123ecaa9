package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Conversion between JSON and plain values: String, Long, BigInteger, Double, BigDecimal, Boolean,
 * List, Map and null. Thread-safe.
 */
public final class JsonCodec {
  static final JsonFactory FACTORY = factory(JsonLimits.DEFAULT);

  /** A reader of trees that rejects text after the value. */
  public static final ObjectReader READER =
      JsonMapper.builder(FACTORY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .readerFor(JsonNode.class);

  /** A reader of a value inside an object. */
  private static final ObjectReader FIELD =
      READER.without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** A reader of Python's JSON, which may contain infinite numbers. */
  private static final ObjectReader PYTHON = READER.with(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS);

  /**
   * JSON escapes that also escape the non-ASCII characters at which some clients (such as Python's
   * {@code splitlines}) end a line.
   */
  private static final class SseEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    /** Shared by all generators, which do not change it. */
    private static final int[] ASCII = standardAsciiEscapesForJSON();

    private static final SerializableString NEXT_LINE = new SerializedString("\\u0085");
    private static final SerializableString LINE_SEPARATOR = new SerializedString("\\u2028");
    private static final SerializableString PARAGRAPH_SEPARATOR = new SerializedString("\\u2029");

    @Override
    public int[] getEscapeCodesForAscii() {
      return ASCII;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return switch (character) {
        case 0x85 -> NEXT_LINE;
        case 0x2028 -> LINE_SEPARATOR;
        case 0x2029 -> PARAGRAPH_SEPARATOR;
        default -> null;
      };
    }
  }

  private JsonCodec() {}

  /** Returns a factory for parsers with these limits. */
  public static JsonFactory factory(JsonLimits limits) {
    return new JsonFactoryBuilder()
        // Some clients split lines at all Unicode line separators, which must not split an event.
        .characterEscapes(new SseEscapes())
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(limits.depth())
                .maxNumberLength(limits.digits())
                .maxStringLength(limits.string())
                .build())
        // Writes the shortest digits of a number, which not every JDK finds by itself.
        .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
        // Callers choose field names, and interning them would fill a global table.
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build();
  }

  /**
   * Writes a plain value as JSON text.
   *
   * @throws IllegalArgumentException if it contains any other value
   */
  public static String writeValue(@Nullable Object value) {
    return new String(writeBytes(value), StandardCharsets.UTF_8);
  }

  /**
   * Writes a plain value as JSON in UTF-8.
   *
   * @throws IllegalArgumentException if it contains any other value
   */
  public static byte[] writeBytes(@Nullable Object value) {
    return JsonWriter.writeValue(value);
  }

  /** Reads a JSON object as plain values, in order; empty if the text is not a JSON object. */
  public static Optional<Map<String, @Nullable Object>> readObject(String json) {
    JsonNode root = readTree(READER, json);
    return root == null || !root.isObject() ? Optional.empty() : Optional.of(fields(root));
  }

  /**
   * Reads one field of a large JSON object as plain values, and nothing after it; empty if the
   * object has no such field.
   *
   * @throws IllegalArgumentException if the stream contains no JSON object
   * @throws IOException if the stream cannot be read
   */
  public static Optional<Object> readField(InputStream json, String name) throws IOException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("not a JSON object");
      }
      for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
        parser.nextToken();
        if (field.equals(name)) {
          return plain(FIELD.<JsonNode>readValue(parser));
        }
        parser.skipChildren();
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a JSON object", e);
    }
  }

  /** Reads JSON text as plain values; empty if it is not JSON, or {@code null}. */
  public static Optional<Object> readValue(String text) {
    return plain(readTree(READER, text));
  }

  /**
   * Reads JSON text that Python wrote as plain values, with {@code NaN} and infinite numbers as
   * doubles; empty if it is not JSON, or {@code null}.
   */
  public static Optional<Object> readPythonValue(String text) {
    return plain(readTree(PYTHON, text));
  }

  private static Optional<Object> plain(@Nullable JsonNode node) {
    return node == null ? Optional.empty() : Optional.ofNullable(value(node));
  }

  /** Reads JSON text; null if it is not JSON. */
  static @Nullable JsonNode readTree(String text) {
    return readTree(READER, text);
  }

  private static @Nullable JsonNode readTree(ObjectReader reader, String text) {
    try {
      JsonNode node = reader.readValue(text);
      return node == null || node.isMissingNode() ? null : node;
    } catch (IOException | NumberFormatException e) {
      return null;
    }
  }

  /** Returns the plain value of a node. */
  public static @Nullable Object value(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> node.textValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> number(node);
      case ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>(node.size());
        node.forEach(element -> list.add(value(element)));
        yield list;
      }
      case OBJECT -> fields(node);
      default -> null;
    };
  }

  /** Returns the fields of an object as plain values, in order. */
  public static Map<String, @Nullable Object> fields(JsonNode object) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    object.properties().forEach(field -> fields.put(field.getKey(), value(field.getValue())));
    return fields;
  }

  /** Returns a number in the smallest type that represents it without loss. */
  private static Number number(JsonNode node) {
    if (node.isIntegralNumber()) {
      return node.canConvertToLong() ? (Number) node.longValue() : node.bigIntegerValue();
    }
    if (!node.isBigDecimal()) {
      return node.doubleValue(); // infinity, which Jackson 2.15 reads from 1e400
    }
    BigDecimal exact = node.decimalValue();
    double rounded = exact.doubleValue();
    boolean same = Double.isFinite(rounded) && BigDecimal.valueOf(rounded).compareTo(exact) == 0;
    return same ? (Number) rounded : exact;
  }
}
