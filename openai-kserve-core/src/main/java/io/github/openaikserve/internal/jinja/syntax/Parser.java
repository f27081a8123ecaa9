package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A parser that converts a template to a syntax tree. One instance per template. Not thread-safe.
 */
public final class Parser {
  /** Tags of Jinja extensions that transformers does not enable. */
  private static final Set<String> UNKNOWN = Set.of("do", "trans", "debug");

  private final Scope root = new Scope();
  private final Names names = new Names(root);
  private final Tokens tokens;
  private final ExprParser expressions;
  private final MacroParser macros;
  private final BlockParser blocks;
  private final AssignmentParser assignments;
  private int loops;

  /** Creates a parser for one template. */
  public Parser(String source) {
    this.tokens = new Tokens(Lexer.tokens(source));
    this.expressions = new ExprParser(tokens, names);
    this.macros = new MacroParser(this, tokens, names, expressions);
    this.blocks = new BlockParser(this, tokens, names, expressions);
    this.assignments = new AssignmentParser(this, tokens, names, expressions);
  }

  public Node template() {
    Node body = body(Set.of());
    if (tokens.peek().kind() != Token.Kind.END) {
      throw tokens.unexpected("the end of the template");
    }
    names.resolve();
    return body;
  }

  /** Returns the names that the template reads. Known after parsing. */
  public Set<String> names() {
    return names.all();
  }

  /** Returns the number of variables of the template. Known after parsing. */
  public int size() {
    return root.function.size();
  }

  /** Parses a body up to a tag with one of these names, and does not read that tag. */
  public Node body(Set<String> ends) {
    tokens.enter();
    List<Node> nodes = new ArrayList<>();
    while (tokens.peek().kind() != Token.Kind.END) {
      Token token = tokens.peek();
      if (token.kind() == Token.Kind.BLOCK && ends.contains(tokens.peekNext().text())) {
        tokens.leave();
        return block(nodes);
      }
      tokens.next();
      tokens.newTag();
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
    tokens.leave();
    return block(nodes);
  }

  private static Node block(List<Node> nodes) {
    return nodes.size() == 1 ? nodes.get(0) : new Node.Block(List.copyOf(nodes));
  }

  private Node statement() {
    Token name = tokens.expect(Token.Kind.NAME, "the name of a tag");
    return switch (name.text()) {
      case "if" -> {
        int known = names.failures();
        Node node = ifThen(name.line());
        names.postpone(known);
        yield node;
      }
      case "for" -> loop(name.line());
      case "set" -> assignments.set(name.line());
      case "macro" -> macros.macro();
      case "call" -> macros.call(name.line());
      case "block" -> blocks.block(name.line());
      case "autoescape" -> blocks.autoescape(name.line());
      case "print" -> print(name.line());
      case "include", "import", "from", "extends" -> blocks.missing(name);
      case "filter" -> filterBlock(name.line());
      case "with" -> assignments.with();
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

  /** Parses a body and the tag that ends it. */
  Node until(String end) {
    Node body = body(Set.of(end));
    end(end);
    return body;
  }

  /** Reads the tag that ends a body. */
  void end(String name) {
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
    Node otherwise = new Node.Block(List.of());
    if (next.isName("elif")) {
      tokens.enter();
      otherwise = ifThen(next.line());
      tokens.leave();
      return new Node.If(condition, then, otherwise, line);
    }
    endOfTag();
    if (next.isName("else")) {
      otherwise = until("endif");
    }
    return new Node.If(condition, then, otherwise, line);
  }

  private Node loop(int line) {
    Scope inner = names.scope().inner();
    Target target = names.within(inner, assignments::target);
    if (!tokens.skipName("in")) {
      throw tokens.unexpected("'in'");
    }
    Expr iterable = expressions.tuple(false);
    Expr condition = tokens.skipName("if") ? names.within(inner, expressions::expression) : null;
    boolean recursive = tokens.skipName("recursive");
    endOfTag();
    int slot = inner.declare("loop");
    loops++;
    Node body = names.within(inner, () -> body(Set.of("else", "endfor")));
    loops--;
    Node otherwise = new Node.Block(List.of());
    if (tokens.peekNext().isName("else")) {
      end("else");
      otherwise = names.within(names.scope().inner(), () -> body(Set.of("endfor")));
    }
    end("endfor");
    return new ForNode(target, iterable, condition, recursive, body, otherwise, slot, inner, line);
  }

  private Node filterBlock(int line) {
    return new Node.Print(filtered(expressions.filter(), "endfilter", line), line);
  }

  /** Parses further filters, and the body to which all are applied. */
  Expr filtered(UnaryOperator<Expr> first, String end, int line) {
    List<UnaryOperator<Expr>> filters = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("|")) {
      filters.add(expressions.filter());
    }
    endOfTag();
    Expr value = new Expr.Captured(apart(names.scope().inner(), Set.of(end)), line);
    end(end);
    for (UnaryOperator<Expr> filter : filters) {
      value = filter.apply(value);
    }
    return value;
  }

  /**
   * Parses a body in which {@code break} and {@code continue} cannot leave a loop around it: a jump
   * would discard the printed output.
   */
  Node apart(Scope inner, Set<String> ends) {
    int loopsAround = loops;
    loops = 0;
    Node body = names.within(inner, () -> body(ends));
    loops = loopsAround;
    return body;
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

  private Node generation() {
    endOfTag();
    return until("endgeneration");
  }

  private Node jump(Token name, Node.Flow flow) {
    if (loops == 0) {
      throw new TemplateError(name.line(), "'" + name.text() + "' is outside a loop");
    }
    endOfTag();
    return new Node.Jump(flow);
  }
}
