package io.github.openaikserve.internal.jinja.value;

import java.util.AbstractList;
import java.util.RandomAccess;

/** The result of {@code range()}, whose numbers are computed on demand. Immutable. */
public final class Range extends AbstractList<Object> implements RandomAccess {
  private final long start;
  private final long stop;
  private final long step;
  private final int size;

  public Range(long start, long stop, long step) {
    if (step == 0) {
      throw new TemplateError("range() arg 3 must not be zero");
    }
    this.start = start;
    this.stop = stop;
    this.step = step;
    size = size(start, stop, step);
  }

  private static int size(long start, long stop, long step) {
    if (step > 0 ? start >= stop : start <= stop) {
      return 0;
    }
    // Computed with doubles, because the distance may not fit into a long. Inexact results are too
    // large anyway.
    double steps = Math.ceil(((double) stop - (double) start) / step);
    if (steps > Limits.RANGE) {
      throw new TemplateError("Range too big. There may be " + Limits.RANGE + " numbers in it.");
    }
    return (int) steps;
  }

  @Override
  public Object get(int index) {
    return start + index * step;
  }

  @Override
  public int size() {
    return size;
  }

  /** Returns the text that Python prints. */
  @Override
  public String toString() {
    return "range(" + start + ", " + stop + (step == 1 ? "" : ", " + step) + ")";
  }
}
