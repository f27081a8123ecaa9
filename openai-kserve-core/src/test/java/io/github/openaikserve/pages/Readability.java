package io.github.openaikserve.pages;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Lists long sentences and passive chains of the pages: a report, not a check. Arguments are parts
 * of the names of pages; without one all pages are read.
 */
final class Readability {
  private static final int LONG = 30;
  private static final Pattern LIST_ITEM = Pattern.compile("(?m)^ *([-*]|\\d+\\.) +");
  private static final Pattern LINK = Pattern.compile("!?\\[([^]]*)]\\([^)]*\\)");
  private static final Pattern QUOTED = Pattern.compile("`[^`]*`");
  private static final Pattern END = Pattern.compile("(?<=[.!?:;])\\s+(?=[A-Z\\x00])|\\n{2,}");
  private static final Pattern PASSIVE =
      Pattern.compile(
          "\\b(is|are|was|were|be|been|being)\\b (?:\\w+ )?(\\w+(?:ed|en)|made|sent|kept|read|held|found|set)\\b");

  private Readability() {}

  /** A sentence that is worth a second look. */
  record Finding(Page page, String reason, String sentence) {}

  /** Prints the report. */
  public static void main(String[] names) {
    List<Page> pages =
        Page.all().stream()
            .filter(page -> !page.file().toString().contains("/src/"))
            .filter(page -> names.length == 0 || contains(page, names))
            .toList();
    int sentences = 0;
    for (Page page : pages) {
      List<Finding> findings = findings(page);
      int all = sentences(page).size();
      sentences += all;
      System.out.printf("%n%s: %d of %d sentences%n", page, findings.size(), all);
      findings.forEach(f -> System.out.printf("  %-12s %s%n", f.reason(), f.sentence()));
    }
    System.out.printf("%n%d pages, %d sentences%n", pages.size(), sentences);
  }

  private static boolean contains(Page page, String... names) {
    return List.of(names).stream().anyMatch(name -> page.file().toString().contains(name));
  }

  /** Returns the sentences of a page that are long or have several passive verbs, longest first. */
  static List<Finding> findings(Page page) {
    List<Finding> findings = new ArrayList<>();
    for (String sentence : sentences(page)) {
      int words = words(sentence);
      long passive = PASSIVE.matcher(sentence.toLowerCase(Locale.ROOT)).results().count();
      if (words > LONG) {
        findings.add(new Finding(page, words + " words", sentence));
      } else if (passive > 1) {
        findings.add(new Finding(page, passive + " passives", sentence));
      }
    }
    findings.sort(Comparator.comparingInt((Finding f) -> words(f.sentence())).reversed());
    return findings;
  }

  /** Returns the sentences of a page; a cell of a table is one or several. */
  static List<String> sentences(Page page) {
    String text = LINK.matcher(page.prose()).replaceAll("$1");
    text = QUOTED.matcher(text).replaceAll("CODE");
    text = LIST_ITEM.matcher(text).replaceAll("\n\n");
    text = text.replaceAll("(?m)^#+ (.*)$", "\n$1\n").replaceAll(" ?\\| ?|(?m)^\\|", "\n\n");
    return END.splitAsStream(text)
        .map(sentence -> sentence.replaceAll("\\s+", " ").replace("**", "").strip())
        .filter(sentence -> words(sentence) > 2)
        .toList();
  }

  static int words(String sentence) {
    return sentence.isBlank() ? 0 : sentence.strip().split("\\s+").length;
  }
}
