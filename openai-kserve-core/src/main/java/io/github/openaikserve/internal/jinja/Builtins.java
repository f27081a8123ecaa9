package io.github.openaikserve.internal.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table of built-ins, filled once. */
final class Builtins {
  /** An implementation that needs only the value and the arguments. */
  @FunctionalInterface
  interface Plain {
    Object call(Object self, Args args);
  }

  private final Map<String, Builtin> byName = new HashMap<>();

  Builtins add(String name, String takes, Builtin.Body body) {
    byName.put(name, new Builtin(name, Signature.of(takes), body));
    return this;
  }

  Builtins add(String name, String takes, Plain body) {
    return add(name, takes, (run, self, args) -> body.call(self, args));
  }

  Builtins alias(String name, String of) {
    Builtin known = byName.get(of);
    if (known == null) {
      throw new IllegalArgumentException(of);
    }
    byName.put(name, known);
    return this;
  }

  @Nullable Builtin get(String name) {
    return byName.get(name);
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }
}
