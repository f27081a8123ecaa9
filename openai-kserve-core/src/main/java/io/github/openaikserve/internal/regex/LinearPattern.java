package io.github.openaikserve.internal.regex;

/**
 * A regular expression of ECMA-262 that is matched without backtracking. The number of steps is at
 * most the size of the pattern times the length of the text, and each level of lookahead multiplies
 * it by the same factor. Immutable.
 */
public final class LinearPattern {
  /** The maximum length of a pattern in characters. */
  private static final int MAX_LENGTH = 2000;

  private static final int MAX_PARTS = 20_000;

  private final Program program;

  private LinearPattern(Program program) {
    this.program = program;
  }

  /**
   * Compiles a pattern.
   *
   * @throws IllegalArgumentException if the pattern is malformed, too complex, or contains
   *     back-references or a lookbehind
   */
  public static LinearPattern compile(String pattern) {
    return compile(pattern, new Steps(MAX_PARTS));
  }

  /**
   * Compiles one of several patterns that share a limit on their total size.
   *
   * @param size the remaining number of parts
   * @throws IllegalArgumentException in the same cases as {@link #compile(String)}
   */
  public static LinearPattern compile(String pattern, Steps size) {
    if (pattern.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("the pattern is too long");
    }
    try {
      return new LinearPattern(new Program(new PatternParser(pattern).parse(), size));
    } catch (Steps.ExhaustedException e) {
      throw new IllegalArgumentException("the pattern is too complex", e);
    }
  }

  /**
   * Returns whether any part of the text matches.
   *
   * @throws Steps.ExhaustedException if matching takes more steps than are left
   */
  public boolean find(String text, Steps steps) {
    return program.matches(text, 0, true, steps);
  }
}
