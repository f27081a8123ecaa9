package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.Limits;
import io.github.openaikserve.internal.jinja.value.TemplateError;

/** The nesting depth of the template part that is being parsed. Not thread-safe. */
final class Nesting {
  private int depth;
  private int deepest;
  private int chained;

  void enter(int line) {
    depth++;
    deepest = Math.max(deepest, depth);
    if (depth > Limits.NESTING) {
      throw new TemplateError(line, "it is nested more than " + Limits.NESTING + " levels deep");
    }
  }

  /**
   * Counts another operator of the same tag, because each one uses stack when the tag is rendered.
   */
  void chain(int line) {
    chained++;
    if (chained > Limits.CHAIN) {
      throw new TemplateError(line, "a tag has more than " + Limits.CHAIN + " operators");
    }
  }

  void newTag() {
    chained = 0;
  }

  void leave() {
    depth--;
  }

  /** Resets the recorded depth. Returns a mark for {@link #deepestSince}. */
  int mark() {
    int before = deepest;
    deepest = depth;
    return before;
  }

  /** Returns the number of levels that were entered since the mark. */
  int deepestSince(int mark) {
    int levels = deepest - depth;
    deepest = Math.max(deepest, mark);
    return levels;
  }
}
