package io.github.openaikserve.internal.jinja;

import java.util.HashMap;
import java.util.Map;

/** A {@code namespace(...)}, the only object that a template can modify. Not thread-safe. */
final class Namespace {
  private final Map<String, Object> attributes = new HashMap<>();

  Object get(String name) {
    Object value = attributes.get(name);
    return value != null ? value : Undefined.attribute(this, name);
  }

  void set(String name, Object value) {
    attributes.put(name, value);
  }
}
