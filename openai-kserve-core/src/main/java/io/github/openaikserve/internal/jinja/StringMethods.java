package io.github.openaikserve.internal.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The methods of texts. */
final class StringMethods {
  static final Builtins TABLE = new Builtins();

  static {
    TABLE.add("strip", "chars?", (self, args) -> strip(self, args, true, true));
    TABLE.add("lstrip", "chars?", (self, args) -> strip(self, args, true, false));
    TABLE.add("rstrip", "chars?", (self, args) -> strip(self, args, false, true));
    TABLE.add("upper", "", (self, args) -> Text.upper((String) self));
    TABLE.add("lower", "", (self, args) -> Text.lower((String) self));
    TABLE.add("casefold", "", (self, args) -> Text.lower(Text.upper((String) self)));
    TABLE.add("title", "", (self, args) -> Text.title((String) self));
    TABLE.add("capitalize", "", (self, args) -> Text.capitalize((String) self));
    TABLE.add("swapcase", "", (self, args) -> swapCase((String) self));
    TABLE.add(
        "startswith", "prefix", (self, args) -> any(args.get(0), ((String) self)::startsWith));
    TABLE.add("endswith", "suffix", (self, args) -> any(args.get(0), ((String) self)::endsWith));
    TABLE.add("removeprefix", "prefix", (self, args) -> withoutPrefix((String) self, args.text(0)));
    TABLE.add("removesuffix", "suffix", (self, args) -> withoutSuffix((String) self, args.text(0)));
    TABLE.add(
        "find", "sub", (self, args) -> index((String) self, ((String) self).indexOf(args.text(0))));
    TABLE.add(
        "rfind",
        "sub",
        (self, args) -> index((String) self, ((String) self).lastIndexOf(args.text(0))));
    TABLE.add(
        "index",
        "sub",
        (self, args) -> known(index((String) self, ((String) self).indexOf(args.text(0)))));
    TABLE.add(
        "rindex",
        "sub",
        (self, args) -> known(index((String) self, ((String) self).lastIndexOf(args.text(0)))));
    TABLE.add("count", "sub", (self, args) -> count((String) self, args.text(0)));
    TABLE.add(
        "replace",
        "old new count?",
        (run, self, args) ->
            replace((String) self, args.text(0), args.text(1), args.size(2, -1), run.budget));
    TABLE.add(
        "split", "sep? maxsplit?", (run, self, args) -> split((String) self, args, run.budget));
    TABLE.add(
        "rsplit", "sep? maxsplit?", (run, self, args) -> rsplit((String) self, args, run.budget));
    TABLE.add(
        "splitlines",
        "keepends?",
        (run, self, args) -> {
          run.budget.text(((String) self).length());
          return new ArrayList<Object>(Text.lines((String) self, args.truth(0)));
        });
    TABLE.add("partition", "sep", (self, args) -> partition((String) self, args.text(0), false));
    TABLE.add("rpartition", "sep", (self, args) -> partition((String) self, args.text(0), true));
    TABLE.add(
        "join", "iterable", (run, self, args) -> join((String) self, args.get(0), run.budget));
    TABLE.add("isdigit", "", (self, args) -> all((String) self, Character::isDigit));
    TABLE.add("isdecimal", "", (self, args) -> all((String) self, Character::isDigit));
    TABLE.add("isnumeric", "", (self, args) -> all((String) self, Character::isDigit));
    TABLE.add("isalpha", "", (self, args) -> all((String) self, Character::isLetter));
    TABLE.add("isalnum", "", (self, args) -> all((String) self, Character::isLetterOrDigit));
    TABLE.add("isspace", "", (self, args) -> all((String) self, Text::isSpace));
    TABLE.add("isupper", "", (self, args) -> isCase((String) self, Character::isUpperCase));
    TABLE.add("islower", "", (self, args) -> isCase((String) self, Character::isLowerCase));
    TABLE.add(
        "zfill", "width", (run, self, args) -> zfill((String) self, args.size(0, 0), run.budget));
    TABLE.add(
        "ljust", "width fill?", (run, self, args) -> padded((String) self, args, 0, run.budget));
    TABLE.add(
        "rjust", "width fill?", (run, self, args) -> padded((String) self, args, 2, run.budget));
    TABLE.add(
        "center", "width fill?", (run, self, args) -> padded((String) self, args, 1, run.budget));
    TABLE.add("encode", "encoding?", (self, args) -> self);
  }

  private StringMethods() {}

  static String strip(Object self, Args args, boolean left, boolean right) {
    String chars = args.someText(0);
    IntPredicate what = chars == null ? Text::isSpace : c -> chars.indexOf(c) >= 0;
    return Text.strip((String) self, what, left, right);
  }

