package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.FormatSpec;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.HashMap;
import java.util.Map;

/** Python's {@code str.format}. One instance per call. Not thread-safe. */
final class StringFormat {
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
    return FormatSpec.format(value, spec, args.budget());
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
}
