package io.github.openaikserve.dialect;

import java.util.Arrays;

/** What makes probabilities of the numbers that a model scores with. */
public enum Activation {
  /** The numbers are used as they are. */
  NONE {
    @Override
    double[] apply(double[] numbers) {
      return numbers;
    }
  },
  /** The logistic function of each number: for classes that do not exclude each other. */
  SIGMOID {
    @Override
    double[] apply(double[] numbers) {
      return Arrays.stream(numbers).map(Activation::logistic).toArray();
    }
  },
  /** The softmax of all classes, which exclude each other; of a single number the sigmoid. */
  SOFTMAX {
    @Override
    double[] apply(double[] numbers) {
      if (numbers.length == 1) {
        return SIGMOID.apply(numbers);
      }
      double max = Arrays.stream(numbers).max().orElse(0); // keeps the powers finite
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
