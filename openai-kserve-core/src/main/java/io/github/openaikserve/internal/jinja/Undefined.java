package io.github.openaikserve.internal.jinja;

/**
 * The value of an undefined name or attribute. It prints as an empty text and is false; any other
 * use is an error.
 */
record Undefined(String why) {
  static Undefined name(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  static Undefined attribute(Object of, String name) {
    return new Undefined("'" + Types.described(of) + "' has no attribute '" + name + "'");
  }

  static Undefined element(Object of, Object key) {
    return key instanceof String name
        ? attribute(of, name)
        : new Undefined(Types.described(of) + " has no element " + PythonRepr.repr(key));
  }

  /** Returns the placeholder for a mutating method that the sandbox blocks. */
  static Undefined unsafe(Object of, String name) {
    return new Undefined(
        "access to attribute '" + name + "' of '" + Types.name(of) + "' object is unsafe.");
  }

  TemplateError failure() {
    return new TemplateError(why);
  }
}
