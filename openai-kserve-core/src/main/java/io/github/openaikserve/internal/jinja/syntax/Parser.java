package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A parser that converts a template to a syntax tree. One instance per template. Not thread-safe.
 */
public final class Parser {
  /** Tags of Jinja extensions that transformers does not enable. */
  private static final Set<String> UNKNOWN = Set.of("do", "trans", "debug");

  private final Tokens tokens;
  private final Names names = new Names();
  private final Nesting nesting = new Nesting();
  private final ExprParser expressions;
  private final MacroParser macros;
  private final BlockParser blocks;
  private Scope scope;
  private int loops;

  public Parser(Tokens tokens, Scope scope) {
    this.tokens = tokens;
    this.scope = scope;
    this.expressions = new ExprParser(tokens, names, nesting, scope);
    this.macros = new MacroParser(this, tokens, nesting, expressions);
    this.blocks = new BlockParser(this, tokens, expressions, scope);
  }

  public Node template() {
    Node body = body(Set.of());
    if (tokens.peek().kind() != Token.Kind.END) {
      throw tokens.unexpected("the end of the template");
    }
    expressions.operands().checkKnown();
    names.resolve();
    return body;
  }

  /** Returns the names that the template reads. Known after parsing. */
  public Set<String> names() {
    return names.all();
  }

  /** Parses a body up to a tag with one of these names, and does not read that tag. */
  public Node body(Set<String> ends) {
    nesting.enter(tokens.line());
    List<Node> nodes = new ArrayList<>();
    while (tokens.peek().kind() != Token.Kind.END) {
      Token token = tokens.peek();
      if (token.kind() == Token.Kind.BLOCK && ends.contains(tokens.peekNext().text())) {
        nesting.leave();
        return block(nodes);
      }
      tokens.next();
      nesting.newTag();
      switch (token.kind()) {
        case DATA -> nodes.add(new Node.Data(token.text()));
        case EXPRESSION -> {
          Expr value = expressions.tuple(true);
          tokens.expect(Token.Kind.EXPRESSION_END, "'}}'");
          nodes.add(new Node.Print(value, token.line()));
        }
        case BLOCK -> nodes.add(statement());
        default -> throw tokens.unexpected("text or a tag");
      }
    }
    if (!ends.isEmpty()) {
      throw new TemplateError(tokens.line(), "expected one of " + ends.stream().sorted().toList());
    }
    nesting.leave();
    return block(nodes);
  }

  private static Node block(List<Node> nodes) {
    return nodes.size() == 1 ? nodes.get(0) : new Node.Block(List.copyOf(nodes));
  }

  private Node statement() {
    Token name = tokens.expect(Token.Kind.NAME, "the name of a tag");
    return switch (name.text()) {
      case "if" -> {
        int known = expressions.operands().unknown();
        Node node = ifThen(name.line());
        expressions.operands().postpone(known);
        yield node;
      }
      case "for" -> loop(name.line());
      case "set" -> set(name.line());
      case "macro" -> macros.macro();
      case "call" -> macros.call(name.line());
      case "block" -> blocks.block(name.line());
      case "autoescape" -> blocks.autoescape(name.line());
      case "print" -> print(name.line());
      case "include", "import", "from", "extends" -> blocks.missing(name);
      case "filter" -> filterBlock(name.line());
      case "with" -> with();
      case "generation" -> generation();
      case "break" -> jump(name, Node.Flow.BREAK);
      case "continue" -> jump(name, Node.Flow.CONTINUE);
      default -> {
        String why = UNKNOWN.contains(name.text()) ? "is not supported" : "has no place here";
        throw new TemplateError(name.line(), "the tag '" + name.text() + "' " + why);
      }
    };
  }

  void endOfTag() {
    tokens.expect(Token.Kind.BLOCK_END, "'%}'");
  }

  /** Reads the tag that ends a body. */
  public void end(String name) {
    tokens.expect(Token.Kind.BLOCK, "'{% " + name + " %}'");
    if (!tokens.skipName(name)) {
      throw tokens.unexpected("'" + name + "'");
    }
    endOfTag();
  }

