package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A lexer equivalent to jinja2's with {@code trim_blocks} and {@code lstrip_blocks}. One instance
 * per template. Not thread-safe.
 */
final class Lexer {
  private static final Pattern BEGIN =
      Pattern.compile(
          "\\{%([-+]?)\\s*raw\\s*(?:-%\\}\\s*|%\\})|\\{([{%#])([-+]?)",
          Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern END_RAW =
      Pattern.compile(
          "\\{%([-+]?)\\s*endraw\\s*(?:\\+%\\}|-%\\}\\s*|%\\}\\n?)",
          Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern END_COMMENT =
      Pattern.compile("\\+#\\}|-#\\}\\s*|#\\}\\n?", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern END_BLOCK =
      Pattern.compile("\\+%\\}|-%\\}\\s*|%\\}\\n?", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern END_EXPRESSION =
      Pattern.compile("-\\}\\}\\s*|\\}\\}", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern FLOAT =
      Pattern.compile("[0-9][0-9_]*(?:(?:\\.[0-9][0-9_]*)?[eE][-+]?[0-9][0-9_]*|\\.[0-9][0-9_]*)");
  private static final Pattern WHOLE =
      Pattern.compile("0[bB][01_]+|0[oO][0-7_]+|0[xX][0-9a-fA-F_]+|[0-9][0-9_]*");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}<>=.:|,]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private boolean lineStarting = true;

  private Lexer(String source) {
    this.source = source;
  }

  /**
   * Returns the tokens. The last one is the end.
   *
   * @throws TemplateError naming the line of a syntax error
   */
  static List<Token> tokens(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    var lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    Matcher begin = BEGIN.matcher(source);
    while (begin.find(at)) {
      boolean raw = begin.group(2) == null;
      String sign = raw ? begin.group(1) : begin.group(3);
      String kind = raw ? "%" : begin.group(2);
      data(source.substring(at, begin.start()), sign, !kind.equals("{"));
      advance(begin.end());
      lineStarting = false;
      if (raw) {
        raw();
      } else if (kind.equals("#")) {
        comment();
      } else {
        boolean block = kind.equals("%");
        add(block ? Token.Kind.BLOCK : Token.Kind.EXPRESSION, "{" + kind);
        inside(block);
      }
    }
    if (at < source.length()) {
      add(Token.Kind.DATA, source.substring(at));
      advance(source.length());
    }
    add(Token.Kind.END, "");
  }

  /** Returns the text before a tag, without the white space that belongs to the tag. */
  private void data(String text, String sign, boolean isBlock) {
    String kept = text;
    if (sign.equals("-")) {
      kept = text.stripTrailing();
    } else if (!sign.equals("+") && isBlock) {
      int lineStart = text.lastIndexOf('\n') + 1;
      if ((lineStart > 0 || lineStarting) && text.substring(lineStart).isBlank()) {
        kept = text.substring(0, lineStart);
      }
    }
    if (!kept.isEmpty()) {
      add(Token.Kind.DATA, kept);
    }
  }

  private void raw() {
    Matcher end = END_RAW.matcher(source);
    if (!end.find(at)) {
      throw new TemplateError(line, "'raw' is never ended");
    }
    data(source.substring(at, end.start()), end.group(1), true);
    ended(end.end());
  }

  private void comment() {
    Matcher end = END_COMMENT.matcher(source);
    if (!end.find(at)) {
      throw new TemplateError(line, "a comment is never ended");
    }
    ended(end.end());
  }

  private void ended(int end) {
    lineStarting = source.charAt(end - 1) == '\n';
    advance(end);
  }

  private void inside(boolean block) {
    Matcher end = (block ? END_BLOCK : END_EXPRESSION).matcher(source);
    var open = new StringBuilder();
    while (at < source.length()) {
      if (open.isEmpty() && end.region(at, source.length()).lookingAt()) {
        add(block ? Token.Kind.BLOCK_END : Token.Kind.EXPRESSION_END, "");
        ended(end.end());
        return;
      }
      if (!match(SPACE, null)) {
        token(open);
      }
    }
    throw new TemplateError(line, block ? "a '{%' is never ended" : "a '{{' is never ended");
  }

  private void token(StringBuilder open) {
    char c = source.charAt(at);
    if (c == '"' || c == '\'') {
      string(c);
    } else if (!match(FLOAT, Token.Kind.FLOAT)
        && !match(WHOLE, Token.Kind.WHOLE)
        && !match(NAME, Token.Kind.NAME)) {
      if (!match(OPERATOR, Token.Kind.OPERATOR)) {
        throw new TemplateError(line, "unexpected character '" + c + "'");
      }
      balance(c, open);
    }
  }

  private void balance(char c, StringBuilder open) {
    switch (c) {
      case '(' -> open.append(')');
      case '[' -> open.append(']');
      case '{' -> open.append('}');
      case ')', ']', '}' -> {
        int last = open.length() - 1;
        if (last < 0 || open.charAt(last) != c) {
          throw new TemplateError(line, "unexpected '" + c + "'");
        }
        open.setLength(last);
      }
      default -> {}
    }
  }

  private boolean match(Pattern pattern, Token.@Nullable Kind kind) {
    Matcher matcher = pattern.matcher(source).region(at, source.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    if (kind != null) {
      add(kind, matcher.group());
    }
    advance(matcher.end());
    return true;
  }

  private void string(char quote) {
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw new TemplateError(line, "a string is never ended");
    }
    add(Token.Kind.STRING, StringLiteral.unescaped(source.substring(at + 1, end), line));
    advance(end + 1);
  }

  private void add(Token.Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }

  private void advance(int to) {
    for (int i = at; i < to; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
    at = to;
  }
}
