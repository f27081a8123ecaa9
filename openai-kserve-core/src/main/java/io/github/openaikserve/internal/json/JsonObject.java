package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A reader of a JSON object, field by field. It tracks its path in the request and the fields that
 * were read. An explicit null counts as absent. Not thread-safe.
 */
final class JsonObject {
  private final JsonNode node;
  private final @Nullable JsonObject parent;
  private final String step;
  private final int index;
  private final Set<String> read = new HashSet<>();

  private JsonObject(JsonNode node, @Nullable JsonObject parent, String step, int index) {
    this.node = node;
    this.parent = parent;
    this.step = step;
    this.index = index;
  }

  static JsonObject root(JsonNode node) {
    return new JsonObject(node, null, "", -1);
  }

  /** Returns the path of a field in the request, such as {@code messages[0].role}. */
  String path(String name) {
    // Computed only for errors, so valid requests have no cost.
    if (parent == null) {
      return name;
    }
    return parent.path(step) + (index < 0 ? "" : "[" + index + "]") + "." + name;
  }

  @Nullable JsonNode node(String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      return null;
    }
    read.add(name);
    return value.isNull() ? null : value;
  }

  /** Returns whether the field is present and null. */
  boolean isNull(String name) {
    JsonNode value = node.get(name);
    return value != null && value.isNull();
  }

  @Nullable String text(String name) {
    JsonNode value = node(name);
    return value == null ? null : text(name, value);
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
    JsonNode value = node(name);
    return value == null ? null : JsonIntegers.intOf(this, name, value);
  }

  @Nullable Long longInteger(String name) {
    JsonNode value = node(name);
    return value == null ? null : JsonIntegers.longOf(this, name, value);
  }

  @Nullable JsonObject object(String name) {
    JsonNode value = node(name);
    return value == null ? null : object(name, -1, value);
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

  /** Returns a string that must be one of these values; null if absent. */
  @Nullable String word(String name, List<String> words) {
    String value = text(name);
    if (value != null && !words.contains(value)) {
      throw unknownValue(name, value, words);
    }
    return value;
  }

  String requiredWord(String name, List<String> words) {
    String value = word(name, words);
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  /** Returns the elements of an array of objects, each read by {@code reader}; null if absent. */
  <T> @Nullable List<T> objects(String name, Function<JsonObject, T> reader) {
    JsonNode array = node(name);
    if (array == null) {
      return null;
    }
    if (!array.isArray()) {
      throw wrongType(name, "an array of objects", array);
    }
    List<T> list = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      list.add(reader.apply(object(name, i, array.get(i))));
    }
    return list;
  }

  /** Returns an element of an array as an object. */
  JsonObject element(String name, int index, JsonNode value) {
    return object(name, index, value);
  }

  /** Returns the elements of {@code array}, each a string. */
  List<String> texts(String name, JsonNode array) {
    List<String> texts = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      JsonNode element = array.get(i);
      texts.add(element.isTextual() ? element.textValue() : text(name + "[" + i + "]", element));
    }
    return texts;
  }

  /** Returns the names of the fields, in order. */
  Iterable<String> names() {
    return node::fieldNames;
  }

  /** Returns this object's fields as plain values, in order. */
  Map<String, @Nullable Object> plain() {
    return JsonValues.map(node);
  }

  /** Returns the fields that were not read, as plain values, in order. */
  Map<String, @Nullable Object> rest() {
    return rest(Map.of());
  }

  /** Returns the fields that were not read, after checking the types of the given ones. */
  Map<String, @Nullable Object> rest(Map<String, JsonNodeType> types) {
    if (read.size() == node.size()) {
      return Map.of();
    }
    Map<String, @Nullable Object> rest = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = field.getKey();
      if (!read.contains(name)) {
        JsonNode value = field.getValue();
        JsonNodeType type = types.get(name);
        if (type != null && type != value.getNodeType() && !value.isNull()) {
          throw wrongType(name, JsonErrors.kind(type), value);
        }
        rest.put(name, JsonValues.of(value));
      }
    }
    return rest;
  }

  InvalidRequestException missing(String name) {
    return JsonErrors.missing(path(name));
  }

  InvalidRequestException wrongType(String name, String expected, JsonNode got) {
    return JsonErrors.wrongType(path(name), expected, got);
  }

  InvalidRequestException unknownValue(String name, String value, List<String> supported) {
    return JsonErrors.unknownValue(path(name), value, supported);
  }

  private String text(String name, JsonNode value) {
    if (!value.isTextual()) {
      throw wrongType(name, "a string", value);
    }
    return value.textValue();
  }

  private JsonObject object(String name, int index, JsonNode value) {
    if (!value.isObject()) {
      throw wrongType(index < 0 ? name : name + "[" + index + "]", "an object", value);
    }
    return new JsonObject(value, this, name, index);
  }
}