  private Node ifThen(int line) {
    Expr condition = expressions.tuple(true);
    endOfTag();
    Node then = body(Set.of("elif", "else", "endif"));
    tokens.next();
    Token next = tokens.next();
    Node otherwise;
    if (next.isName("elif")) {
      nesting.enter(next.line());
      otherwise = ifThen(next.line());
      nesting.leave();
      return new Node.If(condition, then, otherwise, line);
    }
    endOfTag();
    if (next.isName("endif")) {
      return new Node.If(condition, then, new Node.Block(List.of()), line);
    }
    otherwise = body(Set.of("endif"));
    end("endif");
    return new Node.If(condition, then, otherwise, line);
  }

  void enter(Scope other) {
    scope = other;
    expressions.enter(other);
  }

  private Node loop(int line) {
    Scope outer = scope;
    Scope inner = outer.inner();
    enter(inner);
    Target target = target();
    if (!tokens.skipName("in")) {
      throw tokens.unexpected("'in'");
    }
    enter(outer);
    Expr iterable = expressions.tuple(false);
    enter(inner);
    Expr condition = tokens.skipName("if") ? expressions.expression() : null;
    boolean recursive = tokens.skipName("recursive");
    endOfTag();
    int slot = inner.declare("loop");
    loops++;
    Node body = body(Set.of("else", "endfor"));
    loops--;
    enter(outer);
    Node otherwise = new Node.Block(List.of());
    if (tokens.peekNext().isName("else")) {
      end("else");
      enter(outer.inner());
      otherwise = body(Set.of("endfor"));
      enter(outer);
    }
    end("endfor");
    return new ForNode(target, iterable, condition, recursive, body, otherwise, slot, inner, line);
  }

  /** Parses one or more names separated by commas. */
  private Target target() {
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
      return new Target.Attribute(names.use(name.text(), scope), name.text(), attribute.text());
    }
    return new Target.Slot(scope.declare(name.text()));
  }

  private Node set(int line) {
    Target target = target();
    if (tokens.skipOperator("=")) {
      Expr value = expressions.tuple(true);
      endOfTag();
      return new Node.Set(target, value, line);
    }
    List<Expr.Applied> filters = new ArrayList<>();
    while (tokens.skipOperator("|")) {
      filters.add(expressions.filter());
    }
    endOfTag();
    Node body = inner(Set.of("endset"));
    end("endset");
    return new Node.SetBlock(target, body, filters, line);
  }

  private Node filterBlock(int line) {
    List<Expr.Applied> filters = new ArrayList<>(List.of(expressions.filter()));
    while (tokens.skipOperator("|")) {
      filters.add(expressions.filter());
    }
    endOfTag();
    Node body = inner(Set.of("endfilter"));
    end("endfilter");
    return new Node.FilterBlock(body, filters, line);
  }

  private Node inner(Set<String> ends) {
    return apart(scope.inner(), ends);
  }

  /**
   * Parses a body in which {@code break} and {@code continue} cannot leave a loop around it: a jump
   * would discard the printed output.
   */
  Node apart(Scope inner, Set<String> ends) {
    Scope outer = scope;
    int loopsAround = loops;
    loops = 0;
    enter(inner);
    Node body = body(ends);
    enter(outer);
    loops = loopsAround;
    return body;
  }

  Scope scope() {
    return scope;
  }

  private Node print(int line) {
    List<Node> values = new ArrayList<>();
    while (tokens.peek().kind() != Token.Kind.BLOCK_END) {
      if (!values.isEmpty()) {
        tokens.expectOperator(",");
      }
      values.add(new Node.Print(expressions.expression(), line));
    }
    endOfTag();
    return block(values);
  }

  private Node with() {
    Scope outer = scope;
    Scope inner = outer.inner();
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
    endOfTag();
    enter(inner);
    Node body = body(Set.of("endwith"));
    enter(outer);
    end("endwith");
    return new Node.With(targets, values, body, inner);
  }

  private Node generation() {
    endOfTag();
    Node body = body(Set.of("endgeneration"));
    end("endgeneration");
    return body;
  }

  private Node jump(Token name, Node.Flow flow) {
    if (loops == 0) {
      throw new TemplateError(name.line(), "'" + name.text() + "' is outside a loop");
    }
    endOfTag();
    return new Node.Jump(flow);
  }
}
