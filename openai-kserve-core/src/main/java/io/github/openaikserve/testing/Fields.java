package io.github.openaikserve.testing;

import io.github.openaikserve.internal.json.JsonCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a recording that is being read; says where it stands when it is wrong. Every
 * method throws {@link IllegalArgumentException} for a value that is not what was expected.
 *
 * @param where the file and the line
 */
record Fields(String where, Map<?, ?> values) {

  /** Returns the object in a line; null if the line is not JSON. */
  static @Nullable Fields parse(String where, String line) {
    return JsonCodec.readObject(line).map(values -> new Fields(where, values)).orElse(null);
  }

  /** Refuses every other name: a slip in a file made by hand must not pass as silence. */
  Fields only(Set<String> known) {
    for (Object name : values.keySet()) {
      if (!known.contains(String.valueOf(name))) {
        throw wrong("unknown field '" + name + "'");
      }
    }
    return this;
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  @Nullable Object get(String name) {
    return values.get(name);
  }

  /** Returns the text; empty if absent. */
  String text(String name) {
    Object value = values.get(name);
    return value == null ? "" : cast(String.class, value, name, "a string");
  }

  /** Returns the boolean; false if absent. */
  boolean bool(String name) {
    Object value = values.get(name);
    return value != null && cast(Boolean.class, value, name, "a boolean");
  }

  /** Returns the number; 0 if absent. */
  double decimal(String name) {
    Object value = values.get(name);
    return value == null ? 0 : cast(Number.class, value, name, "a number").doubleValue();
  }

  int integer(String name) {
    Object value = values.get(name);
    if (value instanceof Long number && number.intValue() == number) {
      return number.intValue();
    }
    throw wrong("'" + name + "' is not an integer");
  }

  <E extends Enum<E>> E word(String name, Class<E> type) {
    try {
      return Enum.valueOf(type, text(name));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s: '%s' is no %s".formatted(where, name, type.getSimpleName()), e);
    }
  }

  /** Returns the array; empty if absent. */
  List<?> list(String name) {
    Object value = values.get(name);
    return value == null ? List.of() : cast(List.class, value, name, "an array");
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object element : list(name)) {
      texts.add(cast(String.class, element, name, "an array of strings"));
    }
    return texts;
  }

  List<Long> longs(String name) {
    List<Long> longs = new ArrayList<>();
    for (Object element : list(name)) {
      longs.add(cast(Long.class, element, name, "an array of integers"));
    }
    return longs;
  }

  /** Returns the object; one without fields if absent. */
  Fields object(String name) {
    Object value = values.get(name);
    return new Fields(where, value == null ? Map.of() : cast(Map.class, value, name, "an object"));
  }

  List<Fields> objects(String name) {
    List<Fields> objects = new ArrayList<>();
    for (Object element : list(name)) {
      objects.add(new Fields(where, cast(Map.class, element, name, "an array of objects")));
    }
    return objects;
  }

  private <T> T cast(Class<T> type, @Nullable Object value, String name, String kind) {
    if (!type.isInstance(value)) {
      throw wrong("'" + name + "' is not " + kind);
    }
    return type.cast(value);
  }

  IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(where + ": " + what);
  }
}
