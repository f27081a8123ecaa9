package io.github.openaikserve.internal.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's {@code %} formatting of a text with values. */
public final class PercentFormat {
  private static final Pattern DIRECTIVE =
      Pattern.compile("%(?:\\(([^)]{0,256}+)\\))?([-+ 0#]*)([0-9]*)(?:\\.([0-9]*))?([a-zA-Z%])?");
  private static final int MAX_WIDTH = 10_000;

  private PercentFormat() {}

  public static Object of(String format, Object values, StepLimit budget) {
    budget.text(format.length());
    Matcher directive = DIRECTIVE.matcher(format);
    var text = new StringBuilder();
    List<?> positional = values instanceof Tuple tuple ? tuple : List.of(values);
    int used = 0;
    int from = 0;
    while (directive.find(from)) {
      text.append(format, from, directive.start());
      from = directive.end();
      String kind = directive.group(5);
      if (kind == null) {
        throw new TemplateError("incomplete format");
      }
      if (kind.equals("%")) {
        text.append('%');
        continue;
      }
      Object value;
      if (directive.group(1) != null) {
        value = named(values, directive.group(1), budget);
      } else if (used < positional.size()) {
        value = Values.of(positional.get(used++));
      } else {
        throw new TemplateError("not enough arguments for format string");
      }
      text.append(formatted(directive, kind.charAt(0), value, budget));
      budget.text(text.length());
    }
    if (used < positional.size() && !isOptional(values)) {
      throw new TemplateError("not all arguments converted during string formatting");
    }
    return text.append(format, from, format.length()).toString();
  }

  /** Returns whether a format may use no part of the values, which have subscripts. */
  private static boolean isOptional(Object values) {
    boolean list = values instanceof List<?> && !(values instanceof Tuple);
    return list || values instanceof Map<?, ?> || values instanceof Undefined;
  }

  private static Object named(Object values, String name, StepLimit budget) {
    Object value = values instanceof Map<?, ?> map ? Equality.find(map, name, budget) : null;
    if (value == null) {
      throw new TemplateError("format requires a mapping with '" + name + "'");
    }
    return value;
  }

  private static String formatted(Matcher directive, char kind, Object value, StepLimit budget) {
    if (value instanceof String text) {
      budget.scan(2L * text.length());
    }
    String flags = directive.group(2);
    int width = number(directive.group(3), 0);
    String body =
        switch (kind) {
          case 's' -> cut(PythonRepr.text(value, budget), directive.group(4));
          case 'r', 'a' -> cut(PythonRepr.repr(value, budget), directive.group(4));
          case 'd', 'i', 'u' -> signed(whole(value), flags);
          case 'x' -> integer(kind, value).toString(16);
          case 'X' -> Text.upper(integer(kind, value).toString(16));
          case 'o' -> integer(kind, value).toString(8);
          case 'f', 'F', 'e', 'E', 'g', 'G' ->
              signed(Floats.format(real(value), kind, number(directive.group(4), 6)), flags);
          case 'c' ->
              Numbers.isWhole(value)
                  ? Character.toString((int) Math.max(0, Math.min(0x10ffff, Numbers.whole(value))))
                  : PythonRepr.text(value, budget);
          default -> throw new TemplateError("unsupported format character '" + kind + "'");
        };
    int missing = Math.max(0, width - Text.length(body));
    if (flags.contains("-")) {
      return body + " ".repeat(missing);
    }
    if (flags.contains("0") && kind != 's' && kind != 'r') {
      boolean hasSign = body.startsWith("-") || body.startsWith("+");
      String sign = hasSign ? body.substring(0, 1) : "";
      return sign + "0".repeat(missing) + body.substring(sign.length());
    }
    return " ".repeat(missing) + body;
  }

  private static String cut(String text, @Nullable String precision) {
    return Text.cut(text, number(precision, Integer.MAX_VALUE));
  }

  private static int number(@Nullable String digits, int otherwise) {
    if (digits == null || digits.isEmpty()) {
      return otherwise;
    }
    if (digits.length() > 5 || Integer.parseInt(digits) > MAX_WIDTH) {
      throw new TemplateError("a width is larger than " + MAX_WIDTH);
    }
    return Integer.parseInt(digits);
  }

  private static String whole(Object value) {
    if (!(value instanceof Double real)) {
      requireNumber("%d format: a number is required, not ", value);
      return Numbers.big(value).toString();
    }
    if (!Double.isFinite(real)) {
      throw new TemplateError("cannot convert float " + Floats.repr(real) + " to integer");
    }
    return new BigDecimal(real).toBigInteger().toString();
  }

  private static BigInteger integer(char kind, Object value) {
    if (!Numbers.isWhole(value)) {
      throw Types.wrong(
          "%" + kind + " format: an integer is required, not " + Types.name(value), value);
    }
    return Numbers.big(value);
  }

  private static double real(Object value) {
    requireNumber("must be real number, not ", value);
    return Numbers.real(value);
  }

  private static void requireNumber(String problem, Object value) {
    if (!Numbers.isNumber(value)) {
      throw Types.wrong(problem + Types.name(value), value);
    }
  }

  private static String signed(String number, String flags) {
    if (number.startsWith("-")) {
      return number;
    }
    return (flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + number;
  }
}
