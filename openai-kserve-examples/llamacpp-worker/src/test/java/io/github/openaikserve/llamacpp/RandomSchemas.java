package io.github.openaikserve.llamacpp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Schemas from a seed, most of which are unusual. */
record RandomSchemas(Random random) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> KEYWORDS =
      List.of(
          "type",
          "type",
          "type",
          "properties",
          "properties",
          "required",
          "items",
          "items",
          "prefixItems",
          "additionalProperties",
          "patternProperties",
          "anyOf",
          "oneOf",
          "allOf",
          "not",
          "$ref",
          "enum",
          "const",
          "pattern",
          "format",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "minItems",
          "maxItems",
          "if",
          "title");
  private static final List<String> TYPES =
      List.of("object", "array", "string", "integer", "number", "boolean", "null", "any");
  private static final List<String> ATOMS =
      List.of("a", ".", "\\d", "[^b]", "[\\w-]", "(x|y)", "(?:z)", "\\", "é", "\"", "(", "]", "^");
  private static final List<String> COUNTS = List.of("", "*", "+", "?", "{2}", "{1,3}", "{", "$");

  JsonNode next() {
    return object(3);
  }

  private JsonNode object(int depth) {
    var schema = JSON.createObjectNode();
    for (int i = random.nextInt(5); i >= 0; i--) {
      String keyword = pick(KEYWORDS);
      schema.set(keyword, value(keyword, depth));
    }
    return schema;
  }

  private JsonNode value(String keyword, int depth) {
    return switch (random.nextInt(12) == 0 ? "" : keyword) {
      case "type" -> JSON.valueToTree(random.nextBoolean() ? pick(TYPES) : types());
      case "properties", "patternProperties" ->
          JSON.createObjectNode()
              .<ObjectNode>set("a", schema(depth))
              .set(pick(List.of("b", "\\", "", "root", "a b", "value")), schema(depth));
      case "required" -> JSON.createArrayNode().add(pick(List.of("a", "b", "c")));
      case "items", "additionalProperties", "not", "if" -> schema(depth);
      case "prefixItems", "anyOf", "oneOf", "allOf" ->
          JSON.createArrayNode().add(schema(depth)).add(schema(depth));
      case "$ref" -> JSON.valueToTree(pick(List.of("#", "#/properties/a", "#/items", "#/no")));
      case "enum" -> JSON.createArrayNode().add("a\\b").add(1.5).add("\u0001").addNull();
      case "pattern" -> JSON.valueToTree(pattern());
      case "format" -> JSON.valueToTree(pick(List.of("date", "date-time", "uuid", "email")));
      case "minLength", "maxLength", "minItems", "maxItems" -> JSON.valueToTree(random.nextInt(4));
      case "minimum", "maximum", "exclusiveMinimum" ->
          JSON.valueToTree(random.nextInt(2000) - 1000);
      default -> JSON.valueToTree(pick(List.of("x", "\n", "\"", "")));
    };
  }

  private List<String> types() {
    return IntStream.range(0, 1 + random.nextInt(3)).mapToObj(i -> pick(TYPES)).toList();
  }

  private String pattern() {
    return IntStream.range(0, random.nextInt(5))
        .mapToObj(i -> pick(ATOMS) + pick(COUNTS))
        .collect(Collectors.joining("", random.nextBoolean() ? "^" : "", pick(List.of("", "$"))));
  }

  private JsonNode schema(int depth) {
    return depth == 0 || random.nextInt(8) == 0
        ? JSON.valueToTree(random.nextInt(4) > 0)
        : object(depth - 1);
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
