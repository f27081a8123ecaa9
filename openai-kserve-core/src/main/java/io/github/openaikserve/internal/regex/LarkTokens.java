package io.github.openaikserve.internal.regex;

import java.util.ArrayList;
import java.util.List;

/** The tokens of a Lark grammar. */
final class LarkTokens {
  private static final String MARKS = ":|()[]*+?~,.!{}<>";

  /** Kinds of tokens. */
  enum Kind {
    NAME,
    NUMBER,
    STRING,
    REGEX,
    DIRECTIVE,
    ARROW,
    RANGE,
    MARK,
    LINE,
    END
  }

  /**
   * A token.
   *
   * @param text the text without quotes
   * @param flags the flags after a string or a regular expression; empty for none
   */
  record Token(Kind kind, String text, String flags, int line) {
    boolean is(char mark) {
      return kind == Kind.MARK && text.charAt(0) == mark;
    }
  }

  private final String grammar;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  private LarkTokens(String grammar) {
    this.grammar = grammar;
  }

  static List<Token> of(String grammar) {
    var lexer = new LarkTokens(grammar);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (at < grammar.length()) {
      char c = grammar.charAt(at);
      if (c == '\n') {
        add(Kind.LINE, "", "");
        line++;
        at++;
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
        at++;
      } else if (c == '#' || grammar.startsWith("//", at)) {
        int end = grammar.indexOf('\n', at);
        at = end < 0 ? grammar.length() : end;
      } else {
        token(c);
      }
    }
    add(Kind.LINE, "", "");
    add(Kind.END, "", "");
  }

  private void token(char c) {
    if (c == '"') {
      quoted('"', Kind.STRING, "i");
    } else if (c == '/') {
      quoted('/', Kind.REGEX, "imslux");
    } else if (c == '%') {
      at++;
      add(Kind.DIRECTIVE, word(), "");
    } else if (grammar.startsWith("->", at)) {
      at += 2;
      add(Kind.ARROW, "->", "");
    } else if (grammar.startsWith("..", at)) {
      at += 2;
      add(Kind.RANGE, "..", "");
    } else if (Character.isDigit(c) || (c == '-' && isDigit(at + 1))) {
      int begin = at++;
      while (isDigit(at)) {
        at++;
      }
      add(Kind.NUMBER, grammar.substring(begin, at), "");
    } else if (isName(c)) {
      add(Kind.NAME, word(), "");
    } else if (MARKS.indexOf(c) >= 0) {
      at++;
      add(Kind.MARK, String.valueOf(c), "");
    } else {
      throw wrong("unexpected '" + c + "'");
    }
  }

  private boolean isDigit(int index) {
    return index < grammar.length() && Character.isDigit(grammar.charAt(index));
  }

  private static boolean isName(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private String word() {
    int begin = at;
    while (at < grammar.length()
        && (isName(grammar.charAt(at))
            || Character.isDigit(grammar.charAt(at))
            || (grammar.charAt(at) == '-' && !grammar.startsWith("->", at)))) {
      at++;
    }
    return grammar.substring(begin, at);
  }

  private void quoted(char quote, Kind kind, String flags) {
    int begin = ++at;
    while (at < grammar.length() && grammar.charAt(at) != quote && grammar.charAt(at) != '\n') {
      at += grammar.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= grammar.length() || grammar.charAt(at) != quote) {
      throw wrong("missing " + quote);
    }
    String text = grammar.substring(begin, at);
    int end = ++at;
    while (at < grammar.length() && flags.indexOf(grammar.charAt(at)) >= 0) {
      at++;
    }
    add(kind, text, grammar.substring(end, at));
  }

  private void add(Kind kind, String text, String flags) {
    tokens.add(new Token(kind, text, flags, line));
  }

  private IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException("line %d: %s".formatted(line, why));
  }
}
