package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.util.List;

/** A reader of the tokens of a template. Not thread-safe. */
public final class Tokens {
  private final List<Token> tokens;
  private int at;

  public Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peekNext() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  public Token next() {
    Token token = tokens.get(at);
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  public int line() {
    return peek().line();
  }

  boolean skipOperator(String operator) {
    if (!peek().isOperator(operator)) {
      return false;
    }
    next();
    return true;
  }

  boolean skipName(String name) {
    if (!peek().isName(name)) {
      return false;
    }
    next();
    return true;
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  Token expect(Token.Kind kind, String what) {
    if (peek().kind() != kind) {
      throw unexpected(what);
    }
    return next();
  }

  TemplateError unexpected(String expected) {
    return new TemplateError(peek().line(), "expected " + expected + ", got " + peek().shown());
  }
}
