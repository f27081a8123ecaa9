package io.github.openaikserve.llamacpp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Creates a grammar for a JSON schema. Not thread-safe.
 *
 * <p>llama.cpp's conversion ends the process for some schemas, and does not end for others. This
 * conversion accepts every schema: keywords that a grammar cannot express allow more values, and so
 * do schemas that are too large or too deep. Optional properties are listed after required ones, as
 * in llama.cpp's grammars.
 */
final class SchemaGrammar {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_ALTERNATIVES = 100;
  private static final int MAX_VALUES = 500;
  private static final int MAX_REFERENCES = 500;

  /** The elements that one schema has at least, roughly. */
  private static final int SCHEMA_SIZE = 8;

  private static final String ANY = "value";
  private static final Set<String> TYPES =
      Set.of("object", "array", "string", "integer", "number", "boolean", "null");
  private static final Set<String> OBJECT =
      Set.of("properties", "required", "additionalProperties", "patternProperties");
  private static final Set<String> ARRAY = Set.of("items", "prefixItems", "minItems", "maxItems");
  private static final Set<String> STRING = Set.of("pattern", "format", "minLength", "maxLength");
  private static final Set<String> NUMBER =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");

  private final GrammarRules rules;
  private final JsonNode root;
  private final SchemaMerge schemas;
  private final Map<String, String> references = new HashMap<>();

  SchemaGrammar(GrammarRules rules, JsonNode root) {
    this.rules = rules;
    this.root = root;
    this.schemas = new SchemaMerge(root);
  }

  /** Returns an expression for the values of the schema; null if no value can match. */
  @Nullable String expression() {
    String expression = value(root, 0);
    return ANY.equals(expression) ? "object" : expression;
  }

  /** Returns an expression for a value that other characters precede. */
  @Nullable String value(JsonNode schema, int depth) {
    return value(schema, depth, Set.of());
  }

  /**
   * Returns an expression for a value.
   *
   * @param open the references since the last character, which would be left-recursive
   */
  private @Nullable String value(JsonNode schema, int depth, Set<String> open) {
    if (schema.isBoolean()) {
      return schema.booleanValue() ? ANY : null;
    }
    if (!(schema instanceof ObjectNode object)
        || depth > MAX_DEPTH
        || !rules.reserve(size(object))) {
      return ANY;
    }
    if (object.path("$ref").isTextual()) {
      return reference(object.path("$ref").textValue(), depth, open);
    }
    if (object.path("allOf").isArray()) {
      return value(schemas.withoutAllOf(object), depth + 1, open);
    }
    for (String keyword : List.of("anyOf", "oneOf")) {
      if (object.get(keyword) instanceof ArrayNode alternatives) {
        return alternatives(alternatives, SchemaMerge.without(object, keyword), depth, open);
      }
    }
    if (object.has("const")) {
      return values(List.of(object.path("const")), object);
    }
    return object.get("enum") instanceof ArrayNode values
        ? values(values, object)
        : ofTypes(object, depth);
  }

  /** Returns the elements to count for a schema, which grow with the work of its conversion. */
  private static long size(ObjectNode schema) {
    long size = SCHEMA_SIZE + schema.size() / 16L;
    for (JsonNode part : schema) {
      size += part.size() / 64;
    }
    return size;
  }

  private @Nullable String reference(String reference, int depth, Set<String> open) {
    JsonNode target = open.contains(reference) ? null : schemas.find(reference);
    if (target == null) {
      return ANY;
    }
    String known = open.isEmpty() ? references.get(reference) : null;
    if (known != null) {
      return known.isEmpty() ? null : known;
    }
    if (references.size() >= MAX_REFERENCES) {
      return ANY;
    }
    String name = rules.name();
    references.put(reference, name);
    Set<String> inner = new HashSet<>(open);
    inner.add(reference);
    String expression = value(target, depth + 1, inner);
    // The schema may refer to itself: the rule must exist even if no value matches.
    rules.define(name, expression == null ? ANY : expression);
    if (expression == null || expression.equals(ANY)) {
      references.put(reference, expression == null ? "" : ANY);
      return expression;
    }
    return name;
  }

