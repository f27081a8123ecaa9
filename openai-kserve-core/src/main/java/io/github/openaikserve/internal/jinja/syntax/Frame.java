package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.builtin.RenderContext;
import org.jspecify.annotations.Nullable;

/** The variables of one call of a macro, or of the template itself. Not thread-safe. */
public final class Frame {
  public final RenderContext run;
  final @Nullable Object[] slots;
  private final @Nullable Frame outer;

  public Frame(RenderContext run, int size, @Nullable Frame outer) {
    this.run = run;
    this.slots = new Object[size];
    this.outer = outer;
  }

  /** Returns the value of a variable this many frames further out; null if it is not set. */
  @Nullable Object get(int hops, int slot) {
    return outer(hops).slots[slot];
  }

  /** Returns the enclosing frame that is {@code hops} levels further out. */
  Frame outer(int hops) {
    Frame frame = this;
    for (int i = 0; i < hops && frame.outer != null; i++) {
      frame = frame.outer;
    }
    return frame;
  }

  void clear(int[] which) {
    for (int slot : which) {
      slots[slot] = null;
    }
  }
}
