package io.github.openaikserve.internal.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where names are set, while the template is read: the template, a loop's body, a macro. What an
 * inner scope sets is gone when it ends. Every scope has places of its own in its macro's frame, so
 * that a name is a place by the time the template is rendered.
 */
final class Scope {
  /** What has one frame: a macro, or the template. */
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

  /** The innermost scope of the macro this scope belongs to that takes its parameters. */
  Scope ofMacro() {
    Scope scope = this;
    while (scope.outer != null && scope.outer.function == function) {
      scope = scope.outer;
    }
    return scope;
  }

  /** All of its places; asked for once the template is read, and not changed by anybody. */
  int[] slots() {
    int[] known = all;
    if (known == null) {
      known = slots.values().stream().mapToInt(Integer::intValue).toArray();
      all = known;
    }
    return known;
  }
}
