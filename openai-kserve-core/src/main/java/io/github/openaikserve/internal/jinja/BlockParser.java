package io.github.openaikserve.internal.jinja;

import java.util.HashSet;
import java.util.Set;

/**
 * Reads the tags that belong to templates which extend or include others. A chat template stands
 * alone: its blocks are rendered where they are. Not thread-safe; one per template.
 */
final class BlockParser {
  private final Parser parser;
  private final Tokens tokens;
  private final ExprParser expressions;
  private final Scope root;
  private final Set<String> names = new HashSet<>();

  BlockParser(Parser parser, Tokens tokens, ExprParser expressions, Scope root) {
    this.parser = parser;
    this.tokens = tokens;
    this.expressions = expressions;
    this.root = root;
  }

  /** A block sees the variables of the template, and those around it only if it is scoped. */
  Node block(int line) {
    String name = tokens.expect(Token.Kind.NAME, "the name of a block").text();
    if (!names.add(name)) {
      throw new JinjaException(line, "block '" + name + "' is defined twice");
    }
    boolean scoped = tokens.skipName("scoped");
    boolean required = tokens.skipName("required");
    parser.endOfTag();
    Scope around = parser.scope();
    Scope inner = (scoped ? around : root).inner();
    Node body = parser.apart(inner, Set.of("endblock"));
    tokens.expect(Token.Kind.BLOCK, "'{% endblock %}'");
    tokens.skipName("endblock");
    tokens.skipName(name);
    parser.endOfTag();
    return required
        ? new Fails("the block '" + name + "' is required, and no other template has it", line)
        : new Block(body, inner, around.function.level - inner.function.level);
  }

  Node autoescape(int line) {
    Expr escapes = expressions.expression();
    parser.endOfTag();
    Scope outer = parser.scope();
    Scope inner = outer.inner();
    parser.enter(inner);
    Node body = parser.body(Set.of("endautoescape"));
    parser.enter(outer);
    parser.end("endautoescape");
    return new AutoEscape(escapes, body, inner, line);
  }

  /** A tag that needs another template, and fails when it is rendered. */
  Node missing(Token tag) {
    while (tokens.peek().kind() != Token.Kind.BLOCK_END) {
      if (tokens.peek().kind() == Token.Kind.END) {
        throw tokens.unexpected("'%}'");
      }
      tokens.next();
    }
    parser.endOfTag();
    String message = "the tag '" + tag.text() + "' needs another template";
    expressions.operands().fails(new JinjaException(tag.line(), message));
    return new Fails(message, tag.line());
  }

  /** {@code block}. */
  private record Block(Node body, Scope scope, int hops) implements Node {
    @Override
    public Flow render(Frame frame) {
      Frame target = frame.outer(hops);
      body.render(target);
      target.clear(scope.slots());
      return Flow.NEXT;
    }
  }

  /** {@code autoescape}: only the value false is supported, because prompts are not escaped. */
  private record AutoEscape(Expr escapes, Node body, Scope scope, int line) implements Node {
    @Override
    public Flow render(Frame frame) {
      frame.run.line = line;
      if (Values.truth(escapes.eval(frame))) {
        throw new TemplateError("a chat template cannot escape its values for HTML");
      }
      Flow flow = body.render(frame);
      frame.clear(scope.slots());
      return flow;
    }
  }

  /** What fails when it is rendered. */
  private record Fails(String message, int line) implements Node {
    @Override
    public Flow render(Frame frame) {
      frame.run.line = line;
      throw new TemplateError(message);
    }
  }
}
