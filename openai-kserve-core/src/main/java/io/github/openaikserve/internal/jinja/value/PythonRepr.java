package io.github.openaikserve.internal.jinja.value;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/** Formatting of values like Python's {@code str} and {@code repr}. */
public final class PythonRepr {
  private PythonRepr() {}

  /** Returns {@code str(value)}. The parts of a value are paid for, its characters are not. */
  public static String text(Object value, StepLimit budget) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Undefined) {
      return "";
    }
    return value instanceof Markup marked ? marked.text() : repr(value, budget);
  }

  /** Returns {@code repr(value)}. The parts of a value are paid for, its characters are not. */
  public static String repr(Object value, StepLimit budget) {
    if (value instanceof Long whole) {
      return whole.toString();
    }
    var text = new StringBuilder();
    repr(text, value, 0, budget);
    return text.toString();
  }

  /** Returns {@code repr(value)} for messages and of numbers, with a separate step limit. */
  public static String repr(Object value) {
    return repr(value, new StepLimit(Limits.MAX_STEPS));
  }

  private static void repr(StringBuilder to, Object value, int depth, StepLimit budget) {
    if (depth > Limits.VALUE_DEPTH || to.length() > Limits.TEXT) {
      throw new TemplateError("a value is too large or too deep to be printed");
    }
    budget.list(2);
    budget.digits(value);
    if (value instanceof String text) {
      quoted(to, text);
    } else if (value instanceof Boolean bool) {
      to.append(bool ? "True" : "False");
    } else if (value instanceof Double real) {
      to.append(Floats.repr(real));
    } else if (value instanceof None) {
      to.append("None");
    } else if (value instanceof Map<?, ?> map) {
      dict(to, map, depth, budget);
    } else if (value instanceof Namespace namespace) {
      to.append("<Namespace ");
      dict(to, namespace.attributes(), depth + 1, budget);
      to.append('>');
    } else if (value instanceof Collection<?> elements && !(value instanceof Range)) {
      collection(to, elements, depth, budget);
    } else {
      other(to, value);
    }
  }

  private static void other(StringBuilder to, Object value) {
    if (value instanceof TemplateObject object) {
      to.append(object.shown());
    } else if (value instanceof Undefined) {
      to.append("Undefined");
    } else if (value instanceof Number || value instanceof Range) {
      to.append(value);
    } else if (value instanceof Generator) {
      to.append("<generator object>");
    } else {
      to.append("<").append(Types.name(value)).append(">");
    }
  }

  private static void collection(
      StringBuilder to, Collection<?> elements, int depth, StepLimit budget) {
    if (elements instanceof DictView view) {
      to.append(view.name()).append("([");
      elements(to, elements, depth, budget);
      to.append("])");
    } else if (elements instanceof Tuple) {
      to.append('(');
      elements(to, elements, depth, budget);
      to.append(elements.size() == 1 ? ",)" : ")");
    } else {
      to.append('[');
      elements(to, elements, depth, budget);
      to.append(']');
    }
  }

  private static void elements(
      StringBuilder to, Collection<?> elements, int depth, StepLimit budget) {
    for (Iterator<?> each = elements.iterator(); each.hasNext(); ) {
      repr(to, Values.of(each.next()), depth + 1, budget);
      if (each.hasNext()) {
        to.append(", ");
      }
    }
  }

  private static void dict(StringBuilder to, Map<?, ?> map, int depth, StepLimit budget) {
    to.append('{');
    String between = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      to.append(between);
      repr(to, Values.of(entry.getKey()), depth + 1, budget);
      to.append(": ");
      repr(to, Values.of(entry.getValue()), depth + 1, budget);
      between = ", ";
    }
    to.append('}');
  }

  private static void quoted(StringBuilder to, String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    to.append(quote);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      character(to, c, quote);
      i += Character.charCount(c);
    }
    to.append(quote);
  }

  private static void character(StringBuilder to, int c, char quote) {
    switch (c) {
      case '\n' -> to.append("\\n");
      case '\r' -> to.append("\\r");
      case '\t' -> to.append("\\t");
      case '\\' -> to.append("\\\\");
      default -> {
        if (c == quote) {
          to.append('\\').append(quote);
        } else if (isShown(c)) {
          to.appendCodePoint(c);
        } else {
          to.append(c < 0x100 ? "\\x" : c < 0x10000 ? "\\u" : "\\U");
          Text.appendHex(to, c, c < 0x100 ? 2 : c < 0x10000 ? 4 : 8);
        }
      }
    }
  }

  /** Returns whether {@code repr} shows a character as it is. */
  public static boolean isShown(int c) {
    return (c < 0x7f && c >= ' ') || (c > 0x7f && isPrintable(c));
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
