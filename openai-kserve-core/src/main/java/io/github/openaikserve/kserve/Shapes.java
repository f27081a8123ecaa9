package io.github.openaikserve.kserve;

import java.util.Arrays;

/** What shapes say. */
final class Shapes {
  private Shapes() {}

  /**
   * The number of elements.
   *
   * @throws IllegalArgumentException naming the tensor, if the shape is none
   */
  static long elementCount(String name, long[] shape) {
    long count = 1;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "tensor '%s': shape %s has a negative dimension"
                .formatted(name, Arrays.toString(shape)));
      }
      try {
        count = Math.multiplyExact(count, dimension);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "tensor '%s': shape %s overflows".formatted(name, Arrays.toString(shape)), e);
      }
    }
    return count;
  }
}
