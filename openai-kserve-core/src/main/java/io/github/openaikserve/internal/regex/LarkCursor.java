package io.github.openaikserve.internal.regex;

import io.github.openaikserve.internal.regex.LarkTokens.Kind;
import io.github.openaikserve.internal.regex.LarkTokens.Token;
import java.util.List;

/** A cursor over the tokens of a Lark grammar. */
final class LarkCursor {
  private final List<Token> tokens;
  private int at;

  LarkCursor(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  /** Returns the next token, and moves on unless it is the end. */
  Token next() {
    return peek().kind() == Kind.END ? peek() : tokens.get(at++);
  }

  /** Moves past the next token if it is the given mark. */
  boolean take(char mark) {
    return take(peek().is(mark));
  }

  /** Moves past the next token if it is of the given kind. */
  boolean take(Kind kind) {
    return take(peek().kind() == kind);
  }

  private boolean take(boolean isNext) {
    at += isNext ? 1 : 0;
    return isNext;
  }

  void expect(char mark) {
    if (!take(mark)) {
      throw wrong("expected '%s', but got '%s'".formatted(mark, peek().text()));
    }
  }

  String name() {
    Token token = next();
    if (token.kind() != Kind.NAME) {
      throw wrong("expected a name, but got '%s'".formatted(token.text()));
    }
    return token.text();
  }

  void skipLines() {
    while (peek().kind() == Kind.LINE) {
      at++;
    }
  }

  /** Skips line ends if the mark follows them. */
  void skipLinesBefore(char mark) {
    int first = at;
    skipLines();
    if (!peek().is(mark)) {
      at = first;
    }
  }

  /** Returns the exception for a malformed grammar, naming the line of the next token. */
  IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException("line %d: %s".formatted(peek().line(), why));
  }
}
