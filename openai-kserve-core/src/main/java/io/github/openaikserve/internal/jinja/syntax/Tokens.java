package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.Limits;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.util.List;

/** A reader of the tokens of a template. It counts how deep they are nested. Not thread-safe. */
final class Tokens {
  private final List<Token> tokens;
  private int at;
  private int depth;
  private int deepest;
  private int chained;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peekNext() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  int line() {
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

  /** Reads elements separated by commas, and the bracket that ends them. */
  void list(String end, Runnable element) {
    for (boolean first = true; !skipOperator(end); first = false) {
      if (!first) {
        expectOperator(",");
        if (skipOperator(end)) {
          return;
        }
      }
      element.run();
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

  /** Enters another level of blocks and operators. */
  void enter() {
    depth++;
    deepest = Math.max(deepest, depth);
    if (depth > Limits.NESTING) {
      throw new TemplateError(line(), "it is nested more than " + Limits.NESTING + " levels deep");
    }
  }

  /**
   * Counts another operator of the same tag, because each one uses stack when the tag is rendered.
   */
  void chain() {
    chained++;
    if (chained > Limits.CHAIN) {
      throw new TemplateError(line(), "a tag has more than " + Limits.CHAIN + " operators");
    }
  }

  /** Starts another tag. */
  void newTag() {
    chained = 0;
  }

  void leave() {
    depth--;
  }

  /** Resets the recorded depth. Returns a mark for {@link #deepestSince}. */
  int mark() {
    int before = deepest;
    deepest = depth;
    return before;
  }

  /** Returns the number of levels that were entered since the mark. */
  int deepestSince(int mark) {
    int levels = deepest - depth;
    deepest = Math.max(deepest, mark);
    return levels;
  }
}
