package io.github.openaikserve.internal.jinja;

/** How deep the part of a template that is being read is nested. Not thread-safe. */
final class Nesting {
  private int depth;
  private int deepest;
  private int chained;

  void enter(int line) {
    depth++;
    deepest = Math.max(deepest, depth);
    if (depth > Limits.NESTING) {
      throw new JinjaException(line, "it is nested more than " + Limits.NESTING + " levels deep");
    }
  }

  /** Another operator of the same tag: each goes on the stack when the tag is rendered. */
  void chain(int line) {
    chained++;
    if (chained > Limits.CHAIN) {
      throw new JinjaException(line, "a tag has more than " + Limits.CHAIN + " operators");
    }
  }

  void newTag() {
    chained = 0;
  }

  void leave() {
    depth--;
  }

  /** Forgets how deep it was, and gives what is to be given back to {@link #deepestSince}. */
  int mark() {
    int before = deepest;
    deepest = depth;
    return before;
  }

  /** The levels that were entered since the mark. */
  int deepestSince(int mark) {
    int levels = deepest - depth;
    deepest = Math.max(deepest, mark);
    return levels;
  }
}
