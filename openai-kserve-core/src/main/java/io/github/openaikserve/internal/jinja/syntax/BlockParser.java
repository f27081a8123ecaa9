package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.HashSet;
import java.util.Set;

/**
 * A parser of the tags for template inheritance. A chat template stands alone, so its blocks are
 * rendered where they are defined. One instance per template. Not thread-safe.
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

  /**
   * Parses a block. It sees the variables of the template; those of the enclosing tags only if it
   * is {@code scoped}.
   */
  Node block(int line) {
    String name = tokens.expect(Token.Kind.NAME, "the name of a block").text();
    if (!names.add(name)) {
      throw new TemplateError(line, "block '" + name + "' is defined twice");
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
        ? new Fails("the required block '" + name + "' is not overridden by a template", line)
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

  /** Parses a tag that needs another template. Rendering the tag fails. */
  Node missing(Token tag) {
    while (tokens.peek().kind() != Token.Kind.BLOCK_END) {
      if (tokens.peek().kind() == Token.Kind.END) {
        throw tokens.unexpected("'%}'");
      }
      tokens.next();
    }
    parser.endOfTag();
    String message = "the tag '" + tag.text() + "' needs another template";
    expressions.operands().fails(new TemplateError(tag.line(), message));
    return new Fails(message, tag.line());
  }

  /** A {@code block} tag. */
  private record Block(Node body, Scope scope, int hops) implements Node {
    @Override
    public Flow render(Frame frame) {
      Frame target = frame.outer(hops);
      body.render(target);
      target.clear(scope.slots());
      return Flow.NEXT;
    }
  }

  /**
   * An {@code autoescape} tag. Rendering fails if its value is true, because prompts are not
   * escaped.
   */
  private record AutoEscape(Expr escapes, Node body, Scope scope, int line) implements Node {
    @Override
    public Flow render(Frame frame) {
      frame.run.line = line;
      if (Values.truth(escapes.eval(frame))) {
        throw new TemplateError("autoescape is not supported in chat templates");
      }
      Flow flow = body.render(frame);
      frame.clear(scope.slots());
      return flow;
    }
  }

  /** A tag that fails when it is rendered. */
  private record Fails(String message, int line) implements Node {
    @Override
    public Flow render(Frame frame) {
      frame.run.line = line;
      throw new TemplateError(message);
    }
  }
}
