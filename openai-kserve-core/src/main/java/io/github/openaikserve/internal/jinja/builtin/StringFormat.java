package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Floats;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Values;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's {@code str.format}. One instance per call. Not thread-safe. */
final class StringFormat {
  private static final int MAX_WIDTH = 100_000;
  private static final Pattern SPEC =
      Pattern.compile(
          "(?s)(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,6})?([,_])?(?:\\.(\\d{1,6}))?"
              + "([bcdeEfFgGnosxX%])?");

  private final Args args;
  private int next;

  private StringFormat(Args args) {
    this.args = args;
  }

  static Object of(String format, Args args) {
    return new StringFormat(args).fill(format, 0);
  }

  /** Returns a text whose fields are entries of a dict. */
  static Object ofMap(String format, Args args) {
    if (!(args.get(0) instanceof Map<?, ?> map)) {
      throw Types.wrong("format_map takes a dict, not " + Types.name(args.get(0)), args.get(0));
    }
    args.budget().list(map.size());
    Map<String, Object> named = new HashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (entry.getKey() instanceof String name) {
        named.put(name, Values.of(entry.getValue()));
      }
    }
    return of(format, new Args(args.run(), args.from(1).values(), named));
  }

  private String fill(String format, int depth) {
    if (depth > 1) {
      throw new TemplateError("Max string recursion exceeded");
    }
    args.budget().text(format.length());
    var text = new StringBuilder();
    for (int at = 0; at < format.length(); at++) {
      char c = format.charAt(at);
      boolean doubled = at + 1 < format.length() && format.charAt(at + 1) == c;
      if ((c == '{' || c == '}') && doubled) {
        text.append(c);
        at++;
      } else if (c == '}') {
        throw new TemplateError("Single '}' encountered in format string");
      } else if (c == '{') {
        int end = end(format, at + 1);
        String filled = field(format.substring(at + 1, end), depth);
        args.budget().text(filled.length());
        text.append(filled);
        at = end;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  /** Returns the position of the brace that closes a field, whose format may contain fields. */
  private static int end(String format, int from) {
    int open = 1;
    for (int at = from; at < format.length(); at++) {
      open += format.charAt(at) == '{' ? 1 : format.charAt(at) == '}' ? -1 : 0;
      if (open == 0) {
        return at;
      }
    }
    throw new TemplateError("expected '}' before end of string");
  }

  private String field(String field, int depth) {
    int colon = field.indexOf(':');
    String spec = colon < 0 ? "" : fill(field.substring(colon + 1), depth + 1);
    String name = colon < 0 ? field : field.substring(0, colon);
    int mark = name.indexOf('!');
    Object value = value(mark < 0 ? name : name.substring(0, mark));
    if (mark >= 0) {
      value =
          switch (name.substring(mark + 1)) {
            case "s" -> PythonRepr.text(value, args.budget());
            case "r", "a" -> PythonRepr.repr(value, args.budget());
            default -> throw new TemplateError("Unknown conversion specifier");
          };
    }
    return formatted(value, spec);
  }

  /** Returns the argument for a name such as {@code 0.role} or {@code message[role]}. */
  private Object value(String path) {
    args.budget().read(8L * path.length());
    int end = 0;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    Object value = argument(path.substring(0, end));
    while (end < path.length()) {
      boolean index = path.charAt(end) == '[';
      int from = end + 1;
      end = from;
      while (end < path.length()
          && (index ? path.charAt(end) != ']' : ".[".indexOf(path.charAt(end)) < 0)) {
        end++;
      }
      String key = path.substring(from, end);
      Object number = index ? Numbers.parseWhole(key, 10) : null;
      value =
          index
              ? Subscripts.get(value, number == null ? key : number, args.budget())
              : Attributes.get(value, key);
      end += index ? 1 : 0;
    }
    return value;
  }

  private Object argument(String name) {
    Object number = name.isEmpty() ? (Object) (long) next++ : Numbers.parseWhole(name, 10);
    if (number instanceof Long index) {
      if (index < 0 || index >= args.size()) {
        throw new TemplateError(
            "Replacement index " + index + " out of range for positional args tuple");
      }
      return args.get(index.intValue());
    }
    Object named = args.named().get(name);
    if (named == null) {
      throw new TemplateError("there is no argument '" + name + "'");
    }
    return named;
  }

  private String formatted(Object value, String spec) {
    if (spec.isEmpty()) {
      return PythonRepr.text(value, args.budget());
    }
    args.budget().read(spec.length());
    if (value instanceof String text) {
      args.budget().scan(2L * text.length());
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
    return padded(body, parts, value instanceof String);
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

  private String padded(String body, Matcher parts, boolean isText) {
    int width = number(parts.group(6), 0);
    int missing = Math.max(0, width - Text.length(body));
    boolean zeros = parts.group(5) != null && parts.group(2) == null;
    String fill = parts.group(1) != null ? parts.group(1) : zeros ? "0" : " ";
    String align =
        parts.group(2) != null ? parts.group(2) : zeros && !isText ? "=" : isText ? "<" : ">";
    args.budget().text(missing);
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
