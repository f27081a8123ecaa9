package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.internal.json.JsonCodec;
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
  /** The type of a field that is a text or an array of objects, for errors. */
  static final String TEXT_OR_OBJECTS = "one of a string or array of objects";

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

  JsonNode requiredNode(String name) {
    return required(name, node(name));
  }

  <T> List<T> requiredObjects(String name, Function<JsonObject, T> reader) {
    return required(name, objects(name, reader));
  }

  /** Returns the value of a field; throws if it is null. */
  <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  JsonObject requiredObject(String name) {
    return required(name, object(name));
  }

  String requiredText(String name) {
    return required(name, text(name));
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
    return required(name, word(name, words));
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

  /**
   * Returns a field that is a text or an array of objects; null if absent.
   *
   * @param text converts a text
   * @param element reads an element of an array
   * @param elements converts the elements
   */
  <E, T> @Nullable T textOrObjects(
      String name,
      Function<String, ? extends T> text,
      Function<JsonObject, E> element,
      Function<List<E>, ? extends T> elements) {
    JsonNode value = node(name);
    if (value == null) {
      return null;
    }
    if (value.isTextual()) {
      return text.apply(value.textValue());
    }
    if (!value.isArray()) {
      throw wrongType(name, TEXT_OR_OBJECTS, value);
    }
    return elements.apply(requiredObjects(name, element));
  }

  /** Returns the elements of a field; throws if there are none. */
  <T> List<T> notEmpty(String name, List<T> elements) {
    if (elements.isEmpty()) {
      throw JsonErrors.emptyArray(path(name));
    }
    return elements;
  }

  /** Returns the strings of an array; null if absent. */
  @Nullable List<String> texts(String name) {
    JsonNode array = node(name);
    if (array != null && !array.isArray()) {
      throw wrongType(name, "an array of strings", array);
    }
    return array == null ? null : texts(name, array);
  }

  /** Returns the strings of an array, each one of these values; null if absent. */
  @Nullable List<String> words(String name, List<String> words) {
    List<String> values = texts(name);
    for (int i = 0; values != null && i < values.size(); i++) {
      if (!words.contains(values.get(i))) {
        throw unknownValue(name + "[" + i + "]", values.get(i), words);
      }
    }
    return values;
  }

  /** Returns a string as a list, or the strings of an array. */
  List<String> textOrTexts(String name, JsonNode value) {
    if (value.isTextual()) {
      return List.of(value.textValue());
    }
    if (!value.isArray()) {
      throw wrongType(name, "one of a string or array of strings", value);
    }
    return texts(name, value);
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
    return JsonCodec.fields(node);
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
        rest.put(name, JsonCodec.value(value));
      }
    }
    return rest;
  }

  /** Returns the names of the fields that were not read and are not null. */
  List<String> unreadNames() {
    Map<String, @Nullable Object> unread = new LinkedHashMap<>(rest());
    unread.values().removeIf(value -> value == null);
    return List.copyOf(unread.keySet());
  }

  InvalidRequestException missing(String name) {
    return JsonErrors.missing(path(name));
  }

  InvalidRequestException wrongType(String name, String expected, JsonNode got) {
    return JsonErrors.wrongType(path(name), expected, got);
  }

  InvalidRequestException unknownValue(String name, String value, List<String> supported) {
    return FieldChecks.unknownValue(path(name), value, supported);
  }

  private String text(String name, JsonNode value) {
    if (!value.isTextual()) {
      throw wrongType(name, "a string", value);
    }
    return value.textValue();
  }

  /**
   * Returns a value as an object.
   *
   * @param index the index of the value in the field, an array; -1 if it is the field itself
   */
  JsonObject object(String name, int index, JsonNode value) {
    if (!value.isObject()) {
      throw wrongType(index < 0 ? name : name + "[" + index + "]", "an object", value);
    }
    return new JsonObject(value, this, name, index);
  }
}
