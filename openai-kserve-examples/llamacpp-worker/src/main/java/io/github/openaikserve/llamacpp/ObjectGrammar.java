package io.github.openaikserve.llamacpp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates an expression for the objects of a schema. Not thread-safe. */
final class ObjectGrammar {
  private static final int MAX_PROPERTIES = 500;
  private static final String ANY = "object";

  private final GrammarRules rules;
  private final SchemaGrammar values;
  private final ObjectNode schema;
  private final List<String> required = new ArrayList<>();
  private final List<String> optional = new ArrayList<>();

  ObjectGrammar(GrammarRules rules, SchemaGrammar values, ObjectNode schema) {
    this.rules = rules;
    this.values = values;
    this.schema = schema;
  }

  @Nullable String expression(int depth) {
    JsonNode listed = schema.path("properties");
    JsonNode names = schema.path("required");
    JsonNode others = others(listed);
    if (ScalarGrammar.limit(schema, "minProperties", 0)
        > ScalarGrammar.limit(schema, "maxProperties", Integer.MAX_VALUE)) {
      return null;
    }
    boolean all = !listed.isObject() && names.isEmpty() && isTrue(others);
    if (all || listed.size() > MAX_PROPERTIES || names.size() > MAX_PROPERTIES) {
      return ANY;
    }
    Map<String, JsonNode> properties = properties(listed, names, others);
    for (var property : properties.entrySet()) {
      if (!add(property.getKey(), property.getValue(), contains(names, property.getKey()), depth)) {
        return null;
      }
    }
    return rules.reserve(properties.size())
        ? object(additional(properties.keySet(), others, depth))
        : ANY;
  }

  /** Returns the schema of properties without a schema; missing if they are better left out. */
  private JsonNode others(JsonNode listed) {
    JsonNode others = schema.path("additionalProperties");
    boolean any = !listed.isObject() && others.isMissingNode();
    return any || schema.has("patternProperties") ? BooleanNode.TRUE : others;
  }

  private static Map<String, JsonNode> properties(
      JsonNode listed, JsonNode required, JsonNode others) {
    Map<String, JsonNode> properties = new LinkedHashMap<>();
    listed.properties().forEach(entry -> properties.put(entry.getKey(), entry.getValue()));
    for (JsonNode name : required) {
      if (name.isTextual()) {
        properties.putIfAbsent(
            name.textValue(), others.isMissingNode() ? BooleanNode.TRUE : others);
      }
    }
    return properties;
  }

  /** Adds a property; returns false if the object needs it and no value is possible. */
  private boolean add(String name, JsonNode schema, boolean needed, int depth) {
    String value = values.value(schema, depth + 1);
    String key = GrammarText.literal(new TextNode(name).toString());
    if (value == null) {
      return !needed;
    }
    if (!rules.reserve(key.length())) {
      return true;
    }
    (needed ? required : optional).add(rules.add(key + " space \":\" space " + value));
    return true;
  }

  /** Returns a rule for a property that the schema does not name; null if it allows none. */
  private @Nullable String additional(Set<String> names, JsonNode others, int depth) {
    if (!others.isObject() && !isTrue(others)) {
      return null;
    }
    String key = names.isEmpty() ? "string" : new OtherNames(names).expression();
    String value = values.value(others, depth + 1);
    long size = names.stream().mapToLong(String::length).sum();
    return key == null || value == null || !rules.reserve(size)
        ? null
        : rules.add(key + " \":\" space " + value);
  }

  private String object(@Nullable String additional) {
    String rest = additional == null ? "" : rules.add("( \",\" space " + additional + " )*");
    String first = additional == null ? "" : rules.add(additional + " " + rest);
    for (int i = optional.size() - 1; i >= 0; i--) {
      String property = optional.get(i);
      String alone = property + " " + rest;
      first = rules.add(first.isEmpty() ? alone : alone + " | " + first);
      rest = rules.add("( \",\" space " + property + " )? " + rest);
    }
    String content =
        required.isEmpty()
            ? first.isEmpty() ? "" : first + "?"
            : String.join(" \",\" space ", required) + " " + rest;
    return rules.add("\"{\" space " + content + " \"}\" space");
  }

  private static boolean contains(JsonNode names, String name) {
    for (JsonNode item : names) {
      if (item.isTextual() && item.textValue().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isTrue(JsonNode schema) {
    return schema.isBoolean() && schema.booleanValue();
  }
}
