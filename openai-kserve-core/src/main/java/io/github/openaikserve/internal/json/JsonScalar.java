package io.github.openaikserve.internal.json;

/**
 * A check of a number or a word that arrives character by character. Jackson's parser reports an
 * error in them only at their end. Not thread-safe.
 */
final class JsonScalar {
  private enum Part {
    NONE,
    MINUS,
    ZERO,
    DIGITS,
    POINT,
    FRACTION,
    EXPONENT,
    SIGN,
    POWER,
    WRONG
  }

  private Part part = Part.NONE;
  private String word = "";
  private int at;

  /** Starts before the next number or word. */
  void reset() {
    part = Part.NONE;
    word = "";
  }

  /** Reads a character. Returns whether it begins or continues a number or a word. */
  boolean next(char c) {
    if (part == Part.NONE && word.isEmpty()) {
      at = 0;
      word = c == 't' ? "true" : c == 'f' ? "false" : c == 'n' ? "null" : "";
    }
    if (!word.isEmpty()) {
      return at < word.length() && word.charAt(at++) == c;
    }
    part = after(part, c);
    return part != Part.WRONG;
  }

  private static Part after(Part part, char c) {
    boolean digit = c >= '0' && c <= '9';
    boolean exponent = c == 'e' || c == 'E';
    return switch (part) {
      case NONE -> c == '-' ? Part.MINUS : first(c, digit);
      case MINUS -> first(c, digit);
      case ZERO -> fraction(c, exponent);
      case DIGITS -> digit ? Part.DIGITS : fraction(c, exponent);
      case POINT -> digit ? Part.FRACTION : Part.WRONG;
      case FRACTION -> digit ? Part.FRACTION : exponent ? Part.EXPONENT : Part.WRONG;
      case EXPONENT -> digit ? Part.POWER : c == '+' || c == '-' ? Part.SIGN : Part.WRONG;
      case SIGN, POWER -> digit ? Part.POWER : Part.WRONG;
      case WRONG -> Part.WRONG;
    };
  }

  private static Part first(char c, boolean digit) {
    return c == '0' ? Part.ZERO : digit ? Part.DIGITS : Part.WRONG;
  }

  private static Part fraction(char c, boolean exponent) {
    return c == '.' ? Part.POINT : exponent ? Part.EXPONENT : Part.WRONG;
  }
}
