package io.github.openaikserve.internal.literal;

import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.literal.ArgumentSchema.Allowed;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The types of functions' parameters, for formats that write values without quotes. Not
 * thread-safe.
 *
 * <p>A value that may be a string is a string, unless its schema allows only other types. Other
 * values are parsed as JSON or Python literals.
 */
public final class ParameterTypes {
  /** The types that a value may have. */
  public enum Kind {
    /** Only a string. */
    STRING,
    /** Anything but a string. */
    JSON,
    /** Any type; the value itself decides, given the schema. */
    EITHER
  }

  private final Map<String, Map<?, ?>> schemas = new HashMap<>();
  private final Map<List<String>, Allowed> known = new HashMap<>();

  public ParameterTypes(List<ChatCompletionTool> tools) {
    for (ChatCompletionTool tool : tools) {
      Object schema = tool.definition().get("parameters");
      schemas.put(tool.name(), schema instanceof Map<?, ?> map ? map : Map.of());
    }
  }

  /** Returns whether a tool has this name. */
  public boolean isKnown(String function) {
    return schemas.containsKey(function);
  }

  /** Returns whether a function may have a parameter; true if its schema lists none. */
  public boolean has(String function, String parameter) {
    Map<?, ?> schema = schemas.getOrDefault(function, Map.of());
    return !(schema.get("properties") instanceof Map<?, ?> properties)
        || properties.isEmpty()
        || properties.containsKey(parameter);
  }

  /** Returns the types that values of a parameter may have. */
  public Kind kind(String function, String parameter) {
    return kind(allowed(function, parameter));
  }

  private static Kind kind(Allowed allowed) {
    Set<Object> types = allowed.types();
    if (types == null || types.isEmpty()) {
      return Kind.EITHER;
    }
    if (!types.contains("string")) {
      return Kind.JSON;
    }
    return types.size() == 1 ? Kind.STRING : Kind.EITHER;
  }

  /** Returns a value as JSON. */
  public String json(String function, String parameter, Kind kind, String written) {
    return json(allowed(function, parameter), kind, written);
  }

  /** Returns a value as JSON, given the values that its schema allows. */
  static String json(Allowed allowed, String written) {
    return json(allowed, kind(allowed), written);
  }

  private static String json(Allowed allowed, Kind kind, String written) {
    String value = written.strip();
    if (kind == Kind.STRING || (kind == Kind.EITHER && isString(allowed, value))) {
      return '"' + JsonText.escaped(written) + '"';
    }
    if (value.isEmpty() && (allowed.isOnly("array") || allowed.isOnly("object"))) {
      return allowed.isOnly("array") ? "[]" : "{}";
    }
    String lower = value.toLowerCase(Locale.ROOT);
    if (lower.equals("true") || lower.equals("false") || lower.equals("null")) {
      return lower;
    }
    if (JsonCodec.readValue(value).isPresent()) {
      return value;
    }
    Optional<String> literal = PythonLiteral.json(value);
    return literal.orElseGet(() -> '"' + JsonText.escaped(written) + '"');
  }

  private static boolean isString(Allowed allowed, String value) {
    boolean none = value.equals("null") || value.equals("None");
    if (allowed.values() != null) {
      boolean other =
          allowed.values().stream()
              .anyMatch(v -> v == null ? none : !(v instanceof String) && isWritten(v, value));
      return allowed.values().contains(value) || !other;
    }
    if (none) {
      return allowed.types() == null || !allowed.takes("null");
    }
    boolean container = value.startsWith("{") || value.startsWith("[");
    return allowed.types() != null || !container || JsonCodec.readValue(value).isEmpty();
  }

  private static boolean isWritten(Object value, String text) {
    return String.valueOf(value).equalsIgnoreCase(text);
  }

  /**
   * Returns a value written as nested tags as JSON.
   *
   * @param open the text before the name of a tag
   */
  public String nested(String function, String parameter, String written, String open) {
    ArgumentSchema schema = schema(function);
    return new NestedTags(written, open, schema).json(schema.parameter(parameter));
  }

  private Allowed allowed(String function, String parameter) {
    return known.computeIfAbsent(
        List.of(function, parameter),
        names -> {
          ArgumentSchema schema = schema(function);
          return schema.allowed(schema.parameter(parameter));
        });
  }

  private ArgumentSchema schema(String function) {
    return new ArgumentSchema(schemas.getOrDefault(function, Map.of()));
  }
}
