package io.github.openaikserve.internal.jinja.syntax;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A scope of variables during parsing: the template, a loop's body or a macro. Variables of an
 * inner scope end with the scope. Each scope has its own slots in the frame of its macro, so names
 * are resolved to slots before rendering.
 */
final class Scope {
  /** The owner of a frame: a macro or the template. */
  static final class Function {
    final int level;
    final boolean macro;
    private int size;

    Function(int level, boolean macro) {
      this.level = level;
      this.macro = macro;
    }

    int size() {
      return size;
    }
  }

  final @Nullable Scope outer;
  final Function function;
  private final Map<String, Integer> slots = new HashMap<>();
  private volatile int @Nullable [] all;

  Scope() {
    this(null, new Function(0, false));
  }

  private Scope(@Nullable Scope outer, Function function) {
    this.outer = outer;
    this.function = function;
  }

  Scope inner() {
    return new Scope(this, function);
  }

  Scope macro() {
    return new Scope(this, new Function(function.level + 1, true));
  }

  int declare(String name) {
    return slots.computeIfAbsent(name, unused -> function.size++);
  }

  @Nullable Integer slot(String name) {
    return slots.get(name);
  }

  /** Returns the scope with the parameters of this scope's macro. */
  Scope ofMacro() {
    Scope scope = this;
    while (scope.outer != null && scope.outer.function == function) {
      scope = scope.outer;
    }
    return scope;
  }

  /** Returns all slots. Called after parsing; must not be modified. */
  int[] slots() {
    int[] known = all;
    if (known == null) {
      known = slots.values().stream().mapToInt(Integer::intValue).toArray();
      all = known;
    }
    return known;
  }
}
