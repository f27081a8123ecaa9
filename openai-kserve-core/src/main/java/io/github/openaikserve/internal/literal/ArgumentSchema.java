package io.github.openaikserve.internal.literal;

import io.github.openaikserve.internal.regex.LinearPattern;
import io.github.openaikserve.internal.regex.Steps;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON Schema of a function's arguments. Not thread-safe. */
final class ArgumentSchema {
  /** The constraints of a schema; null for all types, or for all values. */
  record Allowed(@Nullable Set<Object> types, @Nullable Collection<?> values) {
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

    /** Returns whether a type is the only one apart from {@code null}. */
    boolean isOnly(String type) {
      return types != null
          && types.contains(type)
          && types.stream().allMatch(one -> one.equals(type) || one.equals("null"));
    }
  }

  private static final int MAX_DEPTH = 16;

  /**
   * The maximum number of schemas read for one value: a schema that refers to itself twice would
   * never end.
   */
  private static final int MAX_SCHEMAS = 1_000;

  private static final int MAX_STEPS = 100_000;

  private final Map<?, ?> root;
  private int read;

  ArgumentSchema(Map<?, ?> root) {
    this.root = root;
  }

  /** Returns the schema of a parameter; null if it has none. */
  @Nullable Object parameter(String name) {
    return field(root, name);
  }

  /** Returns the schema of a field of an object; null if it has none. */
  @Nullable Object field(@Nullable Object schema, String name) {
    read = 0;
    return part(schema, name, 0);
  }

  /** Returns the schema of the elements of a list; null if they have none. */
  @Nullable Object elements(@Nullable Object schema) {
    read = 0;
    return part(schema, null, 0);
  }

  /**
   * Returns the schema of a part of a value.
   *
   * @param name the name of a field; null for an element of a list
   */
  private @Nullable Object part(@Nullable Object schema, @Nullable String name, int depth) {
    if (!(schema instanceof Map<?, ?> map) || depth > MAX_DEPTH || ++read > MAX_SCHEMAS) {
      return null;
    }
    List<Object> all = new ArrayList<>();
    add(all, name == null ? map.get("items") : own(map, name));
    add(all, part(resolved(map.get("$ref")), name, depth + 1));
    parts(map.get("allOf"), name, depth).forEach(part -> add(all, part));
    for (String key : List.of("anyOf", "oneOf")) {
      List<Object> choices = parts(map.get(key), name, depth);
      add(all, choices.isEmpty() ? null : Map.of("anyOf", choices));
    }
    return all.isEmpty() ? null : all.size() == 1 ? all.get(0) : Map.of("allOf", all);
  }

  private List<Object> parts(@Nullable Object schemas, @Nullable String name, int depth) {
    List<Object> parts = new ArrayList<>();
    if (schemas instanceof List<?> list) {
      list.forEach(schema -> add(parts, part(schema, name, depth + 1)));
    }
    return parts;
  }

  private static void add(List<Object> schemas, @Nullable Object schema) {
    if (schema instanceof Map<?, ?>) {
      schemas.add(schema);
    }
  }

  /** Returns the schema that an object's own keywords have for a field. */
  private @Nullable Object own(Map<?, ?> map, String name) {
    if (map.get("properties") instanceof Map<?, ?> properties && properties.containsKey(name)) {
      return properties.get(name);
    }
    if (map.get("patternProperties") instanceof Map<?, ?> patterns) {
      for (Map.Entry<?, ?> pattern : patterns.entrySet()) {
        if (++read < MAX_SCHEMAS && matches(String.valueOf(pattern.getKey()), name)) {
          return pattern.getValue();
        }
      }
    }
    return map.get("additionalProperties");
  }

  private static boolean matches(String pattern, String name) {
    try {
      return LinearPattern.compile(pattern).find(name, new Steps(MAX_STEPS));
    } catch (IllegalArgumentException | Steps.ExhaustedException e) {
      return false;
    }
  }

  /** Returns the values that a schema allows. */
  Allowed allowed(@Nullable Object schema) {
    read = 0;
    return allowed(schema, 0);
  }

  private Allowed allowed(@Nullable Object schema, int depth) {
    if (!(schema instanceof Map<?, ?> map) || depth > MAX_DEPTH || ++read > MAX_SCHEMAS) {
      return Allowed.ALL;
    }
    Allowed allowed = ofTypes(map.get("type"), Boolean.TRUE.equals(map.get("nullable")));
    if (map.get("enum") instanceof Collection<?> values) {
      allowed = allowed.and(new Allowed(null, values));
    } else if (map.get("const") != null) {
      allowed = allowed.and(new Allowed(null, List.of(map.get("const"))));
    }
    if (map.get("$ref") != null) {
      allowed = allowed.and(allowed(resolved(map.get("$ref")), depth + 1));
    }
    for (String key : List.of("anyOf", "oneOf")) {
      if (map.get(key) instanceof List<?> choices) {
        allowed = allowed.and(any(choices, depth));
      }
    }
    if (map.get("allOf") instanceof List<?> parts) {
      for (Object part : parts) {
        allowed = allowed.and(allowed(part, depth + 1));
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
  private Allowed any(List<?> choices, int depth) {
    Set<Object> types = new HashSet<>();
    Collection<Object> values = new HashSet<>();
    boolean onlyValues = true;
    boolean allTypes = false;
    for (Object choice : choices) {
      Allowed allowed = allowed(choice, depth + 1);
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

  private @Nullable Object resolved(@Nullable Object reference) {
    if (!(reference instanceof String text) || !text.startsWith("#")) {
      return null;
    }
    Object schema = root;
    for (String step : text.substring(1).split("/")) {
      if (!step.isEmpty()) {
        schema = step(schema, step.replace("~1", "/").replace("~0", "~"));
      }
    }
    return schema;
  }

  private static @Nullable Object step(@Nullable Object schema, String key) {
    if (schema instanceof List<?> list && key.matches("\\d{1,6}")) {
      int index = Integer.parseInt(key);
      return index < list.size() ? list.get(index) : null;
    }
    return schema instanceof Map<?, ?> map ? map.get(key) : null;
  }
}
