package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Undefined;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A table of built-ins of one kind, filled once. */
public final class Builtins {
  private final Map<String, Builtin> byName = new HashMap<>();
  private final String kind;

  /** Creates an empty table. The kind is for messages, such as "filter". */
  public Builtins(String kind) {
    this.kind = kind;
  }

  /** The implementation of a built-in for text. */
  @FunctionalInterface
  interface OfText {
    Object call(String text, Args args);
  }

  /** Adds a built-in without parameters. */
  Builtins add(String name, Function<Object, Object> body) {
    return add(name, "", (self, args) -> body.apply(self));
  }

  /** Adds a built-in with the parameters that {@link Signature#of} describes. */
  public Builtins add(String name, String takes, Builtin.Body body) {
    byName.put(name, new Builtin(name, Signature.of(takes), body));
    return this;
  }

  /** Adds a built-in that is applied to the text of a value. */
  Builtins text(String name, String takes, OfText body) {
    return add(name, takes, (self, args) -> body.call(PythonRepr.text(self, args.budget()), args));
  }

  /** Adds a built-in without parameters that pays {@code cost} steps for each character. */
  Builtins reading(String name, int cost, Function<String, Object> body) {
    return text(
        name,
        "",
        (text, args) -> {
          args.budget().read((long) cost * text.length());
          return body.apply(text);
        });
  }

  /**
   * Adds a built-in without parameters that changes the case of a text. It pays {@code cost} steps
   * for each character, and more if there are characters outside ASCII.
   */
  Builtins changingCase(String name, int cost, Function<String, Object> body) {
    return text(
        name,
        "",
        (text, args) -> {
          args.budget().changeCase(text, cost);
          return body.apply(text);
        });
  }

  Builtins alias(String name, String of) {
    byName.put(name, known(of));
    return this;
  }

  public @Nullable Builtin get(String name) {
    return byName.get(name);
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  /** Returns a built-in that must exist. */
  Builtin known(String name) {
    Builtin builtin = byName.get(name);
    if (builtin == null) {
      throw new TemplateError(unknown(name));
    }
    return builtin;
  }

  public String unknown(String name) {
    return "there is no " + kind + " '" + name + "'";
  }

  public String kind() {
    return kind;
  }

  /** Returns a method of a value; undefined if there is none. */
  public Object bound(Object of, String name) {
    Builtin method = byName.get(name);
    return method == null ? Undefined.attribute(of, name) : new Builtin.Bound(of, method);
  }
}
