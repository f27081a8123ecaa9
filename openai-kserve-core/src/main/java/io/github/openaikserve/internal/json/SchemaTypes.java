package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A check of the type names in a JSON Schema. No value matches an unknown type name, and no
 * validator reports it.
 */
final class SchemaTypes {
  private static final Set<String> NAMES =
      Set.of("array", "boolean", "integer", "null", "number", "object", "string");

  /** The keywords whose value is a schema or a list of schemas. */
  private static final Set<String> SCHEMAS =
      Set.of(
          "additionalItems",
          "additionalProperties",
          "allOf",
          "anyOf",
          "contains",
          "else",
          "if",
          "items",
          "not",
          "oneOf",
          "prefixItems",
          "propertyNames",
          "then",
          "unevaluatedItems",
          "unevaluatedProperties");

  /** The keywords whose value is an object of schemas. */
  private static final Set<String> NAMED =
      Set.of("$defs", "definitions", "dependentSchemas", "patternProperties", "properties");

  private SchemaTypes() {}

  /** Returns an unknown type name; empty if all names are known. */
  static Optional<String> unknown(JsonNode schema) {
    if (schema.isArray()) {
      return schema.valueStream().flatMap(each -> unknown(each).stream()).findFirst();
    }
    Stream<String> here =
        names(schema.path("type")).filter(JsonNode::isTextual).map(JsonNode::asText);
    return Stream.concat(
            here.filter(name -> !NAMES.contains(name)),
            schema
                .propertyStream()
                .flatMap(member -> below(member.getKey(), member.getValue()))
                .flatMap(each -> unknown(each).stream()))
        .findFirst();
  }

  private static Stream<JsonNode> names(JsonNode type) {
    return type.isArray() ? type.valueStream() : Stream.of(type);
  }

  private static Stream<JsonNode> below(String keyword, JsonNode value) {
    if (SCHEMAS.contains(keyword)) {
      return Stream.of(value);
    }
    return NAMED.contains(keyword) && value.isObject() ? value.valueStream() : Stream.empty();
  }
}
