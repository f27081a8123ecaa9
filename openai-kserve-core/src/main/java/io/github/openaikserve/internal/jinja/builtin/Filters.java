package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.DictView;
import io.github.openaikserve.internal.jinja.value.Json;
import io.github.openaikserve.internal.jinja.value.Markup;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.PercentFormat;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Tuple;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Undefined;
import io.github.openaikserve.internal.jinja.value.Values;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The filters, except those of lists, which are in {@link ListFilters}. */
public final class Filters {
  public static final Builtins TABLE = new Builtins();

  /** The syntax of real numbers in Python, which accepts fewer texts than Java. */
  private static final Pattern REAL =
      Pattern.compile(
          "[-+]?(?:\\d++(?:_\\d++)*+\\.?(?:\\d++(?:_\\d++)*+)?|\\.\\d++(?:_\\d++)*+)"
              + "(?:[eE][-+]?\\d++(?:_\\d++)*+)?");

  private static final Pattern NOT_FINITE =
      Pattern.compile("([-+]?)(inf|infinity|nan)", Pattern.CASE_INSENSITIVE);

  static {
    TABLE.add(
        "trim",
        "chars?",
        (run, self, args) -> StringMethods.strip(run, text(self), args, true, true));
    reading("upper", "", (self, args) -> Text.upper(text(self)));
    reading("lower", "", (self, args) -> Text.lower(text(self)));
    reading("capitalize", "", (self, args) -> Text.capitalize(text(self)));
    reading("title", "", (self, args) -> title(text(self)));
    TABLE.add("string", "", (run, self, args) -> paid(text(self), self, run.budget));
    TABLE.add("safe", "", (run, self, args) -> new Markup(paid(text(self), self, run.budget)));
    TABLE.add("escape", "", Filters::escape).alias("e", "escape");
    TABLE.add("forceescape", "", Filters::escape);
    TABLE
        .add(
            "length",
            "",
            (run, self, args) -> {
              run.budget.scan(self instanceof String text ? text.length() : 0);
              return length(self);
            })
        .alias("count", "length");
    TABLE.add("default", "value? boolean?", Filters::orDefault).alias("d", "default");
    TABLE.add("int", "default? base?", (run, self, args) -> whole(measured(self, run), args));
    TABLE.add("float", "default?", (run, self, args) -> real(measured(self, run), args));
    TABLE.add("abs", "", (self, args) -> absolute(self));
    TABLE.add("round", "precision? method?", Filters::round);
    TABLE.add(
        "replace",
        "old new count?",
        (run, self, args) ->
            StringMethods.replace(
                text(self), text(args.get(0)), text(args.get(1)), args.size(2, -1), run.budget));
    TABLE.add("indent", "width? first? blank?", Filters::indent);
    reading("wordcount", "", (self, args) -> words(text(self)));
    reading("truncate", "length? killwords? end? leeway?", Filters::truncate);
    TABLE.add(
        "format",
        "*",
        (run, self, args) -> PercentFormat.of(text(self), arguments(args), run.budget));
    TABLE.add(
        "tojson",
        "indent? separators? ensure_ascii? sort_keys?",
        (run, self, args) -> toJson(self, args, run.budget));
    TABLE.add("pprint", "", (run, self, args) -> paid(PythonRepr.repr(self), "", run.budget));
    TABLE.add("attr", "name", (self, args) -> Attributes.get(self, args.text(0)));
    TABLE.add("items", "", (self, args) -> items(self));
    ListFilters.addTo(TABLE);
    TextFilters.addTo(TABLE);
  }

  private Filters() {}

  private static Object escape(RenderContext run, Object value, Args args) {
    run.budget.text(6L * text(value).length());
    return new Markup(Markup.escaped(text(value)));
  }

  /** Adds a filter that looks at every character of its text. */
  private static void reading(String name, String takes, Builtins.Plain body) {
    TABLE.add(
        name,
        takes,
        (run, self, args) -> {
          String text = text(self);
          run.budget.read(2L * text.length());
          return body.call(text, args);
        });
  }

  /** Returns a value as text. A value that is already a text costs nothing. */
  private static String paid(String text, Object of, StepLimit budget) {
    if (text != of) {
      budget.text(text.length());
    }
    return text;
  }

  /** Pays for parsing a number. */
  private static Object measured(Object value, RenderContext run) {
    if (value instanceof String text) {
      run.budget.read(4L * text.length());
    }
    return value;
  }

  private static String text(Object value) {
    return PythonRepr.text(value);
  }

