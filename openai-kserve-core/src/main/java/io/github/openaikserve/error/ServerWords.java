package io.github.openaikserve.error;

import java.util.ArrayList;
import java.util.List;

/**
 * A model server's error message, truncated for matching and for display.
 *
 * @param searched the text to which patterns are applied: the first {@value #SEARCHED} characters
 *     before a Python traceback, and as many from the line that names its exception
 * @param clauses the positions in {@code searched} at which a sentence of the server may begin, in
 *     order
 * @param reason one line for the caller, at most {@value #SHOWN} characters; empty for none
 */
record ServerWords(String searched, List<Integer> clauses, String reason) {
  static final int SEARCHED = 1000;
  private static final String PYTHON_PREFIXES = "bBrRuUfF";
  private static final int SHOWN = 300;
  private static final int MAX_CLAUSES = 64;
  private static final String TRACEBACK = "Traceback (most recent call last)";
  private static final String CLAUSE_ENDS = ":,.;])}>-";

  static ServerWords of(String words) {
    int traceback = words.indexOf(TRACEBACK);
    String before = start(traceback < 0 ? words : words.substring(0, traceback), SEARCHED);
    String exception = traceback < 0 ? "" : exception(words);
    String searched = before + "\n" + exception;
    List<Integer> clauses = new ArrayList<>();
    addClauses(searched, 0, before.length(), clauses);
    addClauses(searched, before.length() + 1, searched.length(), clauses);
    return new ServerWords(searched, clauses, shown(reason(before, exception)));
  }

  private static String reason(String before, String exception) {
    String first = firstLine(before);
    String last = firstLine(exception);
    if (first.isEmpty()) {
      return last;
    }
    return first.endsWith(":") && !last.isEmpty() ? first + " " + last : first;
  }

  private static String firstLine(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
  }

  /**
   * Returns a traceback's exception and the text after it, starting at the first line after the
   * frames that is not indented. C++ frames may follow it. Python prints the outermost exception
   * last.
   */
  private static String exception(String words) {
    int begin = words.lastIndexOf(TRACEBACK);
    int line = words.indexOf('\n', begin) + 1;
    while (line > 0 && line < words.length()) {
      if (!Character.isWhitespace(words.charAt(line))) {
        return start(words.substring(line, Math.min(words.length(), line + SEARCHED + 1)), SEARCHED)
            .strip();
      }
      line = words.indexOf('\n', line) + 1;
    }
    return "";
  }

  /**
   * Adds the positions at which sentences begin: at the start of a line and after a separator.
   * Quoted text that is more than a name may be a prompt, so the search stops there.
   */
  private static void addClauses(String text, int from, int to, List<Integer> clauses) {
    boolean begins = true;
    for (int i = from; i < to && clauses.size() < MAX_CLAUSES; i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        begins = true;
      } else if (Character.isWhitespace(c)) {
        begins |= i > from && CLAUSE_ENDS.indexOf(text.charAt(i - 1)) >= 0;
      } else {
        if (begins) {
          clauses.add(i);
          begins = false;
        }
        if (quotes(text, i, from)) {
          int end = nameEnd(text, i, to);
          if (end < 0) {
            return;
          }
          i = end;
        }
      }
    }
  }

  /** Returns whether a quotation begins. An apostrophe within a word does not begin one. */
  private static boolean quotes(String text, int at, int from) {
    char c = text.charAt(at);
    return c == '"' || c == '`' || (c == '\'' && (at == from || !isApostrophe(text, at, from)));
  }

  /**
   * Returns whether a quote is an apostrophe: it follows a letter that is not the prefix of a
   * Python literal.
   */
  private static boolean isApostrophe(String text, int at, int from) {
    boolean literal =
        PYTHON_PREFIXES.indexOf(text.charAt(at - 1)) >= 0
            && (at - 1 == from || !Character.isLetterOrDigit(text.charAt(at - 2)));
    return Character.isLetterOrDigit(text.charAt(at - 1)) && !literal;
  }

  /**
   * Returns the end of a quoted name, which contains no white space; -1 for any other quotation.
   */
  private static int nameEnd(String text, int quote, int to) {
    for (int i = quote + 1; i < to; i++) {
      char c = text.charAt(i);
      if (c == text.charAt(quote)) {
        return i;
      }
      if (Character.isWhitespace(c)) {
        return -1;
      }
    }
    return -1;
  }

  private static String shown(String line) {
    String clean = line.replaceAll("\\p{Cntrl}", " ");
    return clean.length() > SHOWN ? start(clean, SHOWN) + "..." : clean;
  }

  /** Returns the beginning of a text without splitting a surrogate pair. */
  private static String start(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    boolean halves = Character.isHighSurrogate(text.charAt(length - 1));
    return text.substring(0, halves ? length - 1 : length);
  }
}
