package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.builtin.Builtin;
import io.github.openaikserve.internal.jinja.builtin.Builtins;
import io.github.openaikserve.internal.jinja.builtin.Filters;
import io.github.openaikserve.internal.jinja.builtin.Tests;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A parser of filters and tests. One instance per template. Not thread-safe. */
final class FilterParser {
  /** The words after a test that are not its argument. */
  private static final Set<String> NO_ARGUMENTS =
      Set.of("else", "or", "and", "is", "if", "in", "not", "recursive");

  private final Tokens tokens;
  private final Names names;
  private final OperandParser operands;

  FilterParser(Tokens tokens, Names names, OperandParser operands) {
    this.tokens = tokens;
    this.names = names;
    this.operands = operands;
  }

  /** Parses the filters and tests of a value, and calls of their results. */
  Expr filtered(Expr of) {
    Expr value = of;
    while (true) {
      if (tokens.skipOperator("|")) {
        value = filter().apply(value);
      } else if (tokens.skipName("is")) {
        value = test(value);
      } else if (tokens.peek().isOperator("(")) {
        value = new Expr.Call(value, operands.arguments());
      } else {
        return value;
      }
      tokens.chain();
    }
  }

  /** Parses a filter's name and arguments after the {@code |}. */
  UnaryOperator<Expr> filter() {
    Token name = tokens.expect(Token.Kind.NAME, "the name of a filter");
    Arguments arguments = tokens.peek().isOperator("(") ? operands.arguments() : Arguments.NONE;
    Builtin filter = builtin(Filters.TABLE, name, arguments);
    return of -> new ApplyExpr(of, filter, arguments);
  }

  private Expr test(Expr of) {
    boolean negated = tokens.skipName("not");
    Token name = tokens.next();
    if (name.kind() != Token.Kind.NAME) {
      throw new TemplateError(name.line(), "expected the name of a test");
    }
    Arguments arguments = Arguments.NONE;
    if (tokens.peek().isOperator("(")) {
      arguments = operands.arguments();
    } else if (isArgument(tokens.peek())) {
      arguments =
          new Arguments(List.of(operands.postfix(operands.primary())), List.of(), List.of());
    }
    Expr test = new ApplyExpr(of, builtin(Tests.TABLE, name, arguments), arguments);
    return negated ? ExprParser.negated(test) : test;
  }

  private static boolean isArgument(Token token) {
    return switch (token.kind()) {
      case STRING, WHOLE, FLOAT -> true;
      case NAME -> !NO_ARGUMENTS.contains(token.text());
      case OPERATOR -> token.isOperator("[") || token.isOperator("{");
      default -> false;
    };
  }

  private Builtin builtin(Builtins table, Token name, Arguments arguments) {
    Builtin builtin = table.get(name.text());
    if (builtin == null) {
      String problem = table.unknown(name.text());
      names.fails(new TemplateError(name.line(), problem));
      return Builtin.missing(name.text(), problem);
    }
    String problem = arguments.isOpen() ? null : arguments.problem(builtin.takes());
    if (problem != null) {
      throw new TemplateError(name.line(), table.kind() + " '" + name.text() + "' " + problem);
    }
    return builtin;
  }
}
