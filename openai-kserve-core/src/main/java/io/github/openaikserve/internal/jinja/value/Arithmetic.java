package io.github.openaikserve.internal.jinja.value;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's operators between two values. */
public final class Arithmetic {
  /** The addition operator, the only one that treats text marked as safe differently. */
  public static final Operation ADD = Arithmetic::add;

  private Arithmetic() {}

  public static Object add(Object left, Object right, StepLimit budget) {
    if (left instanceof String text && right instanceof String other) {
      budget.text((long) text.length() + other.length());
      return text.concat(other);
    }
    if (left instanceof Long a && right instanceof Long b) {
      long sum = a + b;
      boolean overflown = ((a ^ sum) & (b ^ sum)) < 0;
      return overflown ? big(a).add(big(b)) : (Object) sum;
    }
    if (areWhole(left, right)) {
      return Numbers.normal(Numbers.big(left).add(Numbers.big(right)));
    }
    if (areNumbers(left, right)) {
      return Numbers.real(left) + Numbers.real(right);
    }
    if (left instanceof List<?> list && right instanceof List<?> other && areAlike(left, right)) {
      return joined(list, other, budget);
    }
    throw Types.operands("+", left, right);
  }

  private static boolean areAlike(Object left, Object right) {
    return left instanceof Tuple == right instanceof Tuple
        && !(left instanceof Range)
        && !(right instanceof Range);
  }

  private static Object joined(List<?> left, List<?> right, StepLimit budget) {
    budget.list((long) left.size() + right.size());
    List<Object> joined = new ArrayList<>(left.size() + right.size());
    left.forEach(element -> joined.add(Values.of(element)));
    right.forEach(element -> joined.add(Values.of(element)));
    return left instanceof Tuple ? Tuple.of(joined) : joined;
  }

  public static Object subtract(Object left, Object right, StepLimit budget) {
    if (areWhole(left, right)) {
      return Numbers.normal(Numbers.big(left).subtract(Numbers.big(right)));
    }
    if (areNumbers(left, right)) {
      return Numbers.real(left) - Numbers.real(right);
    }
    throw Types.operands("-", left, right);
  }

  public static Object multiply(Object left, Object right, StepLimit budget) {
    if (areWhole(left, right)) {
      return Numbers.normal(Numbers.big(left).multiply(Numbers.big(right)));
    }
    if (areNumbers(left, right)) {
      return Numbers.real(left) * Numbers.real(right);
    }
    if (Numbers.isWhole(right) && isSequence(left)) {
      return repeat(left, Numbers.whole(right), budget);
    }
    if (Numbers.isWhole(left) && isSequence(right)) {
      return repeat(right, Numbers.whole(left), budget);
    }
    throw Types.operands("*", left, right);
  }

  private static boolean isSequence(Object value) {
    return value instanceof String || (value instanceof List<?> && !(value instanceof Range));
  }

  private static Object repeat(Object sequence, long times, StepLimit budget) {
    int count = (int) Math.max(0, Math.min(times, Integer.MAX_VALUE));
    if (sequence instanceof String text) {
      budget.text((long) text.length() * count);
      return text.isEmpty() ? "" : text.repeat(count);
    }
    List<?> list = (List<?>) sequence;
    budget.list((long) list.size() * count);
    List<Object> repeated = new ArrayList<>(list.size() * count);
    for (int i = 0; i < count && !list.isEmpty(); i++) {
      list.forEach(element -> repeated.add(Values.of(element)));
    }
    return sequence instanceof Tuple ? Tuple.of(repeated) : repeated;
  }

  public static Object divide(Object left, Object right, StepLimit budget) {
    requireNumbers("/", left, right);
    if (isZero(right)) {
      throw new TemplateError(
          areWhole(left, right) ? "division by zero" : "float division by zero");
    }
    return Numbers.real(left) / Numbers.real(right);
  }

