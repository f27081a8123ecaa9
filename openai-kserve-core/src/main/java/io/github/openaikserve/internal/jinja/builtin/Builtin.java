package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Types;

/** A filter, test, method or function of the language itself. Immutable. */
public record Builtin(String name, Signature takes, Body body) {
  /** The implementation; {@code self} is the value that it is applied to. */
  @FunctionalInterface
  public interface Body {
    Object call(Object self, Args args);
  }

  /** Returns a placeholder for an unknown name. It fails when it is applied, as in jinja2. */
  public static Builtin missing(String name, String problem) {
    return new Builtin(
        name,
        Signature.of("*"),
        (self, args) -> {
          throw new TemplateError(problem);
        });
  }

  public Object call(Object self, Args args) {
    return body.call(self, takes.bind(name, args));
  }

  /** A built-in as a value: a method of {@code self}, or a global function. */
  record Bound(Object self, Builtin builtin) implements JinjaCallable {
    @Override
    public Object call(Args args) {
      return builtin.call(self, args);
    }

    @Override
    public String typeName() {
      return self == None.NONE ? "function" : "builtin_function_or_method";
    }

    @Override
    public String shown() {
      return self == None.NONE
          ? "<function " + builtin.name() + ">"
          : "<built-in method " + builtin.name() + " of " + Types.name(self) + " object>";
    }
  }
}
