package io.github.openaikserve.internal.regex;

/**
 * A regular expression of ECMA-262 that is matched without backtracking: in steps that are at most
 * its size times the text's length, for each lookahead times that again. Immutable.
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
   * @throws IllegalArgumentException if it is malformed, too complex, or has back-references or a
   *     lookbehind
   */
  public static LinearPattern compile(String pattern) {
    return compile(pattern, new Steps(MAX_PARTS));
  }

  /**
   * Compiles one of several patterns, which share their size.
   *
   * @param size the parts that they may still have
   * @throws IllegalArgumentException as {@link #compile(String)} does
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
   * Returns whether a part of the text matches.
   *
   * @throws Steps.ExhaustedException if that takes more steps than there are
   */
  public boolean find(String text, Steps steps) {
    return program.matches(text, 0, true, steps);
  }
}
