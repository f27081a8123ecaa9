package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.TemplateObject;

/** The result of {@code cycler}: its values in turn. Not thread-safe. */
final class Cycler implements TemplateObject {
  private static final Builtins METHODS =
      new Builtins("method")
          .add("next", self -> ((Cycler) self).next())
          .add("reset", self -> ((Cycler) self).reset());

  private final Args items;
  private int at;

  Cycler(Args items) {
    if (items.size() == 0 || !items.named().isEmpty()) {
      throw new TemplateError("cycler expects one or more values");
    }
    this.items = items;
  }

  @Override
  public Object attribute(String name) {
    return name.equals("current") ? items.get(at) : METHODS.bound(this, name);
  }

  private Object next() {
    Object item = items.get(at);
    at = (at + 1) % items.size();
    return item;
  }

  private Object reset() {
    at = 0;
    return None.NONE;
  }
}
