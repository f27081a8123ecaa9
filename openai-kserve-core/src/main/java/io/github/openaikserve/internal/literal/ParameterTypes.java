package io.github.openaikserve.internal.literal;

import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /** The constraints of a schema; null for all types, or for all values. */
  private record Allowed(@Nullable Set<Object> types, @Nullable Collection<?> values) {
    static final Allowed ALL = new Allowed(null, null);

    Allowed and(Allowed other) {
      return new Allowed(common(types, other.types), values == null ? other.values : values);
    }

    private static @Nullable Set<Object> common(
        @Nullable Set<Object> some, @Nullable Set<Object> others) {
      if (some == null || others == null) {
        return some == null ? others : some;
      }
      Set<Object> common = new HashSet<>(some);
      common.retainAll(others);
      return common;
    }

    boolean takes(String type) {
      return types == null || types.contains(type);
    }
  }

  private static final int MAX_DEPTH = 16;

  /**
   * The maximum number of schemas read for one parameter: a schema that refers to itself twice
   * would never end.
   */
  private static final int MAX_SCHEMAS = 1_000;

  private final Map<String, Map<?, ?>> schemas = new HashMap<>();
  private final Map<List<String>, Allowed> known = new HashMap<>();
  private int read;

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
    Allowed allowed = allowed(function, parameter);
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
    Allowed allowed = kind == Kind.EITHER ? allowed(function, parameter) : Allowed.ALL;
    String value = written.strip();
    if (kind == Kind.EITHER && isString(allowed, value)) {
      return '"' + JsonText.escaped(written) + '"';
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
    if (allowed.values() != null) {
      boolean other =
          allowed.values().stream()
              .anyMatch(v -> !(v instanceof String) && String.valueOf(v).equalsIgnoreCase(value));
      return allowed.values().contains(value) || !other;
    }
    if (value.equals("null") || value.equals("None")) {
      return allowed.types() == null || !allowed.takes("null");
    }
    boolean container = value.startsWith("{") || value.startsWith("[");
    return allowed.types() != null || !container || JsonCodec.readValue(value).isEmpty();
  }

  private Allowed allowed(String function, String parameter) {
    return known.computeIfAbsent(
        List.of(function, parameter),
        names -> {
          read = 0;
          return find(function, parameter);
        });
  }

  private Allowed find(String function, String parameter) {
    Map<?, ?> root = schemas.getOrDefault(function, Map.of());
    return root.get("properties") instanceof Map<?, ?> properties
        ? allowed(root, properties.get(parameter), 0)
        : Allowed.ALL;
  }

  private Allowed allowed(Map<?, ?> root, @Nullable Object schema, int depth) {
    if (!(schema instanceof Map<?, ?> map) || depth > MAX_DEPTH || ++read > MAX_SCHEMAS) {
      return Allowed.ALL;
    }
    Allowed allowed = ofTypes(map.get("type"), Boolean.TRUE.equals(map.get("nullable")));
    if (map.get("enum") instanceof Collection<?> values) {
      allowed = allowed.and(new Allowed(null, values));
    } else if (map.get("const") != null) {
      allowed = allowed.and(new Allowed(null, List.of(map.get("const"))));
    }
    if (map.get("$ref") instanceof String reference) {
      allowed = allowed.and(allowed(root, resolved(root, reference), depth + 1));
    }
    for (String key : List.of("anyOf", "oneOf")) {
      if (map.get(key) instanceof List<?> choices) {
        allowed = allowed.and(any(root, choices, depth));
      }
    }
    if (map.get("allOf") instanceof List<?> parts) {
      for (Object part : parts) {
        allowed = allowed.and(allowed(root, part, depth + 1));
      }
    }
    return allowed;
  }

  private static Allowed ofTypes(@Nullable Object type, boolean nullable) {
    if (type == null) {
      return Allowed.ALL;
    }
    Set<Object> types = new HashSet<>(type instanceof Collection<?> list ? list : List.of(type));
    if (nullable) {
      types.add("null");
    }
    return new Allowed(types, null);
  }

  /** Returns what one of several schemas allows. */
  private Allowed any(Map<?, ?> root, List<?> choices, int depth) {
    Set<Object> types = new HashSet<>();
    Collection<Object> values = new HashSet<>();
    boolean onlyValues = true;
    boolean allTypes = false;
    for (Object choice : choices) {
      Allowed allowed = allowed(root, choice, depth + 1);
      onlyValues &= allowed.values() != null;
      allTypes |= allowed.types() == null && allowed.values() == null;
      if (allowed.types() != null) {
        types.addAll(allowed.types());
      }
      if (allowed.values() != null) {
        values.addAll(allowed.values());
        allowed.values().forEach(value -> types.add(typeOf(value)));
      }
    }
    return new Allowed(allTypes ? null : types, onlyValues ? values : null);
  }

  private static String typeOf(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    return value instanceof String ? "string" : value instanceof Boolean ? "boolean" : "number";
  }

  private static @Nullable Object resolved(Map<?, ?> root, String reference) {
    Object schema = root;
    if (!reference.startsWith("#")) {
      return null;
    }
    for (String step : reference.substring(1).split("/")) {
      if (!step.isEmpty()) {
        String key = step.replace("~1", "/").replace("~0", "~");
        schema = schema instanceof Map<?, ?> map ? map.get(key) : null;
      }
    }
    return schema;
  }
}
