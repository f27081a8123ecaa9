package io.github.openaikserve.internal.jinja;

/** A filter, test, method or function of the language itself. Immutable. */
record Builtin(String name, Signature takes, Body body) {
  /** The implementation; {@code self} is the value that it is applied to. */
  @FunctionalInterface
  interface Body {
    Object call(RenderContext run, Object self, Args args);
  }

  /** Returns a placeholder for an unknown name. It fails when it is applied, as in jinja2. */
  static Builtin missing(String kind, String name) {
    return new Builtin(
        name,
        Signature.of("*"),
        (run, self, args) -> {
          throw new TemplateError("there is no " + kind + " '" + name + "'");
        });
  }

  Object call(RenderContext run, Object self, Args args) {
    return body.call(run, self, takes.bind(name, args));
  }
}
