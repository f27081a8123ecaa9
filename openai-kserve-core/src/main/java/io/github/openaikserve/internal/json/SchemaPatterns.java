package io.github.openaikserve.internal.json;

import io.github.openaikserve.internal.regex.LinearPattern;
import io.github.openaikserve.internal.regex.Steps;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The regular expressions of one schema. They share the step budget of a check. Thread-safe; each
 * check runs on one thread.
 */
final class SchemaPatterns {
  /** The exception for a pattern that is malformed or not supported. */
  static final class UnsupportedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsupportedException(String why, IllegalArgumentException cause) {
      super(why, cause);
    }
  }

  /**
   * The maximum number of parts of all patterns of a schema; enough for a few thousand typical
   * patterns.
   */
  private static final long MAX_PARTS = 200_000;

  private static final ThreadLocal<Steps> STEPS = new ThreadLocal<>();

  private final Steps size = new Steps(MAX_PARTS);

  /** Runs a check whose patterns use the given budget, and returns its result. */
  static <T> T within(Steps budget, Supplier<T> check) {
    STEPS.set(budget);
    try {
      return check.get();
    } finally {
      STEPS.remove();
    }
  }

  /**
   * Returns a predicate that tests whether any part of a text matches.
   *
   * @throws UnsupportedException if the pattern is malformed or not supported
   */
  Predicate<String> compile(String regex) {
    LinearPattern pattern;
    try {
      pattern = LinearPattern.compile(regex, size);
    } catch (IllegalArgumentException e) {
      throw new UnsupportedException(String.valueOf(e.getMessage()), e);
    }
    return text -> pattern.find(text, STEPS.get());
  }
}
