package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Equality;
import io.github.openaikserve.internal.jinja.value.Limits;
import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Types;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The string methods that replace single characters. */
final class Translation {
  private Translation() {}

  static String expandTabs(String text, Args args) {
    int size = args.size(0, 8);
    StepLimit budget = args.budget();
    budget.text(text.length());
    var expanded = new StringBuilder(text.length());
    long column = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        int spaces = size <= 0 ? 0 : (int) (size - column % size);
        budget.text(spaces);
        append(expanded, " ".repeat(spaces));
        column += spaces;
      } else {
        expanded.append(c);
        column = c == '\n' || c == '\r' ? 0 : Character.isLowSurrogate(c) ? column : column + 1;
      }
    }
    return expanded.toString();
  }

  static String translate(String text, Args args) {
    if (!(args.get(0) instanceof Map<?, ?> table)) {
      throw Types.wrong("translate takes a dict, not " + Types.name(args.get(0)), args.get(0));
    }
    StepLimit budget = args.budget();
    budget.read(8L * text.length());
    var translated = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      append(translated, c, Equality.find(table, (long) c, budget), budget);
      i += Character.charCount(c);
    }
    return translated.toString();
  }

  private static void append(StringBuilder to, String text) {
    if (to.length() + (long) text.length() > Limits.TEXT) {
      throw new TemplateError("a text is longer than " + Limits.TEXT + " characters");
    }
    to.append(text);
  }

  private static void append(StringBuilder to, int c, @Nullable Object with, StepLimit budget) {
    if (with == null) {
      to.appendCodePoint(c);
    } else if (with instanceof String text) {
      budget.text(text.length());
      append(to, text);
    } else if (with != None.NONE) {
      long point = Numbers.whole(with);
      if (point < 0 || point > Character.MAX_CODE_POINT) {
        throw new TemplateError("character mapping must be in range(0x110000)");
      }
      to.appendCodePoint((int) point);
    }
  }

  /** Implements {@code maketrans}, which does not depend on the text. */
  static Object table(String text, Args args) {
    Map<Object, Object> table = new LinkedHashMap<>();
    Object first = args.get(0);
    if (args.given(1) == null) {
      if (!(first instanceof Map<?, ?> map)) {
        throw Types.wrong("if you give only one argument to maketrans it must be a dict", first);
      }
      args.budget().list(map.size());
      map.forEach((key, value) -> table.put(key(key), value));
      return table;
    }
    int[] from = args.text(0).codePoints().toArray();
    int[] to = args.text(1).codePoints().toArray();
    if (from.length != to.length) {
      throw new TemplateError("the first two maketrans arguments must have equal length");
    }
    String removed = args.text(2, "");
    args.budget().list(from.length + (long) removed.length());
    for (int i = 0; i < from.length; i++) {
      table.put((long) from[i], (long) to[i]);
    }
    removed.codePoints().forEach(c -> table.put((long) c, None.NONE));
    return table;
  }

  private static Object key(Object key) {
    if (!(key instanceof String text)) {
      return key;
    }
    if (text.codePointCount(0, text.length()) != 1) {
      throw new TemplateError("string keys in translate table must be of length 1");
    }
    return (long) text.codePointAt(0);
  }
}
