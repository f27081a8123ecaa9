package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The names of types in JSON Schemas. */
final class SchemaTypes {
  private static final Set<String> KNOWN =
      Set.of("array", "boolean", "integer", "null", "number", "object", "string");

  /** The keywords whose value is a schema or a list of schemas. */
  private static final Set<String> KEYWORDS_OF_SCHEMAS =
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
  private static final Set<String> KEYWORDS_OF_NAMED_SCHEMAS =
      Set.of("$defs", "definitions", "dependentSchemas", "patternProperties", "properties");

  private SchemaTypes() {}

  /**
   * Returns an unknown type name in a schema; empty if all names are known. No value matches an
   * unknown type name, and the library does not report it.
   */
  static Optional<String> unknown(JsonNode schema) {
    if (schema.isArray()) {
      return schema.valueStream().flatMap(each -> unknown(each).stream()).findFirst();
    }
    Stream<String> here =
        names(schema.path("type")).filter(JsonNode::isTextual).map(JsonNode::asText);
    return Stream.concat(
            here.filter(name -> !KNOWN.contains(name)),
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
    if (KEYWORDS_OF_SCHEMAS.contains(keyword)) {
      return Stream.of(value);
    }
    return KEYWORDS_OF_NAMED_SCHEMAS.contains(keyword) && value.isObject()
        ? value.valueStream()
        : Stream.empty();
  }
}
