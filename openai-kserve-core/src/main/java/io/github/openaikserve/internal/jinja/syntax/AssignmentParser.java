package io.github.openaikserve.internal.jinja.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A parser of {@code set} and {@code with} tags, and of the targets of assignments. One instance
 * per template. Not thread-safe.
 */
final class AssignmentParser {
  private final Parser parser;
  private final Tokens tokens;
  private final Names names;
  private final ExprParser expressions;

  AssignmentParser(Parser parser, Tokens tokens, Names names, ExprParser expressions) {
    this.parser = parser;
    this.tokens = tokens;
    this.names = names;
    this.expressions = expressions;
  }

  /** Parses one or more names separated by commas. */
  Target target() {
    List<Target> targets = new ArrayList<>();
    boolean several = false;
    do {
      if (tokens.skipOperator("(")) {
        targets.add(target());
        tokens.expectOperator(")");
      } else if (tokens.peek().kind() == Token.Kind.NAME && !tokens.peek().isName("in")) {
        targets.add(variable());
      } else {
        break;
      }
      several |= tokens.peek().isOperator(",");
    } while (tokens.skipOperator(","));
    if (targets.isEmpty()) {
      throw tokens.unexpected("a name");
    }
    return several ? new Target.Unpacked(targets) : targets.get(0);
  }

  private Target variable() {
    Token name = tokens.next();
    if (tokens.skipOperator(".")) {
      Token attribute = tokens.expect(Token.Kind.NAME, "a name");
      return new Target.Attribute(names.use(name.text()), name.text(), attribute.text());
    }
    return new Target.Slot(names.scope().declare(name.text()));
  }

  /** Parses a tag that sets a variable to a value or to the output of its body. */
  Node set(int line) {
    Target target = target();
    if (tokens.skipOperator("=")) {
      Expr value = expressions.tuple(true);
      parser.endOfTag();
      return new Node.Set(target, value, line);
    }
    return new Node.Set(target, parser.filtered(UnaryOperator.identity(), "endset", line), line);
  }

  /** Parses a tag that sets variables for its body only. */
  Node with() {
    Scope inner = names.scope().inner();
    List<Target> targets = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (tokens.peek().kind() != Token.Kind.BLOCK_END) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      Token name = tokens.expect(Token.Kind.NAME, "a name");
      targets.add(new Target.Slot(inner.declare(name.text())));
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    parser.endOfTag();
    Node body = names.within(inner, () -> parser.until("endwith"));
    return new Node.With(targets, values, body, inner);
  }
}
