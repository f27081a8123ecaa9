package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.DictView;
import io.github.openaikserve.internal.jinja.value.Json;
import io.github.openaikserve.internal.jinja.value.Markup;
import io.github.openaikserve.internal.jinja.value.PercentFormat;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Tuple;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Undefined;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All filters. Those of lists, numbers and texts, and those that sort, are defined in separate
 * classes.
 */
public final class Filters {
  public static final Builtins TABLE = new Builtins("filter");

  static {
    TABLE
        .text("trim", "chars?", (text, args) -> StringMethods.strip(text, args, true, true))
        .changingCase("upper", 2, Text::upper)
        .changingCase("lower", 2, Text::lower)
        .changingCase("capitalize", 2, Text::capitalize)
        .changingCase("title", 8, Filters::title)
        .reading("wordcount", 2, Filters::words)
        .add("string", "", Filters::string)
        .add("safe", "", (value, args) -> new Markup(string(value, args)))
        .text("escape", "", Filters::escape)
        .alias("e", "escape")
        .text("forceescape", "", Filters::escape)
        .add("length", "", Filters::length)
        .alias("count", "length")
        .add("default", "value? boolean?", Filters::orDefault)
        .alias("d", "default")
        .text("replace", "old new count?", Filters::replace)
        .text("indent", "width? first? blank?", Filters::indent)
        .text("truncate", "length? killwords? end? leeway?", Filters::truncate)
        .text("format", "*", Filters::format)
        .add("tojson", "indent? separators? ensure_ascii? sort_keys?", Filters::toJson)
        .add("pprint", "", (value, args) -> paid(SortFilters.repr(value, args.budget()), args))
        .add("attr", "name", (value, args) -> Attributes.own(value, args.text(0)))
        .add("items", Filters::items);
    NumberFilters.addTo(TABLE);
    ListFilters.addTo(TABLE);
    SortFilters.addTo(TABLE);
    TextFilters.addTo(TABLE);
  }

  private Filters() {}

  private static Object escape(String text, Args args) {
    args.budget().text(6L * text.length());
    return new Markup(Markup.escaped(text));
  }

  /** Returns a value as text. A value that is already a text costs nothing. */
  private static String string(Object value, Args args) {
    return value instanceof String text ? text : paid(PythonRepr.text(value, args.budget()), args);
  }

  private static String paid(String text, Args args) {
    args.budget().text(text.length());
    return text;
  }

  private static Object replace(String text, Args args) {
    String old = PythonRepr.text(args.get(0), args.budget());
    String with = PythonRepr.text(args.get(1), args.budget());
    return Substrings.replace(text, old, with, args.size(2, -1), args.budget());
  }

  /** Jinja's own {@code title}: a capital at the beginning and after some characters only. */
  private static String title(String text) {
    var titled = new StringBuilder(text.length());
    for (int from = 0, to; from < text.length(); from = to) {
      boolean between = isBetweenWords(text.charAt(from));
      to = from + Character.charCount(text.codePointAt(from));
      titled.append(Text.upper(text.substring(from, to)));
      int rest = to;
      while (to < text.length() && isBetweenWords(text.charAt(to)) == between) {
        to++;
      }
      titled.append(Text.lower(text.substring(rest, to)));
    }
    return titled.toString();
  }

  private static boolean isBetweenWords(char c) {
    return "-([{<".indexOf(c) >= 0 || Text.isSpace(c);
  }

  private static Object length(Object value, Args args) {
    args.budget().scan(value instanceof String text ? text.length() : 0);
    int size = Values.size(value);
    if (size < 0) {
      throw Types.wrong("object of type '" + Types.name(value) + "' has no len()", value);
    }
    return (long) size;
  }

  private static Object orDefault(Object value, Args args) {
    boolean missing = value instanceof Undefined || (args.truth(1) && !Values.truth(value));
    return missing ? args.or(0, "") : value;
  }

  private static Object indent(String text, Args args) {
    String by = Args.indentation(args.or(0, 4L), 1000);
    List<String> lines = Text.lines(text + "\n", false);
    args.budget().text(text.length() + (long) lines.size() * by.length());
    var indented = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean pushed = i == 0 ? args.truth(1) : !line.isEmpty() || args.truth(2);
      indented.append(i == 0 ? "" : "\n").append(pushed ? by : "").append(line);
    }
    return indented.toString();
  }

  private static Object words(String text) {
    long words = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      boolean part = Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_';
      words += part && !inWord ? 1 : 0;
      inWord = part;
    }
    return words;
  }

  private static Object truncate(String text, Args args) {
    args.budget().read(2L * text.length());
    int length = args.size(0, 255);
    String end = args.text(2, "...");
    if (Text.length(text) <= length + args.size(3, 5)) {
      return text;
    }
    String cut = Text.cut(text, Math.max(0, length - Text.length(end)));
    int space = cut.lastIndexOf(' ');
    return (args.truth(1) || space < 0 ? cut : cut.substring(0, space)) + end;
  }

  private static Object format(String format, Args args) {
    Object values = args.named().isEmpty() ? new Tuple(args.all()) : args.named();
    return PercentFormat.of(format, values, args.budget());
  }

  private static Object toJson(Object value, Args args) {
    Object indent = args.some(0);
    String by = indent == null ? null : Args.indentation(indent, 100);
    String comma = by == null ? ", " : ",";
    String colon = ": ";
    if (args.some(1) instanceof List<?> separators && separators.size() == 2) {
      comma = PythonRepr.text(Values.of(separators.get(0)), args.budget());
      colon = PythonRepr.text(Values.of(separators.get(1)), args.budget());
    }
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return new Json(by, comma, colon, args.truth(2), args.truth(3)).of(value, args.budget());
  }

  private static Object items(Object value) {
    if (value instanceof Undefined) {
      return new ArrayList<>();
    }
    if (value instanceof Map<?, ?> map) {
      return DictView.items(map);
    }
    throw new TemplateError("Can only get item pairs from a mapping.");
  }
}