  public static Object floorDivide(Object left, Object right, StepLimit budget) {
    requireNumbers("//", left, right);
    if (isZero(right)) {
      throw new TemplateError("integer division or modulo by zero");
    }
    if (areWhole(left, right)) {
      BigInteger[] parts = Numbers.big(left).divideAndRemainder(Numbers.big(right));
      boolean down = parts[1].signum() != 0 && parts[1].signum() != Numbers.big(right).signum();
      return Numbers.normal(down ? parts[0].subtract(BigInteger.ONE) : parts[0]);
    }
    double a = Numbers.real(left);
    double b = Numbers.real(right);
    return Math.floor((a - modulo(a, b)) / b + 0.5);
  }

  public static Object modulo(Object left, Object right, StepLimit budget) {
    if (left instanceof String format) {
      return PercentFormat.of(format, right, budget);
    }
    requireNumbers("%", left, right);
    if (isZero(right)) {
      throw new TemplateError("integer division or modulo by zero");
    }
    if (left instanceof Long a && right instanceof Long b) {
      return Math.floorMod(a, b);
    }
    if (areWhole(left, right)) {
      BigInteger by = Numbers.big(right);
      BigInteger rest = Numbers.big(left).mod(by.abs());
      return Numbers.normal(rest.signum() != 0 && by.signum() < 0 ? rest.add(by) : rest);
    }
    return modulo(Numbers.real(left), Numbers.real(right));
  }

  /** Returns the remainder, which has the sign of the divisor as in Python. */
  private static double modulo(double left, double right) {
    double rest = left % right;
    return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest;
  }

  public static Object power(Object left, Object right, StepLimit budget) {
    requireNumbers("** or pow()", left, right);
    if (areWhole(left, right) && Numbers.big(right).signum() >= 0) {
      return wholePower(Numbers.big(left), Numbers.big(right));
    }
    double base = Numbers.real(left);
    double exponent = Numbers.real(right);
    if (base == 0 && exponent < 0) {
      throw new TemplateError("0.0 cannot be raised to a negative power");
    }
    double power = Math.pow(base, exponent);
    boolean finite = Double.isFinite(base) && Double.isFinite(exponent);
    if (finite && !Double.isFinite(power)) { // too large, or a complex number
      throw new TemplateError("Numerical result out of range");
    }
    return power;
  }

  private static Object wholePower(BigInteger base, BigInteger exponent) {
    if (base.bitLength() <= 1 && base.abs().bitLength() <= 1) { // -1, 0 and 1
      return Numbers.normal(
          base.pow(exponent.min(BigInteger.TWO).intValue())
              .multiply(exponent.testBit(0) && exponent.bitLength() > 1 ? base : BigInteger.ONE));
    }
    if (exponent.bitLength() > 16
        || (long) base.bitLength() * exponent.intValue() > 2L * Limits.BITS) {
      throw new TemplateError("a number is wider than " + Limits.BITS + " bits");
    }
    return Numbers.normal(base.pow(exponent.intValue()));
  }

  public static Object negate(Object value) {
    if (Numbers.isWhole(value)) {
      return Numbers.normal(Numbers.big(value).negate());
    }
    if (value instanceof Double real) {
      return -real;
    }
    throw Types.wrong("bad operand type for unary -: '" + Types.name(value) + "'", value);
  }

  public static Object plus(Object value) {
    if (!Numbers.isNumber(value)) {
      throw Types.wrong("bad operand type for unary +: '" + Types.name(value) + "'", value);
    }
    return value instanceof Boolean ? Numbers.whole(value) : value;
  }

  private static boolean areWhole(Object left, Object right) {
    return Numbers.isWhole(left) && Numbers.isWhole(right);
  }

  private static boolean areNumbers(Object left, Object right) {
    return Numbers.isNumber(left) && Numbers.isNumber(right);
  }

  private static void requireNumbers(String operator, Object left, Object right) {
    if (!areNumbers(left, right)) {
      throw Types.operands(operator, left, right);
    }
  }

  private static boolean isZero(Object number) {
    return Numbers.real(number) == 0;
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }
}
