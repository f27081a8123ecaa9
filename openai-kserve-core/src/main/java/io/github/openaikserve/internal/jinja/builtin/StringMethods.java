package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.Search;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Tuple;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** The methods of strings. */
final class StringMethods {
  static final Builtins TABLE = new Builtins("method");

  static {
    TABLE
        .text("strip", "chars?", (text, args) -> strip(text, args, true, true))
        .text("lstrip", "chars?", (text, args) -> strip(text, args, true, false))
        .text("rstrip", "chars?", (text, args) -> strip(text, args, false, true))
        .changingCase("upper", 2, Text::upper)
        .changingCase("lower", 2, Text::lower)
        .changingCase("casefold", 4, Text::caseFold)
        .changingCase("title", 4, Text::title)
        .changingCase("capitalize", 2, Text::capitalize)
        .changingCase("swapcase", 4, Text::swapCase)
        .reading("isdigit", 4, all(StringMethods::isDigit))
        .reading("isdecimal", 4, all(Character::isDigit))
        .reading("isnumeric", 4, all(StringMethods::isNumeric))
        .reading("isalpha", 4, all(Character::isLetter))
        .reading("isalnum", 4, all(Character::isLetterOrDigit))
        .reading("isspace", 4, all(Text::isSpace))
        .reading("isascii", 2, text -> text.chars().allMatch(c -> c < 0x80))
        .reading("isprintable", 4, text -> text.codePoints().allMatch(PythonRepr::isShown))
        .reading("isidentifier", 4, Text::isIdentifier)
        .reading("istitle", 4, Text::isTitle)
        .reading("isupper", 4, allCased(Character::isUpperCase))
        .reading("islower", 4, allCased(Character::isLowerCase))
        .text("startswith", "prefix start? end?", (text, args) -> ends(text, args, true))
        .text("endswith", "suffix start? end?", (text, args) -> ends(text, args, false))
        .text("removeprefix", "prefix", StringMethods::withoutPrefix)
        .text("removesuffix", "suffix", StringMethods::withoutSuffix)
        .text("find", "sub start? end?", (text, args) -> find(text, args, false))
        .text("rfind", "sub start? end?", (text, args) -> find(text, args, true))
        .text("index", "sub start? end?", (text, args) -> known(find(text, args, false)))
        .text("rindex", "sub start? end?", (text, args) -> known(find(text, args, true)))
        .text("count", "sub start? end?", StringMethods::count)
        .text("format", "*", StringFormat::of)
        .text("replace", "old new count?", StringMethods::replace)
        .text("split", "sep? maxsplit?", Splitting::split)
        .text("rsplit", "sep? maxsplit?", Splitting::rsplit)
        .text("splitlines", "keepends?", Splitting::lines)
        .text("partition", "sep", (text, args) -> Splitting.partition(text, args, false))
        .text("rpartition", "sep", (text, args) -> Splitting.partition(text, args, true))
        .text("join", "iterable", StringMethods::join)
        .text("zfill", "width", StringMethods::zfill)
        .text("ljust", "width fill?", (text, args) -> padded(text, args, Align.LEFT))
        .text("rjust", "width fill?", (text, args) -> padded(text, args, Align.RIGHT))
        .text("center", "width fill?", (text, args) -> padded(text, args, Align.CENTER))
        .text("format_map", "mapping", StringFormat::ofMap)
        .text("expandtabs", "tabsize?", Translation::expandTabs)
        .text("translate", "table", Translation::translate)
        .text("maketrans", "x y? z?", Translation::table)
        .text("encode", "encoding?", (text, args) -> text);
  }

  private StringMethods() {}

  static String strip(String text, Args args, boolean left, boolean right) {
    String chars = args.someText(0);
    if (chars != null && chars.length() > 64) {
      args.budget().read((long) text.length() * chars.length());
    }
    IntPredicate what = chars == null ? Text::isSpace : c -> chars.indexOf(c) >= 0;
    String stripped = Text.strip(text, what, left, right);
    // The remaining text is copied at once; the removed characters are read one by one.
    args.budget().scan(stripped.length());
    args.budget().read(2L * (text.length() - stripped.length()));
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

  private static Object ends(String text, Args args, boolean start) {
    Part part = Part.of(text, args);
    return any(
        args.get(0),
        wanted -> {
          args.budget().scan(wanted.length());
          return !part.isOutside()
              && (start ? part.text().startsWith(wanted) : part.text().endsWith(wanted));
        });
  }

  private static long find(String text, Args args, boolean last) {
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

  private static String withoutPrefix(String text, Args args) {
    args.budget().read(text.length());
    String prefix = args.text(0);
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static String withoutSuffix(String text, Args args) {
    args.budget().read(text.length());
    String suffix = args.text(0);
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static long known(long index) {
    if (index < 0) {
      throw new TemplateError("substring not found");
    }
    return index;
  }

  private static long count(String text, Args args) {
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

  private static String replace(String text, Args args) {
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

  private static String join(String between, Args args) {
    if (!Values.isIterable(args.get(0))) {
      throw Types.wrong("can only join an iterable", args.get(0));
    }
    var joined = new StringJoiner(between);
    int count = 0;
    for (Object element : Values.each(args.get(0))) {
      if (!(element instanceof String text)) {
        throw Types.wrong(
            "sequence item %d: expected str instance, %s found"
                .formatted(count, Types.name(element)),
            element);
      }
      args.budget().list(2);
      args.budget().text(text.length() + between.length());
      joined.add(text);
      count++;
    }
    return joined.toString();
  }

  /** Includes superscript digits, as Python does. */
  private static boolean isDigit(int c) {
    return Character.isDigit(c) || "\u00b2\u00b3\u00b9".indexOf(c) >= 0;
  }

  static boolean isNumeric(int c) {
    return Character.isDigit(c)
        || Character.getType(c) == Character.OTHER_NUMBER
        || Character.getType(c) == Character.LETTER_NUMBER;
  }

  private static Function<String, Object> all(IntPredicate what) {
    return text -> !text.isEmpty() && text.codePoints().allMatch(what);
  }

  /** Returns a test of the characters that have a case, of which there must be at least one. */
  static Function<String, Object> allCased(IntPredicate what) {
    return text ->
        text.codePoints().anyMatch(Text::isCased)
            && text.codePoints().filter(Text::isCased).allMatch(what);
  }

  private static String zfill(String text, Args args) {
    int width = args.size(0, 0);
    args.budget().text(Math.max(text.length(), width));
    String sign = text.startsWith("-") || text.startsWith("+") ? text.substring(0, 1) : "";
    int zeros = Math.max(0, width - Text.length(text));
    return sign + "0".repeat(zeros) + text.substring(sign.length());
  }

  private static String padded(String text, Args args, Align align) {
    return align.pad(text, args.size(0, 0), args.text(1, " "), args.budget());
  }

  /** The position of a text in a wider field. */
  enum Align {
    LEFT,
    CENTER,
    RIGHT;

    String pad(String text, int width, String fill, StepLimit budget) {
      budget.text(Math.max(text.length(), width));
      int missing = Math.max(0, width - Text.length(text));
      int left =
          switch (this) {
            case LEFT -> 0;
            case CENTER -> missing / 2 + (missing & width & 1);
            case RIGHT -> missing;
          };
      return fill.repeat(left) + text + fill.repeat(missing - left);
    }
  }
}
