package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A parser of the tags for template inheritance. A chat template stands alone, so its blocks are
 * rendered where they are defined. One instance per template. Not thread-safe.
 */
final class BlockParser {
  private final Parser parser;
  private final Tokens tokens;
  private final ExprParser expressions;
  private final Names names;
  private final Scope root;
  private final Set<String> blocks = new HashSet<>();

  BlockParser(Parser parser, Tokens tokens, Names names, ExprParser expressions) {
    this.parser = parser;
    this.tokens = tokens;
    this.expressions = expressions;
    this.names = names;
    this.root = names.scope();
  }

  /**
   * Parses a block. It sees the variables of the template; those of the enclosing tags only if it
   * is {@code scoped}.
   */
  Node block(int line) {
    String name = tokens.expect(Token.Kind.NAME, "the name of a block").text();
    if (!blocks.add(name)) {
      throw new TemplateError(line, "block '" + name + "' is defined twice");
    }
    boolean scoped = tokens.skipName("scoped");
    boolean required = tokens.skipName("required");
    parser.endOfTag();
    Scope around = names.scope();
    Scope inner = (scoped ? around : root).inner();
    Node body = parser.apart(inner, Set.of("endblock"));
    tokens.expect(Token.Kind.BLOCK, "'{% endblock %}'");
    tokens.skipName("endblock");
    tokens.skipName(name);
    parser.endOfTag();
    return required
        ? fails("the required block '" + name + "' is not overridden by a template", line)
        : new Block(body, inner, around.function.level - inner.function.level);
  }

  /** Parses an autoescape tag. It fails if its value is true, because prompts are not escaped. */
  Node autoescape(int line) {
    Expr escapes = expressions.expression();
    parser.endOfTag();
    Scope inner = names.scope().inner();
    Node body = names.within(inner, () -> parser.until("endautoescape"));
    return new Node.If(
        escapes,
        fails("autoescape is not supported in chat templates", line),
        new Node.With(List.of(), List.of(), body, inner),
        line);
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
    names.fails(new TemplateError(tag.line(), message));
    return fails(message, tag.line());
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

  /** Returns a tag that fails when it is rendered. */
  private static Node fails(String message, int line) {
    return new Node.Print(
        frame -> {
          throw new TemplateError(message);
        },
        line);
  }
}
