package io.github.openaikserve.internal.jinja.value;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's format specifications, which follow the colon of a field of {@code str.format}. */
public final class FormatSpec {
  private static final int MAX_WIDTH = 100_000;
  private static final Pattern SPEC =
      Pattern.compile(
          "(?s)(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,6})?([,_])?(?:\\.(\\d{1,6}))?"
              + "([bcdeEfFgGnosxX%])?");

  private FormatSpec() {}

  /** Returns a value in the format that a specification describes. */
  public static String format(Object value, String spec, StepLimit budget) {
    if (spec.isEmpty()) {
      return PythonRepr.text(value, budget);
    }
    budget.read(spec.length());
    if (value instanceof String text) {
      budget.scan(2L * text.length());
    }
    Matcher parts = SPEC.matcher(spec);
    boolean known = value instanceof String || Numbers.isNumber(value);
    if (!known || !parts.matches()) {
      throw new TemplateError(
          "Invalid format specifier '%s' for object of type '%s'"
              .formatted(spec, Types.name(value)));
    }
    String type = parts.group(9) == null ? "" : parts.group(9);
    String body =
        value instanceof String text
            ? text(text, type, number(parts.group(8), Integer.MAX_VALUE))
            : number(value, type, parts);
    return padded(body, parts, value instanceof String, budget);
  }

  private static String text(String text, String type, int most) {
    if (!type.isEmpty() && !type.equals("s")) {
      throw new TemplateError("Unknown format code '" + type + "' for object of type 'str'");
    }
    return Text.cut(text, most);
  }

  private static String number(Object value, String type, Matcher parts) {
    boolean whole = Numbers.isWhole(value);
    String sign = parts.group(3) == null ? "" : parts.group(3).replace("-", "");
    String digits;
    if (whole && "bcdnoxX".contains(type)) {
      digits = whole(Numbers.big(value), type, parts.group(4) != null);
    } else if (type.isEmpty() && parts.group(8) == null) {
      digits = PythonRepr.repr(value);
    } else {
      digits =
          Floats.format(
              Numbers.real(value),
              type.isEmpty() ? 'g' : type.charAt(0),
              number(parts.group(8), 6));
    }
    boolean negative = digits.startsWith("-");
    String unsigned = negative ? digits.substring(1) : digits;
    if (parts.group(7) != null) {
      unsigned = grouped(unsigned, parts.group(7));
    }
    return (negative ? "-" : sign) + unsigned;
  }

  private static String whole(BigInteger number, String type, boolean prefixed) {
    String sign = number.signum() < 0 ? "-" : "";
    String prefix = prefixed && !type.isEmpty() && "boxX".contains(type) ? "0" + type : "";
    BigInteger size = number.abs();
    return switch (type) {
      case "b" -> sign + prefix + size.toString(2);
      case "o" -> sign + prefix + size.toString(8);
      case "x" -> sign + prefix + size.toString(16);
      case "X" -> sign + prefix + Text.upper(size.toString(16));
      case "c" -> character(number);
      default -> number.toString();
    };
  }

  private static String character(BigInteger code) {
    if (code.signum() < 0
        || code.bitLength() > 21
        || !Character.isValidCodePoint(code.intValue())) {
      throw new TemplateError("a character code is not in range(0x110000)");
    }
    return Character.toString(code.intValue());
  }

  private static String grouped(String digits, String by) {
    int end = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
    var text = new StringBuilder(digits);
    for (int at = end - 3; at > 0; at -= 3) {
      text.insert(at, by);
    }
    return text.toString();
  }

  private static String padded(String body, Matcher parts, boolean isText, StepLimit budget) {
    int width = number(parts.group(6), 0);
    int missing = Math.max(0, width - Text.length(body));
    boolean zeros = parts.group(5) != null && parts.group(2) == null;
    String fill = parts.group(1) != null ? parts.group(1) : zeros ? "0" : " ";
    String align =
        parts.group(2) != null ? parts.group(2) : zeros && !isText ? "=" : isText ? "<" : ">";
    budget.text(missing);
    boolean signed = body.startsWith("-") || body.startsWith("+") || body.startsWith(" ");
    return switch (align) {
      case "<" -> body + fill.repeat(missing);
      case "^" -> fill.repeat(missing / 2) + body + fill.repeat(missing - missing / 2);
      case "=" ->
          (signed ? body.substring(0, 1) : "")
              + fill.repeat(missing)
              + (signed ? body.substring(1) : body);
      default -> fill.repeat(missing) + body;
    };
  }

  private static int number(@Nullable String digits, int otherwise) {
    if (digits == null) {
      return otherwise;
    }
    int number = Integer.parseInt(digits);
    if (number > MAX_WIDTH) {
      throw new TemplateError("a width is larger than " + MAX_WIDTH);
    }
    return number;
  }
}
