package io.github.openaikserve.internal.jinja.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Formatting of floats as in Python: with the fewest digits that parse to the same number. */
final class Floats {
  /** The maximum number of digits of a double. */
  private static final int MAX_DIGITS = 17;

  /** The exponent from which Python uses scientific notation. */
  private static final int EXPONENT_FROM = 16;

  private static final int EXPONENT_BELOW = -4;
  private static final double PLAIN_BELOW = 1e15;

  private Floats() {}

  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == Math.rint(value) && Math.abs(value) < PLAIN_BELOW) {
      String sign = value == 0 && 1 / value < 0 ? "-" : "";
      return sign + (long) value + ".0";
    }
    return written(shortest(value), value < 0 ? "-" : "");
  }

  /**
   * Removes superfluous digits, because {@link Double#toString} of Java 17 sometimes returns one
   * too many.
   */
  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(Math.abs(value));
    int digits = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros().precision();
    BigDecimal shortest = rounded(exact, Math.min(digits, MAX_DIGITS));
    while (digits > 1 && rounded(exact, digits - 1).doubleValue() == Math.abs(value)) {
      digits--;
      shortest = rounded(exact, digits);
    }
    return shortest;
  }

  private static BigDecimal rounded(BigDecimal exact, int digits) {
    return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  private static String written(BigDecimal value, String sign) {
    BigDecimal plain = value.stripTrailingZeros();
    int exponent = plain.precision() - plain.scale() - 1;
    if (exponent >= EXPONENT_BELOW && exponent < EXPONENT_FROM) {
      String text = plain.toPlainString();
      return sign + (text.indexOf('.') < 0 ? text + ".0" : text);
    }
    String digits = plain.unscaledValue().toString();
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    return sign + digits.charAt(0) + fraction + exponent(exponent);
  }

  static String exponent(int exponent) {
    return "e%s%02d".formatted(exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  /** Formats a real number with {@code e}, {@code f}, {@code g} or {@code %}. */
  static String format(double number, char type, int precision) {
    if (!Double.isFinite(number)) {
      return repr(number);
    }
    boolean upper = Character.isUpperCase(type);
    BigDecimal exact = new BigDecimal(number);
    String text =
        switch (Character.toLowerCase(type)) {
          case 'e' -> scientific(exact, precision);
          case '%' ->
              exact.movePointRight(2).setScale(precision, RoundingMode.HALF_EVEN).toPlainString()
                  + "%";
          case 'g', 'n' -> general(exact, Math.max(1, precision));
          default -> exact.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
        };
    boolean minus = number < 0 && !text.startsWith("-");
    return (minus ? "-" : "") + (upper ? Text.upper(text) : text);
  }

  private static String scientific(BigDecimal number, int precision) {
    BigDecimal rounded = number.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    String digits =
        rounded.movePointLeft(exponent).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    return "%se%s%02d".formatted(digits, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  private static String general(BigDecimal number, int precision) {
    BigDecimal rounded = number.round(new MathContext(precision, RoundingMode.HALF_EVEN));
    int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < precision) {
      return trimmed(
          rounded
              .setScale(Math.max(0, precision - 1 - exponent), RoundingMode.HALF_EVEN)
              .toPlainString());
    }
    String text = scientific(number, precision - 1);
    int e = text.indexOf('e');
    return trimmed(text.substring(0, e)) + text.substring(e);
  }

  /** Removes trailing zeros of a fraction. */
  private static String trimmed(String digits) {
    if (digits.indexOf('.') < 0) {
      return digits;
    }
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return digits.substring(0, digits.charAt(end - 1) == '.' ? end - 1 : end);
  }
}
