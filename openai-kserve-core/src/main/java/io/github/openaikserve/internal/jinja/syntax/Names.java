package io.github.openaikserve.internal.jinja.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The names that expressions read, which are resolved after all variables are known. */
final class Names {
  /** Variables that a macro has only if its body, or a macro within it, reads the name. */
  private static final Set<String> OF_MACROS = Set.of("varargs", "kwargs", "caller");

  private record Use(Expr.Name name, Scope scope) {}

  private final List<Use> uses = new ArrayList<>();

  Expr.Name use(String name, Scope scope) {
    if (OF_MACROS.contains(name)) {
      Scope around = scope;
      while (around != null && around.function.macro) {
        Scope macro = around.ofMacro();
        macro.declare(name);
        around = macro.outer;
      }
    }
    var use = new Expr.Name(name);
    uses.add(new Use(use, scope));
    return use;
  }

  /** Returns all names that are read. */
  Set<String> all() {
    return uses.stream().map(use -> use.name().name()).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Resolves the names. A name may refer to a variable that is set later, because a macro is called
   * after its definition.
   */
  void resolve() {
    for (Use use : uses) {
      List<Integer> places = new ArrayList<>();
      for (Scope scope = use.scope(); scope != null; scope = scope.outer) {
        Integer slot = scope.slot(use.name().name());
        if (slot != null) {
          places.add(use.scope().function.level - scope.function.level);
          places.add(slot);
        }
      }
      use.name().resolve(places.stream().mapToInt(Integer::intValue).toArray());
    }
  }
}
