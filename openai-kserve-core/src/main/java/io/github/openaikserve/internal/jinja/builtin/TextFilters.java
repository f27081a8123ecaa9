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

/** The filters of jinja2 for HTML pages, which some chat templates use. */
final class TextFilters {
  private static final String HEX = "0123456789ABCDEF";
  private static final String COMMENT = "<!--";
  private static final String[] DECIMAL = {"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
  private static final String[] BINARY = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"};

  private TextFilters() {}

  static void addTo(Builtins table) {
    table
        .text("center", "width?", TextFilters::center)
        .add("urlencode", "", TextFilters::urlEncoded)
        .text("wordwrap", "width? break_long_words? wrapstring? break_on_hyphens?", Wrapping::in)
        .text("striptags", "", TextFilters::withoutTags)
        .add("filesizeformat", "binary?", TextFilters::fileSize)
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

  private static Object withoutTags(String text, Args args) {
    args.budget().text(8L * text.length());
    List<String> words = new ArrayList<>();
    for (Object word : Splitting.atSpace(withoutTags(withoutComments(text)), args.budget())) {
      words.add((String) word);
    }
    return String.join(" ", words)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&nbsp;", "\u00a0")
        .replace("&amp;", "&");
  }

  /** Removes comments, and those that the removal of a comment creates. */
  private static String withoutComments(String text) {
    if (!text.contains(COMMENT)) {
      return text;
    }
    var bare = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      bare.append(text.charAt(i));
      int start = bare.length() - COMMENT.length();
      if (text.charAt(i) == '-' && start >= 0 && bare.indexOf(COMMENT, start) == start) {
        int end = endOfComment(text, i + 1);
        if (end < 0) {
          return bare.append(text, i + 1, text.length()).toString();
        }
        bare.setLength(start);
        i = end - 1;
      }
    }
    return bare.toString();
  }

  /** Returns the end of a comment; -1 for none. The hyphens of its beginning may also end it. */
  private static int endOfComment(String text, int from) {
    if (text.startsWith(">", from)) {
      return from + 1;
    }
    if (text.startsWith("->", from)) {
      return from + 2;
    }
    int end = text.indexOf("-->", from);
    return end < 0 ? -1 : end + 3;
  }

  private static String withoutTags(String text) {
    var bare = new StringBuilder(text.length());
    int from = 0;
    for (int tag = text.indexOf('<'); tag >= 0; tag = text.indexOf('<', from)) {
      int end = text.indexOf('>', tag);
      if (end < 0) {
        break;
      }
      bare.append(text, from, tag);
      from = end + 1;
    }
    return bare.append(text, from, text.length()).toString();
  }

  private static Object fileSize(Object value, Args args) {
    boolean binary = args.truth(0);
    args.budget().read(value instanceof String text ? 4L * text.length() : 0);
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
