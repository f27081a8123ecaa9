package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Markup;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The filter {@code urlize}, which turns the addresses in a text into HTML links.
 *
 * <p>Source: {@code pallets/jinja}: {@code src/jinja2/utils.py}.
 */
final class Links {
  private static final Pattern SPACE = Pattern.compile("(?U)\\s++|\\S++");
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?iU)(?:"
              + "(?:https?://|www\\.)(?:[\\w%-]++\\.)*+(?:[a-z]{2,63}|xn--[\\w%]{2,59})"
              + "|(?:[\\w%-]{2,63}+\\.)++(?:com|net|int|edu|gov|org|info|mil)"
              + "|https?://(?:\\d{1,3}(?:\\.\\d{1,3}){3}"
              + "|\\[(?:[\\da-f]{0,4}:){2}(?:[\\da-f]{0,4}:?){1,6}])"
              + ")(?::\\d{1,5})?+(?:[/?#]\\S*+)?+");
  private static final Pattern HOST = Pattern.compile("(?U)\\w[\\w.-]*+");
  private static final Pattern SCHEME = Pattern.compile("(?U)[\\w.+-]{2,}+:/{0,2}");
  private static final List<String> OPENING = List.of("&lt;", "(", "<");
  private static final List<String> CLOSING = List.of("&gt;", ")", ">", ".", ",", "\n");
  private static final List<List<String>> PAIRS =
      List.of(List.of("(", ")"), List.of("<", ">"), List.of("&lt;", "&gt;"));

  private final int limit;
  private final String attributes;
  private final List<String> schemes;

  private Links(int limit, String attributes, List<String> schemes) {
    this.limit = limit;
    this.attributes = attributes;
    this.schemes = schemes;
  }

  static Object in(String text, Args args) {
    Set<String> rel = new TreeSet<>(List.of(Text.strip(args.text(3, "")).split("\\s+")));
    rel.remove("");
    rel.add("noopener");
    if (args.truth(1)) {
      rel.add("nofollow");
    }
    String attributes = " rel=\"" + Markup.escaped(String.join(" ", rel)) + '"';
    String target = args.text(2, "");
    if (!target.isEmpty()) {
      attributes += " target=\"" + Markup.escaped(target) + '"';
    }
    List<String> schemes = new ArrayList<>();
    Object given = args.some(4);
    for (Object value : given == null ? List.of() : Values.each(given)) {
      String scheme = PythonRepr.text(value, args.budget());
      if (!SCHEME.matcher(scheme).matches()) {
        throw new TemplateError("'" + scheme + "' is not a valid URI scheme prefix.");
      }
      args.budget().list(4);
      schemes.add(scheme);
    }
    args.budget().text(6L * text.length());
    args.budget().read(8L * text.length());
    return new Links(args.size(0, Integer.MAX_VALUE), attributes, schemes)
        .text(Markup.escaped(text), args.budget());
  }

  private String text(String text, StepLimit budget) {
    var linked = new StringBuilder();
    Matcher words = SPACE.matcher(text);
    while (words.find()) {
      String word = words.group();
      String with = Text.isSpace(word.charAt(0)) ? word : word(word);
      budget.text(with.length());
      budget.read(schemes.size());
      linked.append(with);
    }
    return linked.toString();
  }

  private String word(String word) {
    int from = 0;
    for (String found = at(OPENING, word, from); found != null; found = at(OPENING, word, from)) {
      from += found.length();
    }
    int end = word.length();
    for (String found = before(word, from, end); found != null; found = before(word, from, end)) {
      end -= found.length();
    }
    for (List<String> pair : PAIRS) {
      end = balanced(word, from, end, pair);
    }
    return word.substring(0, from) + link(word.substring(from, end)) + word.substring(end);
  }

  private static @Nullable String at(List<String> texts, String word, int from) {
    return texts.stream().filter(text -> word.startsWith(text, from)).findFirst().orElse(null);
  }

  private static @Nullable String before(String word, int from, int end) {
    return CLOSING.stream()
        .filter(text -> end - text.length() >= from && word.startsWith(text, end - text.length()))
        .findFirst()
        .orElse(null);
  }

  /** Returns the end of the address, including closing brackets that match opening ones in it. */
  private static int balanced(String word, int from, int end, List<String> pair) {
    String middle = word.substring(from, end);
    int opened = count(middle, pair.get(0));
    if (opened <= count(middle, pair.get(1))) {
      return end;
    }
    int moved = Math.min(opened, count(word.substring(end), pair.get(1)));
    int to = end;
    for (int i = 0; i < moved; i++) {
      to = word.indexOf(pair.get(1), to) + pair.get(1).length();
    }
    return to;
  }

  private static int count(String text, String part) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  private String link(String middle) {
    if (ADDRESS.matcher(middle).matches()) {
      boolean whole = middle.startsWith("https://") || middle.startsWith("http://");
      return link((whole ? "" : "https://") + middle, attributes, shortened(middle));
    }
    if (middle.startsWith("mailto:") && isMail(middle.substring(7))) {
      return link(middle, "", middle.substring(7));
    }
    boolean mail = !middle.startsWith("www.") && !middle.startsWith("@") && !middle.contains(":");
    if (mail && isMail(middle)) {
      return link("mailto:" + middle, "", middle);
    }
    String linked = middle;
    for (String prefix : schemes) {
      if (linked.startsWith(prefix) && !linked.equals(prefix)) {
        linked = link(linked, attributes, linked);
      }
    }
    return linked;
  }

  private static String link(String to, String attributes, String shown) {
    return "<a href=\"" + to + '"' + attributes + '>' + shown + "</a>";
  }

  private String shortened(String address) {
    return Text.length(address) <= limit ? address : Text.cut(address, Math.max(0, limit)) + "...";
  }

  private static boolean isMail(String text) {
    int at = text.lastIndexOf('@');
    int dot = text.lastIndexOf('.');
    return at > 0
        && dot > at + 1
        && dot < text.length() - 1
        && HOST.matcher(text.substring(at + 1)).matches()
        && !text.substring(dot + 1).contains("-");
  }
}
