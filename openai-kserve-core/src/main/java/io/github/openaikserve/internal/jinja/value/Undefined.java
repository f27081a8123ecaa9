package io.github.openaikserve.internal.jinja.value;

import java.util.function.Supplier;

/**
 * The value of an undefined name or attribute. It prints as an empty text and is false; any other
 * use is an error. Immutable.
 */
public final class Undefined {
  private final Supplier<String> why;

  public Undefined(String why) {
    this(() -> why);
  }

  /** Creates a value with a message that is rarely needed, since templates test for absence. */
  private Undefined(Supplier<String> why) {
    this.why = why;
  }

  public static Undefined name(String name) {
    return new Undefined(() -> "'" + name + "' is undefined");
  }

  public static Undefined attribute(Object of, String name) {
    return new Undefined(() -> "'" + Types.described(of) + "' has no attribute '" + name + "'");
  }

  public static Undefined element(Object of, Object key) {
    return key instanceof String name
        ? attribute(of, name)
        : new Undefined(() -> Types.described(of) + " has no element " + PythonRepr.repr(key));
  }

  /** Returns the placeholder for a mutating method that the sandbox blocks. */
  public static Undefined unsafe(Object of, String name) {
    return new Undefined(
        () -> "access to attribute '" + name + "' of '" + Types.name(of) + "' object is unsafe.");
  }

  public TemplateError failure() {
    return new TemplateError(why.get());
  }
}
