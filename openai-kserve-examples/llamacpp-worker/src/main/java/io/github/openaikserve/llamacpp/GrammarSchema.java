package io.github.openaikserve.llamacpp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;

/**
 * Adapts schemas so that llama.cpp can convert them to a grammar.
 *
 * <p>llama.cpp does not escape backslashes in values and names. The grammar then ends in the middle
 * of a text and has no effect.
 *
 * <p><b>Source:</b> llama.cpp, common/json-schema-to-grammar.cpp, {@code format_literal}.
 */
final class GrammarSchema {
  private GrammarSchema() {}

  /** Returns the schema; a less strict one where a value or name needs a backslash. */
  static JsonNode supported(JsonNode schema) {
    if (schema instanceof ArrayNode array) {
      ArrayNode items = JsonNodeFactory.instance.arrayNode();
      array.forEach(item -> items.add(supported(item)));
      return items;
    }
    return schema instanceof ObjectNode object ? supported(object) : schema;
  }

  private static ObjectNode supported(ObjectNode schema) {
    ObjectNode changed = JsonNodeFactory.instance.objectNode();
    for (var entry : schema.properties()) {
      boolean value = List.of("const", "enum").contains(entry.getKey());
      if (value && needsBackslash(entry.getValue())) {
        continue;
      }
      boolean names = entry.getKey().equals("properties") && hasBackslash(entry.getValue());
      if (names) {
        return JsonNodeFactory.instance.objectNode().put("type", "object");
      }
      changed.set(entry.getKey(), value ? entry.getValue() : supported(entry.getValue()));
    }
    if (changed.size() < schema.size() && !changed.has("type") && isText(schema)) {
      changed.put("type", "string");
    }
    return changed;
  }

  private static boolean hasBackslash(JsonNode properties) {
    for (var entry : properties.properties()) {
      if (needsBackslash(new TextNode(entry.getKey()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean needsBackslash(JsonNode value) {
    return value.toString().indexOf('\\') >= 0;
  }

  /** Returns whether every value that a schema allows is a text. */
  private static boolean isText(JsonNode schema) {
    for (JsonNode value : schema.path("enum")) {
      if (!value.isTextual()) {
        return false;
      }
    }
    return !schema.has("const") || schema.path("const").isTextual();
  }
}
