package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.error.InvalidRequestException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that is being read field by field: knows its place in the request, and which of its
 * fields were asked for. An explicit null is absence. Not thread-safe.
 */
final class JsonObject {
  private final JsonNode node;
  private final String prefix;
  private final Set<String> read = new HashSet<>();

  private JsonObject(JsonNode node, String prefix) {
    this.node = node;
    this.prefix = prefix;
  }

  static JsonObject root(JsonNode node) {
    return new JsonObject(node, "");
  }

  /** Where a field of this object stands in the request, such as {@code messages[0].role}. */
  String path(String name) {
    return prefix + name;
  }

  @Nullable JsonNode node(String name) {
    read.add(name);
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  boolean has(String name) {
    return node.hasNonNull(name);
  }

  @Nullable String text(String name) {
    JsonNode value = node(name);
    if (value != null && !value.isTextual()) {
      throw wrongType(name, "a string", value);
    }
    return value == null ? null : value.textValue();
  }

  @Nullable Boolean bool(String name) {
    JsonNode value = node(name);
    if (value != null && !value.isBoolean()) {
      throw wrongType(name, "a boolean", value);
    }
    return value == null ? null : value.booleanValue();
  }

  @Nullable Double decimal(String name) {
    JsonNode value = node(name);
    if (value != null && !value.isNumber()) {
      throw wrongType(name, "a decimal", value);
    }
    return value == null ? null : value.doubleValue();
  }

  @Nullable Integer integer(String name) {
    Long value = whole(name, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return value == null ? null : value.intValue();
  }

  @Nullable Long longInteger(String name) {
    return whole(name, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private @Nullable Long whole(String name, long min, long max) {
    JsonNode value = node(name);
    if (value == null) {
      return null;
    }
    if (!value.isNumber() || !isWhole(value)) {
      throw wrongType(name, "an integer", value);
    }
    if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
      boolean above = value.decimalValue().signum() > 0;
      throw InvalidRequestException.badValue(
          path(name),
          above ? "integer_above_max_value" : "integer_below_min_value",
          "Invalid '%s': integer %s value. Expected a value %s %d."
              .formatted(
                  path(name),
                  above ? "above maximum" : "below minimum",
                  above ? "<=" : ">=",
                  above ? max : min));
    }
    return value.longValue();
  }

  /** Whether there is nothing behind the point; 5.0 is an integer to clients that have no ints. */
  private static boolean isWhole(JsonNode number) {
    if (number.isIntegralNumber()) {
      return true;
    }
    BigDecimal value = number.decimalValue();
    // An exponent such as 1e999999999 would be expanded; nothing that large is a valid integer.
    return value.precision() - (long) value.scale() < 30 && value.stripTrailingZeros().scale() <= 0;
  }

  @Nullable JsonObject object(String name) {
    JsonNode value = node(name);
    if (value != null && !value.isObject()) {
      throw wrongType(name, "an object", value);
    }
    return value == null ? null : new JsonObject(value, path(name) + ".");
  }

  JsonObject requiredObject(String name) {
    JsonObject value = object(name);
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  String requiredText(String name) {
    String value = text(name);
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  /** The elements of an array of objects, each read by {@code reader}; null when absent. */
  <T> @Nullable List<T> objects(String name, Function<JsonObject, T> reader) {
    JsonNode value = node(name);
    if (value == null) {
      return null;
    }
    if (!value.isArray()) {
      throw wrongType(name, "an array of objects", value);
    }
    List<T> list = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      String element = name + "[" + i + "]";
      if (!value.get(i).isObject()) {
        throw wrongType(element, "an object", value.get(i));
      }
      list.add(reader.apply(new JsonObject(value.get(i), path(element) + ".")));
    }
    return list;
  }

  /** This object's fields as plain values, in order. */
  Map<String, @Nullable Object> plain() {
    return PlainValues.map(node);
  }

  /** Every field that nobody has asked for, as plain values, in order. */
  Map<String, @Nullable Object> rest() {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>();
    node.properties()
        .forEach(
            field -> {
              if (!read.contains(field.getKey())) {
                rest.put(field.getKey(), PlainValues.of(field.getValue()));
              }
            });
    return rest;
  }

  InvalidRequestException missing(String name) {
    return InvalidRequestException.badValue(
        path(name),
        "missing_required_parameter",
        "Missing required parameter: '%s'.".formatted(path(name)));
  }

  InvalidRequestException wrongType(String name, String expected, JsonNode got) {
    return InvalidRequestException.badValue(
        path(name),
        "invalid_type",
        "Invalid type for '%s': expected %s, but got %s instead."
            .formatted(path(name), expected, kind(got)));
  }

  InvalidRequestException unknownValue(String name, String value, String supported) {
    String shown = value.length() > 40 ? value.substring(0, 40) + "..." : value;
    return InvalidRequestException.badValue(
        path(name),
        "invalid_value",
        "Invalid value: '%s'. Supported values are: %s."
            .formatted(shown.replaceAll("\\p{Cntrl}", "?"), supported));
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "a string";
      case BOOLEAN -> "a boolean";
      case NUMBER -> node.isIntegralNumber() ? "an integer" : "a decimal";
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      default -> "null";
    };
  }
}
