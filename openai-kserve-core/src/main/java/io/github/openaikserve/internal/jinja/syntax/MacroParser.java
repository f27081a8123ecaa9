package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A parser of {@code macro} and {@code call} tags. One instance per template. Not thread-safe. */
final class MacroParser {
  private final Parser parser;
  private final Tokens tokens;
  private final Names names;
  private final ExprParser expressions;

  MacroParser(Parser parser, Tokens tokens, Names names, ExprParser expressions) {
    this.parser = parser;
    this.tokens = tokens;
    this.names = names;
    this.expressions = expressions;
  }

  Node macro() {
    Token name = tokens.expect(Token.Kind.NAME, "the name of a macro");
    int place = names.scope().declare(name.text());
    Scope inner = names.scope().macro();
    List<String> parameters = new ArrayList<>();
    List<Expr> defaults = names.within(inner, () -> signature(inner, parameters));
    parser.endOfTag();
    Body body = body(inner, "endmacro");
    return new MacroNode(
        place,
        new MacroNode.Code(name.text(), parameters, defaults, body.node(), inner, body.levels()));
  }

  /** Parses a {@code call} tag, whose body the called macro gets as {@code caller}. */
  Node call(int line) {
    Scope inner = names.scope().macro();
    List<String> parameters = new ArrayList<>();
    List<Expr> defaults = List.of();
    if (tokens.peek().isOperator("(")) {
      defaults = names.within(inner, () -> signature(inner, parameters));
    }
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw new TemplateError(line, "expected a call in the tag 'call'");
    }
    parser.endOfTag();
    Body body = body(inner, "endcall");
    return new MacroNode.Call(
        call,
        new MacroNode.Code("", parameters, defaults, body.node(), inner, body.levels()),
        line);
  }

  /** Reads parameters into a list, and returns the defaults of the last ones. */
  private List<Expr> signature(Scope inner, List<String> parameters) {
    List<Expr> defaults = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      Token parameter = tokens.expect(Token.Kind.NAME, "the name of a parameter");
      parameters.add(parameter.text());
      inner.declare(parameter.text());
      if (tokens.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw new TemplateError(
            parameter.line(), "a parameter without a default follows one with a default");
      }
    }
    return defaults;
  }

  /** A body and its nesting depth. */
  private record Body(Node node, int levels) {}

  private Body body(Scope inner, String end) {
    int mark = tokens.mark();
    Node node = parser.apart(inner, Set.of(end));
    int levels = tokens.deepestSince(mark) + 2;
    parser.end(end);
    return new Body(node, levels);
  }
}
