package io.github.openaikserve.llamacpp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the definitions of one schema and combines schemas that must hold together. */
final class SchemaMerge {
  private static final int MAX_PARTS = 500;

  private final JsonNode root;
  private int left = MAX_PARTS;

  SchemaMerge(JsonNode root) {
    this.root = root;
  }

  /** Returns the schema that a reference means; null if the document does not contain it. */
  @Nullable JsonNode find(String reference) {
    if (reference.equals("#")) {
      return root;
    }
    if (!reference.startsWith("#/")) {
      return null;
    }
    JsonNode found = root;
    for (String name : reference.substring(2).split("/", -1)) {
      String key = name.replace("~1", "/").replace("~0", "~");
      boolean index = found.isArray() && key.matches("[0-9]{1,6}");
      found = index ? found.path(Integer.parseInt(key)) : found.path(key);
    }
    return found.isMissingNode() ? null : found;
  }

  /** Returns a schema without its {@code allOf}, whose parts it then contains. */
  JsonNode withoutAllOf(ObjectNode schema) {
    JsonNode merged = without(schema, "allOf");
    for (JsonNode part : schema.path("allOf")) {
      merged = merged(merged, part, Set.of());
    }
    return merged;
  }

  /** Returns a schema for the values of both schemas; sometimes for more values. */
  JsonNode merged(JsonNode first, JsonNode second) {
    return merged(first, second, Set.of());
  }

  private JsonNode merged(JsonNode first, JsonNode second, Set<String> open) {
    if (first.isBoolean() || second.isBoolean()) {
      boolean nothing = isFalse(first) || isFalse(second);
      return nothing
          ? JsonNodeFactory.instance.booleanNode(false)
          : first.isObject() ? first : second;
    }
    if (!(first instanceof ObjectNode one)
        || !(second instanceof ObjectNode other)
        || !reserve(one, other)) {
      return first;
    }
    JsonNode result = one;
    if (other.path("$ref").isTextual()) {
      result = referenced(one, other.path("$ref").textValue(), open);
      other = without(other, "$ref");
    }
    for (JsonNode part : other.path("allOf")) {
      result = merged(result, part, open);
    }
    return result instanceof ObjectNode object ? joined(object, without(other, "allOf")) : result;
  }

  private JsonNode referenced(ObjectNode schema, String reference, Set<String> open) {
    JsonNode target = open.contains(reference) ? null : find(reference);
    if (target == null) {
      return schema;
    }
    Set<String> inner = new HashSet<>(open);
    inner.add(reference);
    return merged(schema, target, inner);
  }

  private JsonNode joined(ObjectNode one, ObjectNode other) {
    ObjectNode joined = one.objectNode().setAll(one);
    for (var entry : other.properties()) {
      JsonNode before = joined.get(entry.getKey());
      JsonNode value =
          before == null ? entry.getValue() : both(entry.getKey(), before, entry.getValue());
      if (value == null) {
        return JsonNodeFactory.instance.booleanNode(false);
      }
      joined.set(entry.getKey(), value);
    }
    return joined;
  }

  /** Returns the value of a keyword that both schemas have; null if no value can satisfy both. */
  private @Nullable JsonNode both(String keyword, JsonNode one, JsonNode other) {
    return switch (keyword) {
      case "properties" -> properties(one, other);
      case "required" -> union(one, other);
      case "type" -> commonTypes(one, other);
      default -> other;
    };
  }

  private JsonNode properties(JsonNode one, JsonNode other) {
    if (!(one instanceof ObjectNode first) || !other.isObject() || !reserve(one, other)) {
      return one;
    }
    ObjectNode all = first.objectNode().setAll(first);
    for (var entry : other.properties()) {
      JsonNode before = all.get(entry.getKey());
      JsonNode value = entry.getValue();
      all.set(entry.getKey(), before == null ? value : merged(before, value, Set.of()));
    }
    return all;
  }

  private JsonNode union(JsonNode one, JsonNode other) {
    if (!reserve(one, other)) {
      return one;
    }
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    one.forEach(all::add);
    other.forEach(all::add);
    return all;
  }

  private static @Nullable JsonNode commonTypes(JsonNode one, JsonNode other) {
    Set<String> others = types(other);
    ArrayNode common = JsonNodeFactory.instance.arrayNode();
    for (String type : types(one)) {
      if (others.contains(type)) {
        common.add(type);
      } else if ((type.equals("number") && others.contains("integer"))
          || (type.equals("integer") && others.contains("number"))) {
        common.add("integer");
      }
    }
    return common.isEmpty() ? null : common;
  }

  /** Returns the types that a schema names. */
  static Set<String> types(JsonNode type) {
    Set<String> types = new LinkedHashSet<>();
    if (type.isTextual()) {
      types.add(type.textValue());
    }
    for (JsonNode item : type) {
      if (item.isTextual()) {
        types.add(item.textValue());
      }
    }
    return types;
  }

  static ObjectNode without(ObjectNode schema, String keyword) {
    ObjectNode rest = schema.objectNode().setAll(schema);
    rest.remove(keyword);
    return rest;
  }

  private boolean reserve(JsonNode one, JsonNode other) {
    left -= 1 + (one.size() + other.size()) / 16;
    return left >= 0;
  }

  private static boolean isFalse(JsonNode schema) {
    return schema.isBoolean() && !schema.booleanValue();
  }
}