  private static String swapCase(String text) {
    var swapped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c ->
                swapped.appendCodePoint(
                    Character.isUpperCase(c)
                        ? Character.toLowerCase(c)
                        : Character.toUpperCase(c)));
    return swapped.toString();
  }

  /** Whether it is so for a text, or for one of a tuple of them. */
  private static boolean any(Object one, Predicate<String> holds) {
    if (one instanceof Tuple several) {
      return several.stream().anyMatch(each -> each instanceof String text && holds.test(text));
    }
    if (one instanceof String text) {
      return holds.test(text);
    }
    throw Types.wrong("a str or a tuple of them is required, not '" + Types.name(one) + "'", one);
  }

  private static String withoutPrefix(String text, String prefix) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static String withoutSuffix(String text, String suffix) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static long index(String text, int at) {
    return at < 0 ? -1 : text.codePointCount(0, at);
  }

  private static long known(long index) {
    if (index < 0) {
      throw new Fault("substring not found");
    }
    return index;
  }

  private static long count(String text, String part) {
    if (part.isEmpty()) {
      return Text.length(text) + 1L;
    }
    long count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  static String replace(String text, String old, String with, int times, Budget budget) {
    if (times == 0) {
      return text;
    }
    long found = Math.min(count(text, old), times < 0 ? Long.MAX_VALUE : times);
    budget.text(text.length() + found * Math.max(0, with.length() - old.length()));
    if (times < 0) {
      return text.replace(old, with);
    }
    var replaced = new StringBuilder();
    int from = 0;
    for (long i = 0; i < found; i++) {
      int at = old.isEmpty() ? (int) i : text.indexOf(old, from);
      replaced.append(text, from, at).append(with);
      from = at + old.length();
    }
    return replaced.append(text, from, text.length()).toString();
  }

  private static Object split(String text, Args args, Budget budget) {
    budget.text(text.length());
    String separator = args.someText(0);
    int most = args.size(1, -1);
    List<Object> parts = new ArrayList<>();
    if (separator == null) {
      return splitAtSpace(text, most);
    }
    requireSeparator(separator);
    int from = 0;
    for (int at = text.indexOf(separator);
        at >= 0 && (most < 0 || parts.size() < most);
        at = text.indexOf(separator, from)) {
      budget.list(1);
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static void requireSeparator(String separator) {
    if (separator.isEmpty()) {
      throw new Fault("empty separator");
    }
  }

  private static Object splitAtSpace(String text, int most) {
    List<Object> parts = new ArrayList<>();
    String rest = Text.strip(text, Text::isSpace, true, false);
    while (!rest.isEmpty()) {
      if (most >= 0 && parts.size() == most) {
        parts.add(rest);
        break;
      }
      int end = 0;
      while (end < rest.length() && !Text.isSpace(rest.charAt(end))) {
        end++;
      }
      parts.add(rest.substring(0, end));
      rest = Text.strip(rest.substring(end), Text::isSpace, true, false);
    }
    return parts;
  }

  private static Object rsplit(String text, Args args, Budget budget) {
    String separator = args.someText(0);
    int most = args.size(1, -1);
    if (most < 0 || separator == null) {
      return split(text, args, budget);
    }
    requireSeparator(separator);
    budget.text(text.length());
    List<Object> parts = new ArrayList<>();
    int end = text.length();
    for (int at = text.lastIndexOf(separator);
        at >= 0 && parts.size() < most;
        at = text.lastIndexOf(separator, end - separator.length() - 1)) {
      budget.list(1);
      parts.add(text.substring(at + separator.length(), end));
      end = at;
      if (end < separator.length()) {
        break;
      }
    }
    parts.add(text.substring(0, end));
    Collections.reverse(parts);
    return parts;
  }

  private static Object partition(String text, String separator, boolean last) {
    requireSeparator(separator);
    int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (at < 0) {
      return last ? new Tuple("", "", text) : new Tuple(text, "", "");
    }
    return new Tuple(text.substring(0, at), separator, text.substring(at + separator.length()));
  }

  private static String join(String between, Object iterable, Budget budget) {
    if (!Values.isIterable(iterable)) {
      throw Types.wrong("can only join an iterable", iterable);
    }
    var joined = new StringBuilder();
    int count = 0;
    for (Iterator<Object> each = Values.iterate(iterable); each.hasNext(); count++) {
      Object element = each.next();
      if (!(element instanceof String text)) {
        throw Types.wrong(
            "sequence item %d: expected str instance, %s found"
                .formatted(count, Types.name(element)),
            element);
      }
      budget.text(text.length() + between.length());
      joined.append(count == 0 ? "" : between).append(text);
    }
    return joined.toString();
  }

  private static boolean all(String text, IntPredicate what) {
    return !text.isEmpty() && text.codePoints().allMatch(what);
  }

  private static boolean isCase(String text, IntPredicate what) {
    IntStream cased = text.codePoints().filter(Text::isCased);
    return text.codePoints().anyMatch(Text::isCased) && cased.allMatch(what);
  }

  private static String zfill(String text, int width, Budget budget) {
    budget.text(Math.max(0, width));
    String sign = text.startsWith("-") || text.startsWith("+") ? text.substring(0, 1) : "";
    int zeros = Math.max(0, width - Text.length(text));
    return sign + "0".repeat(zeros) + text.substring(sign.length());
  }

  private static String padded(String text, Args args, int share, Budget budget) {
    int width = args.size(0, 0);
    budget.text(Math.max(0, width));
    @Nullable String given = args.someText(1);
    String fill = given == null ? " " : given;
    int missing = Math.max(0, width - Text.length(text));
    int left = share == 0 ? 0 : share == 2 ? missing : missing / 2 + (missing & width & 1);
    return fill.repeat(left) + text + fill.repeat(missing - left);
  }
}
