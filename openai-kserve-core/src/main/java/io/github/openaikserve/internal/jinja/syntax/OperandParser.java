package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.builtin.Builtin;
import io.github.openaikserve.internal.jinja.builtin.Builtins;
import io.github.openaikserve.internal.jinja.builtin.Filters;
import io.github.openaikserve.internal.jinja.builtin.Tests;
import io.github.openaikserve.internal.jinja.value.Limits;
import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A parser of operands: values, their subscripts, attributes and calls, and filters and tests. One
 * instance per template. Not thread-safe.
 */
final class OperandParser {
  private static final Map<String, Object> WORDS =
      Map.of(
          "true", true, "True", true, "false", false, "False", false, "none", None.NONE, "None",
          None.NONE);

  private final Tokens tokens;
  private final Names names;
  private final Nesting nesting;
  private final ExprParser expressions;
  private final List<TemplateError> unknown = new ArrayList<>();
  private Scope scope;

  OperandParser(Tokens tokens, Names names, Nesting nesting, ExprParser expressions, Scope scope) {
    this.tokens = tokens;
    this.names = names;
    this.nesting = nesting;
    this.expressions = expressions;
    this.scope = scope;
  }

  void enter(Scope other) {
    scope = other;
  }

  Expr primary() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case NAME -> {
        tokens.next();
        Object word = WORDS.get(token.text());
        yield word == null ? names.use(token.text(), scope) : new Expr.Constant(word);
      }
      case STRING -> strings();
      case WHOLE -> {
        tokens.next();
        yield new Expr.Constant(whole(token));
      }
      case FLOAT -> {
        tokens.next();
        yield new Expr.Constant(Double.valueOf(token.text().replace("_", "")));
      }
      case OPERATOR -> bracketed(token);
      default -> throw tokens.unexpected("an expression");
    };
  }

  private Expr strings() {
    var text = new StringBuilder();
    while (tokens.peek().kind() == Token.Kind.STRING) {
      text.append(tokens.next().text());
    }
    return new Expr.Constant(text.toString());
  }

  private static Object whole(Token token) {
    String digits = token.text().replace("_", "");
    int base =
        digits.length() < 2
            ? 10
            : switch (digits.charAt(1)) {
              case 'x', 'X' -> 16;
              case 'o', 'O' -> 8;
              case 'b', 'B' -> 2;
              default -> 10;
            };
    if (digits.length() > Limits.BITS / 4) {
      throw new TemplateError(token.line(), "a number is too long");
    }
    return Numbers.normal(new BigInteger(base == 10 ? digits : digits.substring(2), base));
  }

  private Expr bracketed(Token token) {
    nesting.enter(token.line());
    Expr value;
    if (tokens.skipOperator("(")) {
      value =
          tokens.peek().isOperator(")")
              ? new Expr.Sequence(List.of(), true)
              : expressions.tuple(true);
      tokens.expectOperator(")");
    } else if (tokens.skipOperator("[")) {
      value = new Expr.Sequence(elements("]"), false);
    } else if (tokens.skipOperator("{")) {
      value = dict();
    } else {
      throw tokens.unexpected("an expression");
    }
    nesting.leave();
    return value;
  }

  private List<Expr> elements(String end) {
    List<Expr> elements = new ArrayList<>();
    while (!tokens.skipOperator(end)) {
      if (!elements.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.skipOperator(end)) {
          break;
        }
      }
      elements.add(expressions.expression());
    }
    return elements;
  }

  private Expr dict() {
    List<Expr> keys = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!tokens.skipOperator("}")) {
      if (!keys.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.skipOperator("}")) {
          break;
        }
      }
      keys.add(expressions.expression());
      tokens.expectOperator(":");
      values.add(expressions.expression());
    }
    return new Expr.Dict(keys, values);
  }

  Expr postfix(Expr of) {
    Expr value = of;
    while (true) {
      if (tokens.skipOperator(".")) {
        Token name = tokens.next();
        if (name.kind() == Token.Kind.NAME) {
          value = new Expr.Member(value, name.text());
        } else if (name.kind() == Token.Kind.WHOLE) {
          value = new Expr.Item(value, new Expr.Constant(whole(name)));
        } else {
          throw new TemplateError(name.line(), "expected a name after '.'");
        }
      } else if (tokens.skipOperator("[")) {
        value = subscript(value);
      } else if (tokens.peek().isOperator("(")) {
        value = new Expr.Call(value, arguments());
      } else {
        return value;
      }
      nesting.chain(tokens.line());
    }
  }

  private Expr subscript(Expr of) {
    Expr from = tokens.peek().isOperator(":") ? null : expressions.expression();
    if (tokens.skipOperator("]")) {
      if (from == null) {
        throw tokens.unexpected("an expression");
      }
      return new Expr.Item(of, from);
    }
    if (from != null && tokens.peek().isOperator(",")) {
      throw new TemplateError(tokens.line(), "an index cannot be a tuple");
    }
    tokens.expectOperator(":");
    Expr to = part();
    Expr step = tokens.skipOperator(":") ? part() : null;
    tokens.expectOperator("]");
    return new Expr.Slice(of, from, to, step);
  }

  private @Nullable Expr part() {
    boolean none = tokens.peek().isOperator(":") || tokens.peek().isOperator("]");
    return none ? null : expressions.expression();
  }

  Expr.Arguments arguments() {
    tokens.expectOperator("(");
    var read = new ArgumentsReader();
    for (boolean first = true; !tokens.skipOperator(")"); first = false) {
      if (!first) {
        tokens.expectOperator(",");
        if (tokens.skipOperator(")")) {
          break;
        }
      }
      read.next();
    }
    return new Expr.Arguments(read.positional, read.keys, read.named, read.rest, read.restNamed);
  }

  /** The arguments read so far. */
  private final class ArgumentsReader {
    final List<Expr> positional = new ArrayList<>();
    final List<String> keys = new ArrayList<>();
    final List<Expr> named = new ArrayList<>();
    @Nullable Expr rest;
    @Nullable Expr restNamed;

    void next() {
      boolean inOrder;
      if (tokens.skipOperator("**")) {
        inOrder = restNamed == null;
        restNamed = expressions.expression();
      } else if (tokens.skipOperator("*")) {
        inOrder = rest == null && restNamed == null;
        rest = expressions.expression();
      } else if (tokens.peek().kind() == Token.Kind.NAME && tokens.peekNext().isOperator("=")) {
        inOrder = restNamed == null;
        keys.add(tokens.next().text());
        tokens.next();
        named.add(expressions.expression());
      } else {
        inOrder = named.isEmpty() && rest == null && restNamed == null;
        positional.add(expressions.expression());
      }
      if (!inOrder) {
        throw new TemplateError(tokens.line(), "an argument is out of order");
      }
    }
  }

  Expr filtered(Expr of) {
    Expr value = of;
    while (true) {
      if (tokens.skipOperator("|")) {
        value = new Expr.Filter(value, filter());
      } else if (tokens.skipName("is")) {
        value = test(value);
      } else if (tokens.peek().isOperator("(")) {
        value = new Expr.Call(value, arguments());
      } else {
        return value;
      }
      nesting.chain(tokens.line());
    }
  }

  /** Parses a filter's name and arguments after the {@code |}. */
  Expr.Applied filter() {
    Token name = tokens.expect(Token.Kind.NAME, "the name of a filter");
    Expr.Arguments arguments = tokens.peek().isOperator("(") ? arguments() : Expr.Arguments.NONE;
    return applied(Filters.TABLE, "filter", name, arguments);
  }

  private Expr test(Expr of) {
    boolean negated = tokens.skipName("not");
    Token name = tokens.next();
    if (name.kind() != Token.Kind.NAME) {
      throw new TemplateError(name.line(), "expected the name of a test");
    }
    Expr.Arguments arguments = Expr.Arguments.NONE;
    if (tokens.peek().isOperator("(")) {
      arguments = arguments();
    } else if (isArgument(tokens.peek())) {
      arguments = new Expr.Arguments(List.of(postfix(primary())), List.of(), List.of());
    }
    Expr test = new Expr.Test(of, applied(Tests.TABLE, "test", name, arguments));
    return negated ? new Expr.Not(test) : test;
  }

  private static boolean isArgument(Token token) {
    return switch (token.kind()) {
      case STRING, WHOLE, FLOAT -> true;
      case NAME ->
          !token.isName("else")
              && !token.isName("or")
              && !token.isName("and")
              && !token.isName("is")
              && !token.isName("if")
              && !token.isName("in")
              && !token.isName("not")
              && !token.isName("recursive");
      case OPERATOR -> token.isOperator("[") || token.isOperator("{");
      default -> false;
    };
  }

  /**
   * Returns the number of filters and tests with unknown names so far that are certainly evaluated.
   */
  int unknown() {
    return unknown.size();
  }

  /** Defers the check of unknown names since then to their use. */
  void postpone(int since) {
    unknown.subList(since, unknown.size()).clear();
  }

  /** Records a failure of a tag, which is reported like an unknown name. */
  void fails(TemplateError failure) {
    unknown.add(failure);
  }

  /** Rejects the template for the first unknown name that is rendered for certain. */
  void checkKnown() {
    if (!unknown.isEmpty()) {
      throw unknown.get(0);
    }
  }

  private Expr.Applied applied(Builtins table, String kind, Token name, Expr.Arguments arguments) {
    Builtin builtin = table.get(name.text());
    if (builtin == null) {
      unknown.add(new TemplateError(name.line(), "there is no " + kind + " '" + name.text() + "'"));
      return new Expr.Applied(Builtin.missing(kind, name.text()), arguments);
    }
    if (arguments.isOpen()) {
      return new Expr.Applied(builtin, arguments);
    }
    String problem =
        builtin.takes().problem(arguments.positional().size(), Set.copyOf(arguments.names()));
    if (problem != null) {
      throw new TemplateError(name.line(), kind + " '" + name.text() + "' " + problem);
    }
    return new Expr.Applied(builtin, arguments);
  }
}
