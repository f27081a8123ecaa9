package io.github.openaikserve.internal.jinja;

/**
 * What a name or attribute that does not exist evaluates to: empty when printed, false when tested,
 * and an error as soon as anything else is done with it.
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
        : new Undefined(Types.described(of) + " has no element " + Printing.repr(key));
  }

  /** What the sandbox makes of a method that would change its object. */
  static Undefined unsafe(Object of, String name) {
    return new Undefined(
        "access to attribute '" + name + "' of '" + Types.name(of) + "' object is unsafe.");
  }

  Fault failure() {
    return new Fault(why);
  }
}
