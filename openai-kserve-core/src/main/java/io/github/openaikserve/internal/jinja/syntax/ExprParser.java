package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.Arithmetic;
import io.github.openaikserve.internal.jinja.value.Limits;
import io.github.openaikserve.internal.jinja.value.Operation;
import io.github.openaikserve.internal.jinja.value.Ordering;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A parser of expressions with jinja2's precedence. One instance per template. Not thread-safe. */
final class ExprParser {
  private static final Map<String, Operation> SUMS =
      Map.of("+", Arithmetic.ADD, "-", Arithmetic::subtract);
  private static final Map<String, Operation> PRODUCTS =
      Map.of(
          "*", Arithmetic::multiply,
          "/", Arithmetic::divide,
          "//", Arithmetic::floorDivide,
          "%", Arithmetic::modulo);

  private static final Map<String, Operation> POWERS = Map.of("**", Arithmetic::power);
  private final Tokens tokens;
  private final Names names;
  private final OperandParser operands;
  private final FilterParser filters;

  ExprParser(Tokens tokens, Names names) {
    this.tokens = tokens;
    this.names = names;
    this.operands = new OperandParser(tokens, names, this);
    this.filters = new FilterParser(tokens, names, operands);
  }

  /** Parses a filter's name and arguments after the {@code |}. */
  UnaryOperator<Expr> filter() {
    return filters.filter();
  }

  Expr expression() {
    tokens.enter();
    int known = names.failures();
    Expr value = or();
    while (tokens.skipName("if")) {
      tokens.chain();
      Expr condition = or();
      Expr otherwise = tokens.skipName("else") ? expression() : null;
      value = new Expr.Ternary(condition, value, otherwise);
      names.postpone(known);
    }
    tokens.leave();
    return value;
  }

  /** Parses one expression, or several separated by commas as a tuple. */
  Expr tuple(boolean withTernary) {
    int line = tokens.line();
    Expr first = withTernary ? expression() : or();
    if (!tokens.peek().isOperator(",")) {
      return first;
    }
    List<Expr> elements = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",") && !endsTuple()) {
      elements.add(withTernary ? expression() : or());
    }
    if (elements.size() > Limits.SOURCE) {
      throw new TemplateError(line, "a tuple is too long");
    }
    return new Expr.Sequence(elements, true);
  }

  private boolean endsTuple() {
    Token next = tokens.peek();
    return next.kind() == Token.Kind.BLOCK_END
        || next.kind() == Token.Kind.EXPRESSION_END
        || next.isOperator(")");
  }

  Expr or() {
    return logical("or", this::and);
  }

  private Expr and() {
    return logical("and", this::not);
  }

  private Expr logical(String operator, Supplier<Expr> operand) {
    Expr left = operand.get();
    while (tokens.skipName(operator)) {
      tokens.chain();
      left = new Expr.Logical(left, operand.get(), operator.equals("and"));
    }
    return left;
  }

  private Expr not() {
    if (!tokens.skipName("not")) {
      return comparison();
    }
    tokens.enter();
    Expr negated = negated(not());
    tokens.leave();
    return negated;
  }

  static Expr negated(Expr of) {
    return new Expr.Unary(of, value -> !Values.truth(value));
  }

  private Expr comparison() {
    Expr first = sum();
    List<Operation> operators = new ArrayList<>();
    List<Expr> others = new ArrayList<>();
    for (String operator = comparisonOperator();
        operator != null;
        operator = comparisonOperator()) {
      operators.add(Objects.requireNonNull(Ordering.OPERATORS.get(operator)));
      others.add(sum());
    }
    return operators.isEmpty() ? first : new Expr.Compare(first, operators, others);
  }

  private @Nullable String comparisonOperator() {
    Token next = tokens.peek();
    if (next.kind() == Token.Kind.OPERATOR && Ordering.OPERATORS.containsKey(next.text())) {
      return tokens.next().text();
    }
    if (tokens.skipName("in")) {
      return "in";
    }
    if (next.isName("not") && tokens.peekNext().isName("in")) {
      tokens.next();
      tokens.next();
      return "not in";
    }
    return null;
  }

  private Expr sum() {
    return binary(SUMS, this::concat);
  }

  private Expr binary(Map<String, Operation> known, Supplier<Expr> operand) {
    Expr left = operand.get();
    for (Operation operation = operation(known); operation != null; operation = operation(known)) {
      left = new Expr.Binary(left, operand.get(), operation);
    }
    return left;
  }

  private @Nullable Operation operation(Map<String, Operation> known) {
    Token next = tokens.peek();
    Operation operation = next.kind() == Token.Kind.OPERATOR ? known.get(next.text()) : null;
    if (operation != null) {
      tokens.chain();
      tokens.next();
    }
    return operation;
  }

  private Expr concat() {
    Expr first = product();
    if (!tokens.peek().isOperator("~")) {
      return first;
    }
    List<Expr> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return new Expr.Concat(parts);
  }

  private Expr product() {
    return binary(PRODUCTS, this::power);
  }

  private Expr power() {
    return binary(POWERS, () -> unary(true));
  }

  private Expr unary(boolean withFilters) {
    Expr value;
    if (tokens.peek().isOperator("-") || tokens.peek().isOperator("+")) {
      tokens.enter();
      boolean minus = tokens.next().isOperator("-");
      value = new Expr.Unary(unary(false), minus ? Arithmetic::negate : Arithmetic::plus);
      tokens.leave();
    } else {
      value = operands.primary();
    }
    value = operands.postfix(value);
    return withFilters ? filters.filtered(value) : value;
  }
}
