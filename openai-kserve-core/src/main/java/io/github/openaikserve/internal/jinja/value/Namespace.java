package io.github.openaikserve.internal.jinja.value;

import java.util.LinkedHashMap;
import java.util.Map;

/** A {@code namespace(...)}, the only object that a template can modify. Not thread-safe. */
public final class Namespace implements TemplateObject {
  private final Map<String, Object> attributes = new LinkedHashMap<>();

  @Override
  public Object attribute(String name) {
    Object value = attributes.get(name);
    return value != null ? value : TemplateObject.super.attribute(name);
  }

  Map<String, Object> attributes() {
    return attributes;
  }

  public void set(String name, Object value) {
    attributes.put(name, value);
  }
}
