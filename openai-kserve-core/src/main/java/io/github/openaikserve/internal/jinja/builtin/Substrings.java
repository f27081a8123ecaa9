package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.Search;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Tuple;
import io.github.openaikserve.internal.jinja.value.Types;
import java.util.function.Predicate;

/** The methods of strings that find, count, remove or replace a part. */
final class Substrings {
  private Substrings() {}

  /**
   * The part of a text between {@code start} and {@code end}.
   *
   * @param before the number of characters before the part
   * @param isOutside whether the part starts after the end of the text, where not even an empty
   *     text is found
   */
  private record Part(String text, long before, boolean isOutside) {
    static Part of(String text, Args args) {
      Object start = args.some(1);
      Object end = args.some(2);
      if (start == null && end == null) {
        return new Part(text, 0, false);
      }
      args.budget().read(text.length());
      int length = Text.length(text);
      long from = bound(start == null ? 0 : Numbers.whole(start), length);
      long to = Math.min(length, bound(end == null ? length : Numbers.whole(end), length));
      if (from > length || from > to) {
        return new Part("", from, true);
      }
      int first = text.offsetByCodePoints(0, (int) from);
      int last = text.offsetByCodePoints(first, (int) (to - from));
      return new Part(text.substring(first, last), from, false);
    }

    private static long bound(long index, int length) {
      return index < 0 ? Math.max(0, index + length) : index;
    }
  }

  /** Returns whether a text starts, or ends, with a text or with any text of a tuple. */
  static Object ends(String text, Args args, boolean start) {
    Part part = Part.of(text, args);
    return any(
        args.get(0),
        wanted -> {
          args.budget().scan(wanted.length());
          return !part.isOutside()
              && (start ? part.text().startsWith(wanted) : part.text().endsWith(wanted));
        });
  }

  /** Returns the position of the first or the last occurrence of a text; -1 for none. */
  static long find(String text, Args args, boolean last) {
    Part part = Part.of(text, args);
    String wanted = args.text(0);
    if (part.isOutside()) {
      return -1;
    }
    int at =
        last
            ? Search.findLast(part.text(), wanted, args.budget())
            : Search.find(part.text(), wanted, 0, args.budget());
    return at < 0 ? -1 : part.before() + part.text().codePointCount(0, at);
  }

  /** Returns whether the test is true for a text, or for any text of a tuple. */
  private static boolean any(Object one, Predicate<String> holds) {
    if (one instanceof Tuple several) {
      return several.stream().anyMatch(each -> each instanceof String text && holds.test(text));
    }
    if (one instanceof String text) {
      return holds.test(text);
    }
    throw Types.wrong("a str or a tuple of them is required, not '" + Types.name(one) + "'", one);
  }

  static String withoutPrefix(String text, Args args) {
    args.budget().read(text.length());
    String prefix = args.text(0);
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  static String withoutSuffix(String text, Args args) {
    args.budget().read(text.length());
    String suffix = args.text(0);
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  /** Returns the position of a text that must occur. */
  static long known(long index) {
    if (index < 0) {
      throw new TemplateError("substring not found");
    }
    return index;
  }

  static long count(String text, Args args) {
    Part part = Part.of(text, args);
    return part.isOutside() ? 0 : count(part.text(), args.text(0), args.budget());
  }

  private static long count(String text, String part, StepLimit budget) {
    if (part.isEmpty()) {
      budget.read(text.length());
      return Text.length(text) + 1L;
    }
    long count = 0;
    budget.scan(text.length());
    for (int at = Search.next(text, part, 0, budget); at >= 0; count++) {
      at = Search.next(text, part, at + part.length(), budget);
    }
    return count;
  }

  static String replace(String text, Args args) {
    return replace(text, args.text(0), args.text(1), args.size(2, -1), args.budget());
  }

  static String replace(String text, String old, String with, int times, StepLimit budget) {
    if (times == 0) {
      return text;
    }
    long found = Math.min(count(text, old, budget), times < 0 ? Long.MAX_VALUE : times);
    budget.text(text.length() + found * Math.max(0, with.length() - old.length()));
    if (old.length() <= 16 && times < 0) {
      return text.replace(old, with);
    }
    var replaced = new StringBuilder();
    int from = 0;
    for (long i = 0; i < found; i++) {
      int at = old.isEmpty() ? (int) i : Search.next(text, old, from, budget);
      replaced.append(text, from, at).append(with);
      from = at + old.length();
    }
    return replaced.append(text, from, text.length()).toString();
  }
}
