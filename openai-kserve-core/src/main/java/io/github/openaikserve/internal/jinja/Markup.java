package io.github.openaikserve.internal.jinja;

import java.util.Set;

/**
 * A text that {@code safe} or {@code escape} has marked as safe. It behaves like other text, but
 * {@code +} escapes the other operand, and some filters keep the mark. Immutable.
 */
record Markup(String text) {
  /** The filters that keep the mark. */
  private static final Set<String> KEEPING =
      Set.of("safe", "escape", "forceescape", "string", "upper", "lower", "capitalize", "trim");

  /** Returns a value without its mark. */
  static Object plain(Object value) {
    return value instanceof Markup marked ? marked.text : value;
  }

  /** Applies a filter to this text. */
  Object filtered(Builtin filter, RenderContext run, Args args) {
    if (filter.name().equals("escape")) {
      return this;
    }
    if (filter.name().equals("escaped")) {
      return true;
    }
    Object result = filter.call(run, text, args);
    return KEEPING.contains(filter.name()) && result instanceof String kept
        ? new Markup(kept)
        : result;
  }

  /** Joins two texts, of which at least one is marked. */
  static Markup sum(Object left, Object right, StepLimit budget) {
    if (!isText(left) || !isText(right)) {
      throw Types.operands("+", plain(left), plain(right));
    }
    String first = escaped(left);
    String second = escaped(right);
    budget.text((long) first.length() + second.length());
    return new Markup(first + second);
  }

  private static boolean isText(Object value) {
    return value instanceof Markup || value instanceof String;
  }

  private static String escaped(Object value) {
    return value instanceof Markup marked ? marked.text : Filters.escaped((String) value);
  }
}
