package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.builtin.Attributes;
import io.github.openaikserve.internal.jinja.builtin.Subscripts;
import io.github.openaikserve.internal.jinja.value.Limits;
import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parser of operands: values, and their subscripts, attributes and calls. One instance per
 * template. Not thread-safe.
 */
final class OperandParser {
  private static final Map<String, Object> WORDS =
      Map.of(
          "true", true, "True", true, "false", false, "False", false, "none", None.NONE, "None",
          None.NONE);

  private final Tokens tokens;
  private final Names names;
  private final ExprParser expressions;

  OperandParser(Tokens tokens, Names names, ExprParser expressions) {
    this.tokens = tokens;
    this.names = names;
    this.expressions = expressions;
  }

  Expr primary() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case NAME -> {
        tokens.next();
        Object word = WORDS.get(token.text());
        yield word == null ? names.use(token.text()) : new Expr.Constant(word);
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
      case OPERATOR -> bracketed();
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

  private Expr bracketed() {
    tokens.enter();
    Expr value;
    if (tokens.skipOperator("(")) {
      value =
          tokens.peek().isOperator(")")
              ? new Expr.Sequence(List.of(), true)
              : expressions.tuple(true);
      tokens.expectOperator(")");
    } else if (tokens.skipOperator("[")) {
      value = new Expr.Sequence(elements(), false);
    } else if (tokens.skipOperator("{")) {
      value = dict();
    } else {
      throw tokens.unexpected("an expression");
    }
    tokens.leave();
    return value;
  }

  private List<Expr> elements() {
    List<Expr> elements = new ArrayList<>();
    tokens.list("]", () -> elements.add(expressions.expression()));
    return elements;
  }

  private Expr dict() {
    List<Expr> keys = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    tokens.list(
        "}",
        () -> {
          keys.add(expressions.expression());
          tokens.expectOperator(":");
          values.add(expressions.expression());
        });
    return new Expr.Dict(keys, values);
  }

  Expr postfix(Expr operand) {
    Expr value = operand;
    while (true) {
      if (tokens.skipOperator(".")) {
        Token name = tokens.next();
        if (name.kind() == Token.Kind.NAME) {
          value = new Expr.Unary(value, Attributes.reader(name.text()));
        } else if (name.kind() == Token.Kind.WHOLE) {
          value = item(value, new Expr.Constant(whole(name)));
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
      tokens.chain();
    }
  }

  private Expr subscript(Expr of) {
    Expr from = tokens.peek().isOperator(":") ? null : expressions.expression();
    if (tokens.skipOperator("]")) {
      if (from == null) {
        throw tokens.unexpected("an expression");
      }
      return item(of, from);
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

  private static Expr item(Expr of, Expr key) {
    return new Expr.Binary(of, key, Subscripts::get);
  }

  private @Nullable Expr part() {
    boolean none = tokens.peek().isOperator(":") || tokens.peek().isOperator("]");
    return none ? null : expressions.expression();
  }

  Arguments arguments() {
    tokens.expectOperator("(");
    var read = new ArgumentsReader();
    tokens.list(")", read::next);
    return new Arguments(read.positional, read.keys, read.named, read.rest, read.restNamed);
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
}
