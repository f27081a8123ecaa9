package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Undefined;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** The filters that convert a value to a number or round it. */
final class NumberFilters {
  /** The cost of parsing a text as a number, without its characters. */
  private static final int PARSE = 64;

  private NumberFilters() {}

  static void addTo(Builtins table) {
    table
        .add("int", "default? base?", NumberFilters::whole)
        .add("float", "default?", NumberFilters::real)
        .add("abs", NumberFilters::absolute)
        .add("round", "precision? method?", NumberFilters::round);
  }

  private static Object whole(Object value, Args args) {
    Object otherwise = args.or(0, 0L);
    if (value instanceof String text) {
      args.budget().spend(PARSE + 4L * text.length());
      Object parsed = Numbers.parseWhole(text, args.size(1, 10));
      if (parsed != null) {
        return parsed;
      }
      Double real = Numbers.parseReal(text);
      return real == null ? otherwise : truncated(real, otherwise);
    }
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (value instanceof Double real) {
      return truncated(real, otherwise);
    }
    return Numbers.isWhole(value) ? Numbers.normal(Numbers.big(value)) : otherwise;
  }

  private static Object truncated(double real, Object otherwise) {
    return Double.isFinite(real) ? Numbers.normal(new BigDecimal(real).toBigInteger()) : otherwise;
  }

  private static Object real(Object value, Args args) {
    Object otherwise = args.or(0, 0.0);
    if (value instanceof String text) {
      args.budget().spend(PARSE + 4L * text.length());
      Double parsed = Numbers.parseReal(text);
      return parsed == null ? otherwise : parsed;
    }
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return Numbers.isNumber(value) ? (Object) Numbers.real(value) : otherwise;
  }

  private static Object absolute(Object value) {
    if (!Numbers.isNumber(value)) {
      throw Types.wrong("bad operand type for abs(): '" + Types.name(value) + "'", value);
    }
    return value instanceof Double real
        ? (Object) Math.abs(real)
        : Numbers.normal(Numbers.big(value).abs());
  }

  private static Object round(Object value, Args args) {
    if (!Numbers.isNumber(value)) {
      throw Types.wrong("a number is required, not " + Types.name(value), value);
    }
    RoundingMode mode =
        switch (args.text(1, "common")) {
          case "common" -> RoundingMode.HALF_EVEN;
          case "ceil" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          default -> throw new TemplateError("method must be common, ceil or floor");
        };
    if (Numbers.isWhole(value) && mode == RoundingMode.HALF_EVEN) {
      int digits = Math.max(-400, Math.min(0, args.size(0, 0)));
      BigDecimal rounded = new BigDecimal(Numbers.big(value)).setScale(digits, mode);
      return Numbers.normal(rounded.toBigInteger());
    }
    double real = Numbers.real(value);
    if (!Double.isFinite(real)) {
      return real;
    }
    int precision = Math.max(-400, Math.min(400, args.size(0, 0)));
    if (mode == RoundingMode.HALF_EVEN) {
      double rounded = new BigDecimal(real).setScale(precision, mode).doubleValue();
      return Math.copySign(rounded, real);
    }
    double scale = Math.pow(10, precision);
    double scaled = real * scale;
    if (!Double.isFinite(scaled)) {
      throw new TemplateError("cannot convert float infinity to integer");
    }
    double rounded = mode == RoundingMode.FLOOR ? Math.floor(scaled) : Math.ceil(scaled);
    return (rounded + 0.0) / scale; // Python's floor and ceil are integers: there is no -0
  }
}
