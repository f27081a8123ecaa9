package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The names that a template reads, which are resolved after all variables are known, and the names
 * of filters and tests that do not exist. One instance per template. Not thread-safe.
 */
final class Names {
  /** Variables that a macro has only if its body, or a macro within it, reads the name. */
  private static final Set<String> OF_MACROS = Set.of("varargs", "kwargs", "caller");

  private record Use(NameExpr name, Scope scope) {}

  private final List<Use> uses = new ArrayList<>();
  private final List<TemplateError> failures = new ArrayList<>();
  private Scope scope;

  Names(Scope scope) {
    this.scope = scope;
  }

  /** Parses a part of the template whose names are read in another scope. */
  <T> T within(Scope inner, Supplier<T> part) {
    Scope outer = scope;
    scope = inner;
    T parsed = part.get();
    scope = outer;
    return parsed;
  }

  Scope scope() {
    return scope;
  }

  NameExpr use(String name) {
    if (OF_MACROS.contains(name)) {
      Scope around = scope;
      while (around != null && around.function.macro) {
        Scope macro = around.ofMacro();
        macro.declare(name);
        around = macro.outer;
      }
    }
    var use = new NameExpr(name);
    uses.add(new Use(use, scope));
    return use;
  }

  /** Records an unknown name, or another failure of a tag. */
  void fails(TemplateError failure) {
    failures.add(failure);
  }

  /**
   * Returns the number of recorded failures that certainly happen when the template is rendered.
   */
  int failures() {
    return failures.size();
  }

  /** Defers the failures that were recorded since then until they happen. */
  void postpone(int since) {
    failures.subList(since, failures.size()).clear();
  }

  /** Returns all names that are read. */
  Set<String> all() {
    return uses.stream().map(use -> use.name().name()).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Resolves the names. A name may refer to a variable that is set later, because a macro is called
   * after its definition.
   *
   * @throws TemplateError for the first recorded failure
   */
  void resolve() {
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
    for (Use use : uses) {
      List<Integer> places = new ArrayList<>();
      for (Scope from = use.scope(); from != null; from = from.outer) {
        Integer slot = from.slot(use.name().name());
        if (slot != null) {
          places.add(use.scope().function.level - from.function.level);
          places.add(slot);
        }
      }
      use.name().resolve(places.stream().mapToInt(Integer::intValue).toArray());
    }
  }
}
