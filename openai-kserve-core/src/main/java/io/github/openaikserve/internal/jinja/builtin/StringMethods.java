package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.Search;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Tuple;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The methods of strings. */
final class StringMethods {
  static final Builtins TABLE = new Builtins();

  static {
    TABLE.add("strip", "chars?", (run, self, args) -> strip(run, self, args, true, true));
    TABLE.add("lstrip", "chars?", (run, self, args) -> strip(run, self, args, true, false));
    TABLE.add("rstrip", "chars?", (run, self, args) -> strip(run, self, args, false, true));
    reading("upper", "", (self, args) -> Text.upper((String) self));
    reading("lower", "", (self, args) -> Text.lower((String) self));
    reading("casefold", "", (self, args) -> Text.lower(Text.upper((String) self)));
    reading("title", "", (self, args) -> Text.title((String) self));
    reading("capitalize", "", (self, args) -> Text.capitalize((String) self));
    reading("swapcase", "", (self, args) -> swapCase((String) self));
    TABLE.add("startswith", "prefix start? end?", (run, self, args) -> ends(run, self, args, true));
    TABLE.add("endswith", "suffix start? end?", (run, self, args) -> ends(run, self, args, false));
    reading("removeprefix", "prefix", (self, args) -> withoutPrefix((String) self, args.text(0)));
    reading("removesuffix", "suffix", (self, args) -> withoutSuffix((String) self, args.text(0)));
    TABLE.add("find", "sub start? end?", (run, self, args) -> index(run, self, args, false));
    TABLE.add("rfind", "sub start? end?", (run, self, args) -> index(run, self, args, true));
    TABLE.add(
        "index", "sub start? end?", (run, self, args) -> known(index(run, self, args, false)));
    TABLE.add(
        "rindex", "sub start? end?", (run, self, args) -> known(index(run, self, args, true)));
    TABLE.add(
        "count",
        "sub start? end?",
        (run, self, args) -> {
          Part part = Part.of((String) self, args, run.budget);
          return part.isOutside() ? 0L : count(part.text(), args.text(0), run.budget);
        });
    TABLE.add("format", "*", StringFormat::of);
    TABLE.add(
        "replace",
        "old new count?",
        (run, self, args) ->
            replace((String) self, args.text(0), args.text(1), args.size(2, -1), run.budget));
    TABLE.add(
        "split",
        "sep? maxsplit?",
        (run, self, args) -> Splitting.split((String) self, args, run.budget));
    TABLE.add(
        "rsplit",
        "sep? maxsplit?",
        (run, self, args) -> Splitting.rsplit((String) self, args, run.budget));
    TABLE.add(
        "splitlines",
        "keepends?",
        (run, self, args) -> {
          run.budget.text(((String) self).length());
          return new ArrayList<Object>(Text.lines((String) self, args.truth(0)));
        });
    TABLE.add(
        "partition",
        "sep",
        (run, self, args) -> Splitting.partition((String) self, args.text(0), false, run.budget));
    TABLE.add(
        "rpartition",
        "sep",
        (run, self, args) -> Splitting.partition((String) self, args.text(0), true, run.budget));
    TABLE.add(
        "join", "iterable", (run, self, args) -> join((String) self, args.get(0), run.budget));
    reading("isdigit", "", (self, args) -> all((String) self, StringMethods::isDigit));
    reading("isdecimal", "", (self, args) -> all((String) self, Character::isDigit));
    reading("isnumeric", "", (self, args) -> all((String) self, StringMethods::isNumeric));
    reading("isalpha", "", (self, args) -> all((String) self, Character::isLetter));
    reading("isalnum", "", (self, args) -> all((String) self, Character::isLetterOrDigit));
    reading("isspace", "", (self, args) -> all((String) self, Text::isSpace));
    reading("isupper", "", (self, args) -> isCase((String) self, Character::isUpperCase));
    reading("islower", "", (self, args) -> isCase((String) self, Character::isLowerCase));
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

  /** Adds a method that reads every character of its text. */
  private static void reading(String name, String takes, Builtins.Plain body) {
    TABLE.add(
        name,
        takes,
        (run, self, args) -> {
          run.budget.read(((String) self).length());
          return body.call(self, args);
        });
  }

  static String strip(RenderContext run, Object self, Args args, boolean left, boolean right) {
    String text = (String) self;
    String chars = args.someText(0);
    if (chars != null && chars.length() > 64) {
      run.budget.read((long) text.length() * chars.length());
    }
    IntPredicate what = chars == null ? Text::isSpace : c -> chars.indexOf(c) >= 0;
    String stripped = Text.strip(text, what, left, right);
    // The remaining text is copied at once; the removed characters are read one by one.
    run.budget.scan(stripped.length());
    run.budget.read(2L * (text.length() - stripped.length()));
    return stripped;
  }

  /**
   * The part of a text between {@code start} and {@code end}.
   *
   * @param before the number of characters before the part
   * @param isOutside whether the part starts after the end of the text, where not even an empty
   *     text is found
   */
  private record Part(String text, long before, boolean isOutside) {
    static Part of(String text, Args args, StepLimit budget) {
      Object start = args.some(1);
      Object end = args.some(2);
      if (start == null && end == null) {
        return new Part(text, 0, false);
      }
      budget.read(text.length());
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

  private static Object ends(RenderContext run, Object self, Args args, boolean start) {
    Part part = Part.of((String) self, args, run.budget);
    return any(
        args.get(0),
        wanted -> {
          run.budget.scan(wanted.length());
          return !part.isOutside()
              && (start ? part.text().startsWith(wanted) : part.text().endsWith(wanted));
        });
  }

  private static long index(RenderContext run, Object self, Args args, boolean last) {
    Part part = Part.of((String) self, args, run.budget);
    String wanted = args.text(0);
    if (part.isOutside()) {
      return -1;
    }
    int at =
        last
            ? Search.findLast(part.text(), wanted, run.budget)
            : Search.find(part.text(), wanted, 0, run.budget);
    return at < 0 ? -1 : part.before() + part.text().codePointCount(0, at);
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

  private static String withoutPrefix(String text, String prefix) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static String withoutSuffix(String text, String suffix) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static long known(long index) {
    if (index < 0) {
      throw new TemplateError("substring not found");
    }
    return index;
  }

  private static long count(String text, String part, StepLimit budget) {
    if (part.isEmpty()) {
      return Text.length(text) + 1L;
    }
    long count = 0;
    budget.scan(text.length());
    for (int at = Search.next(text, part, 0, budget); at >= 0; count++) {
      at = Search.next(text, part, at + part.length(), budget);
    }
    return count;
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

  private static String join(String between, Object iterable, StepLimit budget) {
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

  /** Includes superscript digits, as Python does. */
  private static boolean isDigit(int c) {
    return Character.isDigit(c) || "\u00b2\u00b3\u00b9".indexOf(c) >= 0;
  }

  private static boolean isNumeric(int c) {
    return Character.isDigit(c)
        || Character.getType(c) == Character.OTHER_NUMBER
        || Character.getType(c) == Character.LETTER_NUMBER;
  }

  private static boolean all(String text, IntPredicate what) {
    return !text.isEmpty() && text.codePoints().allMatch(what);
  }

  private static boolean isCase(String text, IntPredicate what) {
    IntStream cased = text.codePoints().filter(Text::isCased);
    return text.codePoints().anyMatch(Text::isCased) && cased.allMatch(what);
  }

  private static String zfill(String text, int width, StepLimit budget) {
    budget.text(Math.max(0, width));
    String sign = text.startsWith("-") || text.startsWith("+") ? text.substring(0, 1) : "";
    int zeros = Math.max(0, width - Text.length(text));
    return sign + "0".repeat(zeros) + text.substring(sign.length());
  }

  private static String padded(String text, Args args, int share, StepLimit budget) {
    int width = args.size(0, 0);
    budget.text(Math.max(0, width));
    @Nullable String given = args.someText(1);
    String fill = given == null ? " " : given;
    int missing = Math.max(0, width - Text.length(text));
    int left = share == 0 ? 0 : share == 2 ? missing : missing / 2 + (missing & width & 1);
    return fill.repeat(left) + text + fill.repeat(missing - left);
  }
}
