package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Undefined;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table of built-ins, filled once. */
public final class Builtins {
  /** An implementation that needs only the value and the arguments. */
  @FunctionalInterface
  public interface Plain {
    Object call(Object self, Args args);
  }

  private final Map<String, Builtin> byName = new HashMap<>();

  public Builtins add(String name, String takes, Builtin.Body body) {
    byName.put(name, new Builtin(name, Signature.of(takes), body));
    return this;
  }

  public Builtins add(String name, String takes, Plain body) {
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

  public @Nullable Builtin get(String name) {
    return byName.get(name);
  }

  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /** Returns a method of a value; undefined if there is none. */
  public Object bound(Object of, String name) {
    Builtin method = byName.get(name);
    return method == null ? Undefined.attribute(of, name) : new Attributes.BoundMethod(of, method);
  }
}
