package io.github.openaikserve.kserve;

import java.util.Arrays;

/** Checks and descriptions of tensor shapes. */
final class Shapes {
  private static final int SHOWN = 8;

  private Shapes() {}

  /** Returns a shape for a message; shows only the first dimensions of a long shape. */
  static String text(long[] shape) {
    if (shape.length <= SHOWN) {
      return Arrays.toString(shape);
    }
    String first = Arrays.toString(Arrays.copyOf(shape, SHOWN));
    return first.substring(0, first.length() - 1)
        + ", and %d more]".formatted(shape.length - SHOWN);
  }

  /**
   * Returns the number of elements.
   *
   * @throws IllegalArgumentException naming the tensor, if the shape is invalid
   */
  static long elementCount(String name, long[] shape) {
    long count = 1;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "tensor '%s': shape %s has a negative dimension".formatted(name, text(shape)));
      }
      try {
        count = Math.multiplyExact(count, dimension);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "tensor '%s': shape %s has too many elements for a long".formatted(name, text(shape)),
            e);
      }
    }
    return count;
  }
}
