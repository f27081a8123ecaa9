package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.TemplateError;

/** A filter, test, method or function of the language itself. Immutable. */
public record Builtin(String name, Signature takes, Body body) {
  /** The implementation; {@code self} is the value that it is applied to. */
  @FunctionalInterface
  interface Body {
    Object call(RenderContext run, Object self, Args args);
  }

  /** Returns a placeholder for an unknown name. It fails when it is applied, as in jinja2. */
  public static Builtin missing(String kind, String name) {
    return new Builtin(
        name,
        Signature.of("*"),
        (run, self, args) -> {
          throw new TemplateError("there is no " + kind + " '" + name + "'");
        });
  }

  public Object call(RenderContext run, Object self, Args args) {
    return body.call(run, self, takes.bind(name, args));
  }
}
