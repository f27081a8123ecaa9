package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.Arithmetic;
import io.github.openaikserve.internal.jinja.value.Limits;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A parser of expressions with jinja2's precedence. One instance per template. Not thread-safe. */
final class ExprParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Map<String, Arithmetic.Operation> SUMS =
      Map.of("+", Arithmetic.ADD, "-", Arithmetic::subtract);
  private static final Map<String, Arithmetic.Operation> PRODUCTS =
      Map.of(
          "*", Arithmetic::multiply,
          "/", Arithmetic::divide,
          "//", Arithmetic::floorDivide,
          "%", Arithmetic::modulo);
  private final Tokens tokens;
  private final Nesting nesting;
  private final OperandParser operands;

  ExprParser(Tokens tokens, Names names, Nesting nesting, Scope scope) {
    this.tokens = tokens;
    this.nesting = nesting;
    this.operands = new OperandParser(tokens, names, nesting, this, scope);
  }

  /** Sets the scope of the names that are read from now on. */
  void enter(Scope other) {
    operands.enter(other);
  }

  /** Returns the parser of operands, which collects unknown names. */
  OperandParser operands() {
    return operands;
  }

  /** Parses a filter's name and arguments after the {@code |}. */
  Expr.Applied filter() {
    return operands.filter();
  }

  Expr expression() {
    nesting.enter(tokens.line());
    int known = operands.unknown();
    Expr value = or();
    while (tokens.skipName("if")) {
      nesting.chain(tokens.line());
      Expr condition = or();
      Expr otherwise = tokens.skipName("else") ? expression() : null;
      value = new Expr.Ternary(condition, value, otherwise);
      operands.postpone(known);
    }
    nesting.leave();
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
    Expr left = and();
    while (tokens.skipName("or")) {
      nesting.chain(tokens.line());
      left = new Expr.Logical(left, and(), false);
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (tokens.skipName("and")) {
      nesting.chain(tokens.line());
      left = new Expr.Logical(left, not(), true);
    }
    return left;
  }

  private Expr not() {
    if (!tokens.skipName("not")) {
      return comparison();
    }
    nesting.enter(tokens.line());
    Expr negated = new Expr.Not(not());
    nesting.leave();
    return negated;
  }

  private Expr comparison() {
    Expr first = sum();
    List<String> operators = new ArrayList<>();
    List<Expr> others = new ArrayList<>();
    for (String operator = comparisonOperator();
        operator != null;
        operator = comparisonOperator()) {
      operators.add(operator);
      others.add(sum());
    }
    return operators.isEmpty() ? first : new Expr.Compare(first, operators, others);
  }

  private @Nullable String comparisonOperator() {
    Token next = tokens.peek();
    if (next.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(next.text())) {
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
    Expr left = concat();
    for (Arithmetic.Operation operation = operation(SUMS);
        operation != null;
        operation = operation(SUMS)) {
      left = new Expr.Binary(left, concat(), operation);
    }
    return left;
  }

  private Arithmetic.@Nullable Operation operation(Map<String, Arithmetic.Operation> known) {
    Token next = tokens.peek();
    Arithmetic.Operation operation =
        next.kind() == Token.Kind.OPERATOR ? known.get(next.text()) : null;
    if (operation != null) {
      nesting.chain(next.line());
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
    Expr left = power();
    for (Arithmetic.Operation operation = operation(PRODUCTS);
        operation != null;
        operation = operation(PRODUCTS)) {
      left = new Expr.Binary(left, power(), operation);
    }
    return left;
  }

  private Expr power() {
    Expr left = unary(true);
    while (tokens.skipOperator("**")) {
      nesting.chain(tokens.line());
      left = new Expr.Binary(left, unary(true), Arithmetic::power);
    }
    return left;
  }

  private Expr unary(boolean withFilters) {
    Expr value;
    if (tokens.peek().isOperator("-") || tokens.peek().isOperator("+")) {
      nesting.enter(tokens.line());
      boolean minus = tokens.next().isOperator("-");
      value = new Expr.Signed(unary(false), minus);
      nesting.leave();
    } else {
      value = operands.primary();
    }
    value = operands.postfix(value);
    return withFilters ? operands.filtered(value) : value;
  }
}
