package io.github.openaikserve.internal.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The names that expressions read, until it is known which variables there are. */
final class Names {
  /** What a macro takes if it or a macro within it reads the name. */
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

  /** The names that are read anywhere. */
  Set<String> all() {
    return uses.stream().map(use -> use.name().name()).collect(Collectors.toUnmodifiableSet());
  }

  /** A variable that is set later may still be meant: a macro is called after it was read. */
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
