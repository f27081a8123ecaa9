package io.github.openaikserve.internal.jinja.value;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A writer of values in the format of Python's {@code json.dumps(ensure_ascii=False)}. Not
 * thread-safe.
 */
public final class Json {
  private final StringBuilder to = new StringBuilder();
  private final @Nullable String indent;
  private final String comma;
  private final String colon;
  private final boolean ascii;
  private final boolean sorted;

  /**
   * Creates a writer for one value.
   *
   * @param indent the indentation of each level; null for a single line
   */
  public Json(@Nullable String indent, String comma, String colon, boolean ascii, boolean sorted) {
    this.indent = indent;
    this.comma = comma;
    this.colon = colon;
    this.ascii = ascii;
    this.sorted = sorted;
  }

  public String of(Object value, StepLimit budget) {
    write(value, 0, budget);
    budget.text(to.length());
    return to.toString();
  }

  private void write(Object value, int depth, StepLimit budget) {
    if (depth > Limits.VALUE_DEPTH || to.length() > Limits.TEXT) {
      throw new TemplateError("a value is too large or too deep for JSON");
    }
    budget.list(4);
    budget.digits(value);
    if (value instanceof String text) {
      quoted(text);
    } else if (value instanceof Map<?, ?> map) {
      object(map, depth, budget);
    } else if (value instanceof Collection<?> list
        && !(value instanceof Range)
        && !(value instanceof DictView)) {
      array(list, depth, budget);
    } else {
      scalar(value);
    }
  }

  private void scalar(Object value) {
    if (value instanceof None) {
      to.append("null");
    } else if (value instanceof Boolean) {
      to.append(value);
    } else if (value instanceof Double real) {
      to.append(real(real));
    } else if (value instanceof Number) {
      to.append(value);
    } else {
      throw new TemplateError("Object of type " + Types.name(value) + " is not JSON serializable");
    }
  }

  private static String real(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    return Floats.repr(value);
  }

  private void array(Collection<?> list, int depth, StepLimit budget) {
    if (list.isEmpty()) {
      to.append("[]");
      return;
    }
    to.append('[');
    String between = "";
    for (Object element : list) {
      to.append(between);
      newLine(depth + 1);
      write(Values.of(element), depth + 1, budget);
      between = comma;
    }
    newLine(depth);
    to.append(']');
  }

  private void object(Map<?, ?> map, int depth, StepLimit budget) {
    if (map.isEmpty()) {
      to.append("{}");
      return;
    }
    to.append('{');
    String between = "";
    for (Object key : keys(map, budget)) {
      to.append(between);
      newLine(depth + 1);
      quoted(key(key));
      to.append(colon);
      Object value = Equality.find(map, key, budget);
      write(value == null ? None.NONE : value, depth + 1, budget);
      between = comma;
    }
    newLine(depth);
    to.append('}');
  }

  private Iterable<Object> keys(Map<?, ?> map, StepLimit budget) {
    if (!sorted) {
      return Values.each(map);
    }
    List<Object> keys = Values.list(map, budget);
    Ordering.sort(keys, Ordering.by(budget));
    return keys;
  }

  private static String key(Object key) {
    if (key instanceof String text) {
      return text;
    }
    if (key instanceof None) {
      return "null";
    }
    if (key instanceof Boolean || key instanceof Long) {
      return key.toString();
    }
    if (Numbers.isNumber(key)) {
      return PythonRepr.repr(key);
    }
    throw new TemplateError("keys must be str, int, float, bool or None, not " + Types.name(key));
  }

  private void newLine(int depth) {
    if (indent != null) {
      if (to.length() + (long) depth * indent.length() > Limits.TEXT) {
        throw new TemplateError("a value is too large or too deep for JSON");
      }
      to.append('\n');
      for (int i = 0; i < depth; i++) {
        to.append(indent);
      }
    }
  }

  private void quoted(String text) {
    to.append('"');
    int copied = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || (ascii && c > '~')) {
        to.append(text, copied, i);
        copied = i + 1;
        escaped(c);
      }
    }
    to.append(text, copied, text.length()).append('"');
  }

  private void escaped(char c) {
    switch (c) {
      case '"' -> to.append("\\\"");
      case '\\' -> to.append("\\\\");
      case '\n' -> to.append("\\n");
      case '\r' -> to.append("\\r");
      case '\t' -> to.append("\\t");
      case '\b' -> to.append("\\b");
      case '\f' -> to.append("\\f");
      default -> {
        if (c == 0x7f) {
          to.append(c);
        } else {
          Text.appendHex(to.append("\\u"), c, 4);
        }
      }
    }
  }
}
