package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Conversion of JSON to plain Java values: String, Long, BigInteger, Double, BigDecimal, Boolean,
 * List, Map.
 */
final class JsonValues {
  private JsonValues() {}

  static @Nullable Object of(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> node.textValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> number(node);
      case ARRAY -> list(node);
      case OBJECT -> map(node);
      default -> null;
    };
  }

  static Map<String, @Nullable Object> map(JsonNode node) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    node.properties().forEach(field -> map.put(field.getKey(), of(field.getValue())));
    return map;
  }

  private static List<@Nullable Object> list(JsonNode node) {
    List<@Nullable Object> list = new ArrayList<>(node.size());
    node.forEach(element -> list.add(of(element)));
    return list;
  }

  /**
   * Writes a plain value, or an array of token ids.
   *
   * @throws IllegalArgumentException if the value is not a plain value
   */
  static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> field : map.entrySet()) {
        json.writeFieldName(JsonWriter.characters(String.valueOf(field.getKey())));
        write(json, field.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof Collection<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        write(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof int[] tokens) {
      json.writeArray(tokens, 0, tokens.length);
    } else {
      writeScalar(json, value);
    }
  }

  private static void writeScalar(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof String text) {
      json.writeString(JsonWriter.characters(text));
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value instanceof BigDecimal number) {
      json.writeNumber(number);
    } else if (value instanceof Double || value instanceof Float) {
      json.writeNumber(((Number) value).doubleValue());
    } else if (value instanceof Number number) {
      json.writeNumber(number.toString());
    } else {
      throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
    }
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
