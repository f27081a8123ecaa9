package io.github.openaikserve.server.options;

import java.util.Map;
import java.util.Optional;

/** The form of an option's values. Immutable; implementations have a no-argument constructor. */
public interface Type<T> {
  /**
   * Reads a value.
   *
   * @throws ConfigException if the value is invalid; names the place, what was found and what was
   *     expected
   */
  T read(Value value);

  /** Returns the JSON schema of values; unless overridden, that of a text. */
  default Map<String, Object> schema() {
    return Map.of("type", "string");
  }

  /** Returns the section of the options in a value; empty if values have no options. */
  default Optional<Section<?>> section() {
    return Optional.empty();
  }

  /** Returns the placeholder of a value in {@code --help}. */
  default String label() {
    return "VALUE";
  }

  /** Returns the suffix of the key in names of the section's options, such as {@code []}. */
  default String suffix() {
    return "";
  }
}
