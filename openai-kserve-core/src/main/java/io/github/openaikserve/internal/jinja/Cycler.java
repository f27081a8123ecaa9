package io.github.openaikserve.internal.jinja;

/** The result of {@code cycler}: its values in turn. Not thread-safe. */
final class Cycler {
  private static final Builtins METHODS = new Builtins();

  static {
    METHODS.add("next", "", (self, args) -> ((Cycler) self).next());
    METHODS.add("reset", "", (self, args) -> ((Cycler) self).reset());
  }

  private final Args items;
  private int at;

  Cycler(Args items) {
    if (items.size() == 0 || !items.named().isEmpty()) {
      throw new TemplateError("cycler expects one or more values");
    }
    this.items = items;
  }

  Object get(String name) {
    if (name.equals("current")) {
      return items.get(at);
    }
    Builtin method = METHODS.get(name);
    return method == null
        ? Undefined.attribute(this, name)
        : new Attributes.BoundMethod(this, method);
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
