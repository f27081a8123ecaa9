package io.github.openaikserve.internal.jinja;

/** A filter, test, method or function of the language itself. Immutable. */
record Builtin(String name, Signature takes, Body body) {
  /** What it does; {@code self} is what it was applied to. */
  @FunctionalInterface
  interface Body {
    Object call(Rendering run, Object self, Args args);
  }

  Object call(Rendering run, Object self, Args args) {
    return body.call(run, self, takes.bind(name, args));
  }
}
