package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.DictView;
import io.github.openaikserve.internal.jinja.value.Markup;
import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Undefined;
import io.github.openaikserve.internal.jinja.value.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filters of jinja2 for HTML pages, which some chat templates use. */
final class TextFilters {
  private static final String HEX = "0123456789ABCDEF";
  private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->");
  private static final Pattern TAG = Pattern.compile("<[^<>]*+>");
  private static final String[] DECIMAL = {"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
  private static final String[] BINARY = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"};

  private TextFilters() {}

  static void addTo(Builtins table) {
    table
        .text("center", "width?", TextFilters::center)
        .add("urlencode", "", TextFilters::urlEncoded)
        .text(
            "wordwrap",
            "width? break_long_words? wrapstring? break_on_hyphens?",
            TextFilters::wrapped)
        .text("striptags", "", TextFilters::withoutTags)
        .add("filesizeformat", "binary?", (value, args) -> fileSize(value, args.truth(0)))
        .add("random", "", TextFilters::random)
        .text("urlize", "trim_url_limit? nofollow? target? rel? extra_schemes?", Links::in)
        .add("xmlattr", "autospace?", TextFilters::attributes);
  }

  private static Object center(String text, Args args) {
    return StringMethods.Align.CENTER.pad(text, args.size(0, 80), " ", args.budget());
  }

  private static Object urlEncoded(Object value, Args args) {
    if (value instanceof String || !Values.isIterable(value)) {
      return quoted(PythonRepr.text(value, args.budget()), "/", args.budget());
    }
    List<String> pairs = new ArrayList<>();
    Object items = value instanceof Map<?, ?> map ? DictView.items(map) : value;
    for (Object item : Values.each(items)) {
      if (!(item instanceof List<?> pair) || pair.size() != 2) {
        throw new TemplateError("urlencode expects pairs");
      }
      String key =
          quoted(PythonRepr.text(Values.of(pair.get(0)), args.budget()), "", args.budget());
      String of = quoted(PythonRepr.text(Values.of(pair.get(1)), args.budget()), "", args.budget());
      pairs.add(key.replace("%20", "+") + "=" + of.replace("%20", "+"));
    }
    return String.join("&", pairs);
  }

  private static String quoted(String text, String safe, StepLimit budget) {
    budget.text(9L * text.length());
    var quoted = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          c < 0x80
              && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0 || safe.indexOf(c) >= 0);
      if (plain) {
        quoted.append(c);
      } else {
        quoted.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return quoted.toString();
  }

  private static Object wrapped(String text, Args args) {
    int width = Math.max(1, args.size(0, 79));
    boolean breaks = args.truth(1, true);
    String newLine = args.text(2, "\n");
    args.budget().list(text.length());
    args.budget().text((long) text.length() * (1 + newLine.length()));
    List<String> lines = new ArrayList<>();
    for (String line : Text.lines(text, false)) {
      wrap(line, width, breaks, lines);
    }
    return String.join(newLine, lines);
  }

  /** Wraps one line like Python's {@code textwrap}, without trailing spaces. */
  private static void wrap(String line, int width, boolean breaks, List<String> lines) {
    var current = new StringBuilder();
    int before = lines.size();
    Matcher words = Pattern.compile("\\s++|\\S++").matcher(line);
    while (words.find()) {
      String word = words.group();
      boolean space = word.isBlank();
      if (current.length() + word.length() > width && !current.isEmpty()) {
        lines.add(current.toString().stripTrailing());
        current.setLength(0);
      }
      if (space && current.isEmpty() && lines.size() > before) {
        continue;
      }
      int from = 0;
      for (; breaks && word.length() - from > width; from += width) {
        lines.add(word.substring(from, from + width));
      }
      current.append(word, from, word.length());
    }
    String rest = current.toString().stripTrailing();
    if (!rest.isEmpty() || lines.size() == before) {
      lines.add(rest);
    }
  }

  private static Object withoutTags(String text, Args args) {
    args.budget().text(4L * text.length());
    String bare = TAG.matcher(COMMENT.matcher(text).replaceAll("")).replaceAll("");
    String plain =
        bare.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&#39;", "'")
            .replace("&#34;", "\"")
            .replace("&quot;", "\"")
            .replace("&nbsp;", "\u00a0")
            .replace("&amp;", "&");
    return String.join(" ", Text.strip(plain).split("[\\s\\u00a0]++"));
  }

  private static String fileSize(Object value, boolean binary) {
    Object number = value instanceof String text ? Numbers.parseReal(text) : value;
    if (number == null || !Numbers.isNumber(number)) {
      throw Types.wrong("filesizeformat takes a number, not " + PythonRepr.repr(value), value);
    }
    double bytes = Numbers.real(number);
    int base = binary ? 1024 : 1000;
    if (bytes == 1) {
      return "1 Byte";
    }
    if (bytes < base) {
      return (long) bytes + " Bytes";
    }
    double unit = base;
    String[] names = binary ? BINARY : DECIMAL;
    int index = 0;
    while (bytes >= unit * base && index < names.length - 1) {
      unit *= base;
      index++;
    }
    return String.format(Locale.ROOT, "%.1f %s", bytes / unit, names[index]);
  }

  private static Object random(Object value, Args args) {
    List<Object> all = Values.list(value, args.budget());
    return all.isEmpty()
        ? new Undefined("No random item, sequence was empty.")
        : all.get(ThreadLocalRandom.current().nextInt(all.size()));
  }

  private static Object attributes(Object value, Args args) {
    if (!(value instanceof Map<?, ?> map)) {
      throw Types.wrong("xmlattr takes a dict, not " + Types.name(value), value);
    }
    var text = new StringBuilder();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object of = Values.of(entry.getValue());
      String key = PythonRepr.text(Values.of(entry.getKey()), args.budget());
      if (key.chars().anyMatch(c -> Text.isSpace(c) || "/>=".indexOf(c) >= 0)) {
        throw new TemplateError("Invalid character in attribute name: '" + key + "'");
      }
      if (of != None.NONE && !(of instanceof Undefined)) {
        String quoted = Markup.escaped(PythonRepr.text(of, args.budget()));
        args.budget().text(key.length() + (long) quoted.length());
        text.append(' ').append(Markup.escaped(key)).append("=\"").append(quoted).append('"');
      }
    }
    boolean spaced = args.truth(0, true);
    return text.isEmpty() || spaced ? text.toString() : text.substring(1);
  }
}