  /** Jinja's own {@code title}: a capital at the beginning and after some characters only. */
  private static String title(String text) {
    var titled = new StringBuilder(text.length());
    boolean begins = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      titled.append(begins ? Character.toUpperCase(c) : Character.toLowerCase(c));
      begins = "-([{<".indexOf(c) >= 0 || Text.isSpace(c);
    }
    return titled.toString();
  }

  private static Object length(Object value) {
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

  private static Object whole(Object value, Args args) {
    Object otherwise = args.or(0, 0L);
    if (value instanceof String text) {
      Object parsed = Numbers.parseWhole(text, args.size(1, 10));
      if (parsed != null) {
        return parsed;
      }
      Double real = parsedReal(text);
      return real == null ? otherwise : truncated(real, otherwise);
    }
    if (value instanceof Double real) {
      return truncated(real, otherwise);
    }
    return Numbers.isWhole(value) ? Numbers.normal(Numbers.big(value)) : otherwise;
  }

  private static Object truncated(double real, Object otherwise) {
    return Double.isFinite(real) ? Numbers.normal(new BigDecimal(real).toBigInteger()) : otherwise;
  }

  private static @Nullable Double parsedReal(String text) {
    String digits = Text.strip(text);
    if (REAL.matcher(digits).matches()) {
      return Double.valueOf(digits.replace("_", ""));
    }
    Matcher word = NOT_FINITE.matcher(digits);
    if (!word.matches()) {
      return null;
    }
    if (word.group(2).equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    return digits.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  private static Object real(Object value, Args args) {
    Object otherwise = args.or(0, 0.0);
    if (value instanceof String text) {
      Double parsed = parsedReal(text);
      return parsed == null ? otherwise : parsed;
    }
    return Numbers.isNumber(value) ? (Object) Numbers.real(value) : otherwise;
  }

  private static Object absolute(Object value) {
    if (!Numbers.isNumber(value)) {
      throw Types.wrong("bad operand type for abs(): '" + Types.name(value) + "'", value);
    }
    return value instanceof Double real
        ? (Object) Math.abs(real)
        : Numbers.normal(Numbers.big(value).abs());
  }

  private static Object round(Object value, Args args) {
    if (!Numbers.isNumber(value)) {
      throw Types.wrong("a number is required, not " + Types.name(value), value);
    }
    String given = args.someText(1);
    String method = given == null ? "common" : given;
    RoundingMode mode =
        switch (method) {
          case "common" -> RoundingMode.HALF_EVEN;
          case "ceil" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          default -> throw new TemplateError("method must be common, ceil or floor");
        };
    if (Numbers.isWhole(value) && mode == RoundingMode.HALF_EVEN) {
      int digits = Math.max(-400, Math.min(0, args.size(0, 0)));
      BigDecimal rounded = new BigDecimal(Numbers.big(value)).setScale(digits, mode);
      return Numbers.normal(rounded.toBigInteger());
    }
    double real = Numbers.real(value);
    if (!Double.isFinite(real)) {
      return real;
    }
    int precision = Math.max(-400, Math.min(400, args.size(0, 0)));
    return new BigDecimal(real).setScale(precision, mode).doubleValue();
  }

  private static Object indent(RenderContext run, Object value, Args args) {
    Object width = args.or(0, 4L);
    String by =
        width instanceof String text
            ? text
            : " ".repeat((int) Math.max(0, Math.min(1000, Numbers.whole(width))));
    List<String> lines = Text.lines(text(value) + "\n", false);
    run.budget.text(text(value).length() + (long) lines.size() * by.length());
    var indented = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean pushed = i == 0 ? args.truth(1) : !line.isEmpty() || args.truth(2);
      indented.append(i == 0 ? "" : "\n").append(pushed ? by : "").append(line);
    }
    return indented.toString();
  }

  private static long words(String text) {
    long words = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      boolean part = Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_';
      words += part && !inWord ? 1 : 0;
      inWord = part;
    }
    return words;
  }

  private static Object truncate(Object value, Args args) {
    String text = text(value);
    int length = args.size(0, 255);
    String given = args.someText(2);
    String end = given == null ? "..." : given;
    if (Text.length(text) <= length + args.size(3, 5)) {
      return text;
    }
    int kept = Math.max(0, length - Text.length(end));
    String cut = text.substring(0, text.offsetByCodePoints(0, kept));
    int space = cut.lastIndexOf(' ');
    return (args.truth(1) || space < 0 ? cut : cut.substring(0, space)) + end;
  }

  private static Object arguments(Args args) {
    if (!args.named().isEmpty()) {
      return args.named();
    }
    Object[] all = new Object[args.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = args.get(i);
    }
    return new Tuple(all);
  }

  private static Object toJson(Object value, Args args, StepLimit budget) {
    Object indent = args.some(0);
    String by =
        indent == null
            ? null
            : indent instanceof String text
                ? text
                : " ".repeat((int) Math.max(0, Math.min(100, Numbers.whole(indent))));
    String comma = by == null ? ", " : ",";
    String colon = ": ";
    if (args.some(1) instanceof List<?> separators && separators.size() == 2) {
      comma = text(Values.of(separators.get(0)));
      colon = text(Values.of(separators.get(1)));
    }
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return new Json(by, comma, colon, args.truth(2), args.truth(3)).of(value, budget);
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
