package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A reader of constraints on the generated text, in vLLM's object {@code structured_outputs} or in
 * single fields.
 *
 * <p>Source: {@code vllm-project/vllm}: {@code vllm/sampling_params.py}, {@code
 * StructuredOutputsParams}; {@code ggml-org/llama.cpp}: {@code tools/server/README.md}; {@code
 * sgl-project/sglang}: {@code docs/advanced_features/structured_outputs.ipynb}.
 */
final class StructuredOutputs {
  private static final String WHOLE = "structured_outputs";

  /** The keys of {@code structured_outputs}, by the names of single fields. */
  private static final Map<String, String> KEYS =
      Map.of(
          "guided_json", "json",
          "guided_regex", "regex",
          "guided_choice", "choice",
          "guided_grammar", "grammar",
          "json_schema", "json",
          "regex", "regex",
          "grammar", "grammar",
          "ebnf", "grammar");

  private static final Set<String> CONSTRAINTS =
      Set.of("json", "json_object", "regex", "choice", "grammar", "structural_tag");
  private static final Set<String> FLAGS =
      Set.of("disable_any_whitespace", "disable_additional_properties");

  private StructuredOutputs() {}

  /**
   * Returns the constraint in vLLM's format; empty if the value is not a constraint.
   *
   * @param name the name of the request's field
   * @throws InvalidRequestException naming the field with an invalid value
   */
  static Map<String, Object> of(String name, Object value) {
    if (!name.equals(WHOLE)) {
      String key = KEYS.getOrDefault(name, name);
      return value.equals("") ? Map.of() : Map.of(key, constraint(name, key, value));
    }
    if (!(value instanceof Map<?, ?> members)) {
      throw wrongType(name, "an object");
    }
    Map<String, Object> outputs = new LinkedHashMap<>();
    members.forEach((key, member) -> put(outputs, String.valueOf(key), member));
    if (outputs.keySet().stream().filter(CONSTRAINTS::contains).count() != 1) {
      throw InvalidRequestException.badValue(
          name,
          "invalid_value",
          "Invalid 'structured_outputs': expected one of 'json', 'json_object', 'regex', 'choice',"
              + " 'grammar' and 'structural_tag'.");
    }
    return outputs;
  }

  /** Returns a JSON constraint as a {@code response_format}; null for any other constraint. */
  static @Nullable Map<String, Object> responseFormat(Map<?, ?> outputs) {
    if (outputs.size() != 1) {
      return null;
    }
    if (outputs.containsKey("json_object")) {
      return Map.of("type", "json_object");
    }
    return outputs.get("json") instanceof Map<?, ?> schema
        ? Map.of("type", "json_schema", "json_schema", Map.of("name", WHOLE, "schema", schema))
        : null;
  }

  private static void put(Map<String, Object> outputs, String key, @Nullable Object member) {
    String path = WHOLE + "." + InvalidRequestException.shown(key);
    if (member == null) {
      return;
    }
    if (CONSTRAINTS.contains(key)) {
      outputs.put(key, constraint(path, key, member));
    } else if (FLAGS.contains(key) && member instanceof Boolean flag) {
      outputs.put(key, flag);
    } else if (key.equals("whitespace_pattern") && member instanceof String pattern) {
      outputs.put(key, pattern);
    } else {
      throw InvalidRequestException.badValue(
          path, "invalid_value", "Invalid '%s': unknown key or value.".formatted(path));
    }
  }

  private static Object constraint(String path, String key, Object value) {
    return switch (key) {
      case "json" -> schema(path, value);
      case "choice" -> choice(path, value);
      case "json_object" -> {
        if (!Boolean.TRUE.equals(value)) {
          throw wrongType(path, "true");
        }
        yield value;
      }
      default -> {
        if (!(value instanceof String text) || text.isBlank()) {
          throw wrongType(path, "a non-empty string");
        }
        yield text;
      }
    };
  }

  /** Returns a schema, which may be given as JSON text. */
  private static Object schema(String path, Object value) {
    Object schema = value instanceof String text ? JsonCodec.readObject(text).orElse(null) : value;
    if (!(schema instanceof Map<?, ?>)) {
      throw wrongType(path, "a JSON Schema");
    }
    return schema;
  }

  private static Object choice(String path, Object value) {
    if (!(value instanceof List<?> choices)
        || choices.isEmpty()
        || !choices.stream().allMatch(String.class::isInstance)) {
      throw wrongType(path, "a non-empty array of strings");
    }
    return choices;
  }

  private static InvalidRequestException wrongType(String path, String expected) {
    return new InvalidRequestException(
        400, "invalid_type", path, "Invalid type for '%s': expected %s.".formatted(path, expected));
  }
}
