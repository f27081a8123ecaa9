package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Equality;
import io.github.openaikserve.internal.jinja.value.Namespace;
import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.Range;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Values;
import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The global functions of all templates. */
final class Globals {
  static final String STRFTIME_NOW = "strftime_now";

  private static final Map<String, Object> ALL = new HashMap<>();

  static {
    add("range", "*", (self, args) -> range(args));
    add("dict", "*", (self, args) -> dict(args));
    add("namespace", "*", (self, args) -> namespace(args));
    add("cycler", "*", (self, args) -> new Cycler(args));
    add(
        "joiner",
        "sep?",
        (self, args) -> new Joiner(PythonRepr.text(args.or(0, ", "), args.budget())));
    add(
        "lipsum",
        "*",
        (self, args) -> {
          throw new TemplateError("lipsum is not supported in chat templates");
        });
    add(
        "raise_exception",
        "message",
        (self, args) -> {
          throw TemplateError.raised(PythonRepr.text(args.get(0), args.budget()));
        });
    add(STRFTIME_NOW, "format", (self, args) -> Strftime.of(args.text(0), args.run().now()));
  }

  private Globals() {}

  static @Nullable Object get(String name) {
    return ALL.get(name);
  }

  private static void add(String name, String takes, Builtin.Body body) {
    ALL.put(name, new Builtin.Bound(None.NONE, new Builtin(name, Signature.of(takes), body)));
  }

  private static Object range(Args args) {
    if (args.size() == 0 || args.size() > 3 || !args.named().isEmpty()) {
      throw new TemplateError("range takes 1 to 3 arguments");
    }
    long first = Numbers.whole(args.get(0));
    return args.size() == 1
        ? new Range(0, first, 1)
        : new Range(first, Numbers.whole(args.get(1)), args.whole(2, 1));
  }

  private static Map<Object, Object> dict(Args args) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (args.size() > 0) {
      if (args.get(0) instanceof Map<?, ?> given) {
        args.budget().list(given.size());
        given.forEach((key, value) -> map.put(Values.of(key), Values.of(value)));
      } else {
        putPairs(map, args.get(0), args.budget());
      }
    }
    map.putAll(args.named());
    return map;
  }

  private static void putPairs(Map<Object, Object> map, Object pairs, StepLimit budget) {
    for (Object pair : Values.list(pairs, budget)) {
      List<Object> both = Values.list(pair, budget);
      if (both.size() != 2) {
        throw new TemplateError("dict takes a dict or pairs");
      }
      Equality.hash(both.get(0), budget);
      map.put(both.get(0), both.get(1));
    }
  }

  private static Namespace namespace(Args args) {
    var namespace = new Namespace();
    dict(args).forEach((name, value) -> namespace.set(PythonRepr.text(name, args.budget()), value));
    return namespace;
  }

  /** Implements the part of Python's {@code strftime} that templates use. */
  static final class Strftime {
    private Strftime() {}

    static String of(String format, LocalDateTime now) {
      var text = new StringBuilder();
      int i = 0;
      while (i < format.length()) {
        char c = format.charAt(i++);
        if (c != '%' || i == format.length()) {
          text.append(c);
          continue;
        }
        boolean plain = format.charAt(i) == '-' && i + 1 < format.length();
        i += plain ? 1 : 0;
        String part = part(format.charAt(i++), now);
        text.append(plain ? part.replaceFirst("^0+(?=.)", "") : part);
      }
      return text.toString();
    }

    private static String part(char directive, LocalDateTime now) {
      return switch (directive) {
        case 'Y' -> String.valueOf(now.getYear());
        case 'y' -> two(now.getYear() % 100);
        case 'm' -> two(now.getMonthValue());
        case 'd' -> two(now.getDayOfMonth());
        case 'e' -> "%2d".formatted(now.getDayOfMonth());
        case 'H' -> two(now.getHour());
        case 'I' -> two((now.getHour() + 11) % 12 + 1);
        case 'M' -> two(now.getMinute());
        case 'S' -> two(now.getSecond());
        case 'f' -> "%06d".formatted(now.getNano() / 1000);
        case 'j' -> "%03d".formatted(now.getDayOfYear());
        case 'p' -> now.getHour() < 12 ? "AM" : "PM";
        case 'A' -> now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        case 'a' -> now.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
        case 'B' -> now.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        case 'b', 'h' -> now.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
        case 'F' -> part('Y', now) + "-" + part('m', now) + "-" + part('d', now);
        case 'T' -> part('H', now) + ":" + part('M', now) + ":" + part('S', now);
        case 'w' -> String.valueOf(now.getDayOfWeek().getValue() % 7);
        case 'u' -> String.valueOf(now.getDayOfWeek().getValue());
        case 'Z', 'z' -> "";
        case '%' -> "%";
        default -> throw new TemplateError("strftime_now does not support '%" + directive + "'");
      };
    }

    private static String two(int number) {
      return "%02d".formatted(number);
    }
  }
}
