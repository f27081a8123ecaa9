package io.github.openaikserve.internal.jinja.value;

/**
 * A text that {@code safe} or {@code escape} has marked as safe. It behaves like other text, but
 * {@code +} escapes the other operand, and some filters keep the mark. Immutable.
 */
public record Markup(String text) {
  /** Returns a value without its mark. */
  public static Object plain(Object value) {
    return value instanceof Markup marked ? marked.text : value;
  }

  /** Joins two texts, of which at least one is marked. */
  public static Markup sum(Object left, Object right, StepLimit budget) {
    if (!isText(left) || !isText(right)) {
      throw Types.operands("+", plain(left), plain(right));
    }
    String first = safe(left);
    String second = safe(right);
    budget.text((long) first.length() + second.length());
    return new Markup(first + second);
  }

  private static boolean isText(Object value) {
    return value instanceof Markup || value instanceof String;
  }

  private static String safe(Object value) {
    return value instanceof Markup marked ? marked.text : escaped((String) value);
  }

  /** Escapes a text for HTML. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }
}
