package io.github.openaikserve.server.options;

import java.util.Map;
import java.util.Optional;

/** How the values of an option are written. Immutable; a class without arguments. */
public interface Type<T> {
  /**
   * Reads a value.
   *
   * @throws ConfigException that names the place, what was found and what was expected
   */
  T read(Value value);

  /** Returns the JSON schema of values. */
  Map<String, Object> schema();

  /** Returns the section whose options values have; empty if they have none. */
  default Optional<Section<?>> section() {
    return Optional.empty();
  }

  /** Returns what stands for a value in {@code --help}. */
  default String label() {
    return "VALUE";
  }

  /** Returns what is appended to the key in the name of an option of the section. */
  default String suffix() {
    return "";
  }
}