  private @Nullable String alternatives(
      ArrayNode alternatives, ObjectNode common, int depth, Set<String> open) {
    boolean alone = types(common).isEmpty() && !isCombined(common);
    if (alternatives.size() > MAX_ALTERNATIVES) {
      return alone ? ANY : value(common, depth + 1, open);
    }
    List<String> parts = new ArrayList<>();
    for (JsonNode alternative : alternatives) {
      JsonNode schema = alone ? alternative : schemas.merged(common, alternative);
      String part = value(schema, depth + 1, open);
      if (part != null && !parts.contains(part)) {
        parts.add(part);
      }
    }
    return union(parts);
  }

  private @Nullable String values(Iterable<JsonNode> values, ObjectNode schema) {
    Set<String> types = SchemaMerge.types(schema.path("type"));
    boolean typed = TYPES.containsAll(types) && !types.isEmpty();
    Set<String> found = new HashSet<>();
    List<String> parts = new ArrayList<>();
    long size = 0;
    for (JsonNode value : values) {
      String type = type(value);
      if (!typed || types.contains(type) || (types.contains("number") && type.equals("integer"))) {
        found.add(type);
        size += parts.size() < MAX_VALUES ? value.toString().length() : 0;
        parts.add(parts.size() < MAX_VALUES ? GrammarText.literal(value.toString()) : "");
      }
    }
    if (parts.size() > MAX_VALUES || !rules.reserve(size)) {
      return union(List.copyOf(found));
    }
    return parts.isEmpty() ? null : rules.add("( " + String.join(" | ", parts) + " ) space");
  }

  private static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case NUMBER -> isInteger(value) ? "integer" : "number";
      default -> "null";
    };
  }

  private static boolean isInteger(JsonNode number) {
    return number.isIntegralNumber() || Math.rint(number.doubleValue()) == number.doubleValue();
  }

  private @Nullable String ofTypes(ObjectNode schema, int depth) {
    Set<String> types = types(schema);
    if (types.isEmpty() || !TYPES.containsAll(types)) {
      return ANY;
    }
    List<String> parts = new ArrayList<>();
    for (String type : types) {
      String part =
          switch (type) {
            case "object" -> new ObjectGrammar(rules, this, schema).expression(depth);
            case "array" -> new ArrayGrammar(rules, this, schema).expression(depth);
            case "string" -> ScalarGrammar.string(rules, schema);
            case "integer", "number" -> ScalarGrammar.number(rules, schema, type);
            default -> type;
          };
      if (part != null) {
        parts.add(part);
      }
    }
    return union(parts);
  }

  private @Nullable String union(List<String> parts) {
    return parts.isEmpty()
        ? null
        : parts.size() == 1 ? parts.get(0) : rules.add(String.join(" | ", parts));
  }

  /** Returns the types of a schema; without any, the type that its keywords are meant for. */
  private static Set<String> types(ObjectNode schema) {
    Set<String> types = SchemaMerge.types(schema.path("type"));
    if (!types.isEmpty()) {
      return types;
    }
    return hasAny(schema, OBJECT)
        ? Set.of("object")
        : hasAny(schema, ARRAY)
            ? Set.of("array")
            : hasAny(schema, STRING)
                ? Set.of("string")
                : hasAny(schema, NUMBER) ? Set.of("number") : Set.of();
  }

  private static boolean hasAny(ObjectNode schema, Set<String> keywords) {
    return keywords.stream().anyMatch(schema::has);
  }

  /** Returns whether a schema has its constraints in other schemas or values. */
  private static boolean isCombined(JsonNode schema) {
    return List.of("$ref", "allOf", "anyOf", "oneOf", "const", "enum").stream()
        .anyMatch(schema::has);
  }
}
