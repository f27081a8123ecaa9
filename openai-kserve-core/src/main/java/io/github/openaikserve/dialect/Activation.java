package io.github.openaikserve.dialect;

import java.util.Arrays;

/** A function that converts a model's scores to probabilities. */
public enum Activation {
  /** Uses the numbers unchanged. */
  NONE {
    @Override
    double[] apply(double[] numbers) {
      return numbers;
    }
  },
  /** The logistic function of each number, for classes that are not mutually exclusive. */
  SIGMOID {
    @Override
    double[] apply(double[] numbers) {
      return Arrays.stream(numbers).map(Activation::logistic).toArray();
    }
  },
  /**
   * The softmax of all classes, for mutually exclusive classes; for a single number, the sigmoid.
   */
  SOFTMAX {
    @Override
    double[] apply(double[] numbers) {
      if (numbers.length == 1) {
        return SIGMOID.apply(numbers);
      }
      double max = Arrays.stream(numbers).max().orElse(0); // keeps the exponentials finite
      double[] powers = Arrays.stream(numbers).map(number -> Math.exp(number - max)).toArray();
      double sum = Arrays.stream(powers).sum();
      return Arrays.stream(powers).map(power -> power / sum).toArray();
    }
  };

  private static double logistic(double number) {
    return 1 / (1 + Math.exp(-number));
  }

  /** Returns the probabilities of one input's numbers. */
  abstract double[] apply(double[] numbers);
}
