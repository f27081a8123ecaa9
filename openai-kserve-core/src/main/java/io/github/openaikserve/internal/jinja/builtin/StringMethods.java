package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.function.IntPredicate;

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
        .text("startswith", "prefix start? end?", (text, args) -> Substrings.ends(text, args, true))
        .text("endswith", "suffix start? end?", (text, args) -> Substrings.ends(text, args, false))
        .text("removeprefix", "prefix", Substrings::withoutPrefix)
        .text("removesuffix", "suffix", Substrings::withoutSuffix)
        .text("find", "sub start? end?", (text, args) -> Substrings.find(text, args, false))
        .text("rfind", "sub start? end?", (text, args) -> Substrings.find(text, args, true))
        .text(
            "index",
            "sub start? end?",
            (text, args) -> Substrings.known(Substrings.find(text, args, false)))
        .text(
            "rindex",
            "sub start? end?",
            (text, args) -> Substrings.known(Substrings.find(text, args, true)))
        .text("count", "sub start? end?", Substrings::count)
        .text("format", "*", StringFormat::of)
        .text("replace", "old new count?", Substrings::replace)
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
