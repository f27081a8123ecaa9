package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.TemplateObject;

/** A value that can be called. */
public interface JinjaCallable extends TemplateObject {
  Object call(Args args);
}
