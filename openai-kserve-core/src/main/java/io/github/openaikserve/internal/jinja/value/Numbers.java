package io.github.openaikserve.internal.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's numbers: integers of any size, floats, and booleans. */
public final class Numbers {
  private static final long EXACT_IN_DOUBLE = 1L << 53;

  /** The syntax of real numbers in Python, which accepts fewer texts than Java. */
  private static final Pattern REAL =
      Pattern.compile(
          "[-+]?(?:\\d++(?:_\\d++)*+\\.?(?:\\d++(?:_\\d++)*+)?|\\.\\d++(?:_\\d++)*+)"
              + "(?:[eE][-+]?\\d++(?:_\\d++)*+)?");

  private static final Pattern SEPARATOR = Pattern.compile("(?<=[0-9a-zA-Z])_(?=[0-9a-zA-Z])");

  private static final Pattern NOT_FINITE =
      Pattern.compile("([-+]?)(inf|infinity|nan)", Pattern.CASE_INSENSITIVE);

  private Numbers() {}

  public static boolean isNumber(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  public static boolean isWhole(Object value) {
    return value instanceof Long || value instanceof Boolean || value instanceof BigInteger;
  }

  /** Returns the canonical form of an integer. */
  public static Object normal(BigInteger value) {
    if (value.bitLength() < Long.SIZE) {
      return value.longValue();
    }
    if (value.bitLength() > Limits.BITS) {
      throw new TemplateError("a number is wider than " + Limits.BITS + " bits");
    }
    return value;
  }

  public static BigInteger big(Object whole) {
    if (whole instanceof BigInteger big) {
      return big;
    }
    if (whole instanceof Boolean bool) {
      return bool ? BigInteger.ONE : BigInteger.ZERO;
    }
    return BigInteger.valueOf((Long) whole);
  }

  public static double real(Object number) {
    if (number instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    double real = ((Number) number).doubleValue();
    if (Double.isInfinite(real) && number instanceof BigInteger) {
      throw new TemplateError("int too large to convert to float");
    }
    return real;
  }

  /** Returns a value that must be an integer, such as an index, a width or a count. */
  public static long whole(Object value) {
    if (value instanceof Long whole) {
      return whole;
    }
    if (value instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    if (value instanceof BigInteger big) {
      return big.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    throw Types.wrong(
        "'" + Types.name(value) + "' object cannot be interpreted as an integer", value);
  }

  public static boolean same(Object left, Object right) {
    return !isNan(left) && !isNan(right) && compare(left, right) == 0;
  }

  private static boolean isNan(Object value) {
    return value instanceof Double number && number.isNaN();
  }

  public static int compare(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return Long.compare(a, b);
    }
    if (isWhole(left) && isWhole(right)) {
      return big(left).compareTo(big(right));
    }
    if (isSmall(left) && isSmall(right)) {
      double a = real(left);
      double b = real(right);
      return a < b ? -1 : a > b ? 1 : 0; // minus zero equals zero
    }
    return exact(left).compareTo(exact(right));
  }

  /** Returns whether an integer can be compared as a double without loss. */
  private static boolean isSmall(Object value) {
    return !(value instanceof BigInteger)
        && !(value instanceof Long whole && Math.abs(whole) > EXACT_IN_DOUBLE)
        && !(value instanceof Long least && least == Long.MIN_VALUE);
  }

  private static BigDecimal exact(Object value) {
    if (value instanceof Double real) {
      if (Double.isFinite(real)) {
        return new BigDecimal(real);
      }
      BigDecimal beyond = new BigDecimal(BigInteger.ONE.shiftLeft(Limits.BITS + 1));
      return real > 0 ? beyond : beyond.negate();
    }
    return new BigDecimal(big(value));
  }

  /** Parses an integer like Python's {@code int}; null if the text is not an integer. */
  public static @Nullable Object parseWhole(String text, int base) {
    String digits = Text.strip(text);
    if (digits.indexOf('_') >= 0) {
      digits = SEPARATOR.matcher(digits).replaceAll("");
    }
    String sign = digits.startsWith("-") ? "-" : "";
    if (digits.startsWith("-") || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
    if (!prefix.isEmpty() && digits.regionMatches(true, 0, prefix, 0, 2)) {
      digits = digits.substring(2);
    }
    if (digits.isEmpty() || digits.length() > Limits.BITS / 4 || !areDigits(digits, base)) {
      return null;
    }
    return normal(new BigInteger(sign + digits, base));
  }

  /** Parses a number like Python's {@code float}; null if the text is not a number. */
  public static @Nullable Double parseReal(String text) {
    String digits = Text.strip(text);
    if (REAL.matcher(digits).matches()) {
      return Double.valueOf(digits.replace("_", ""));
    }
    Matcher word = NOT_FINITE.matcher(digits);
    if (!word.matches()) {
      return null;
    }
    if (word.group(2).equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    return digits.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  private static boolean areDigits(String text, int base) {
    return base >= Character.MIN_RADIX
        && base <= Character.MAX_RADIX
        && text.chars().allMatch(c -> Character.digit(c, base) >= 0);
  }
}
