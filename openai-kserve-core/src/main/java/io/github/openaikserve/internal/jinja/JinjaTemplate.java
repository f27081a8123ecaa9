package io.github.openaikserve.internal.jinja;

import java.time.LocalDateTime;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A chat template, read once and rendered often. Immutable and thread-safe.
 *
 * <p>The language is that of jinja2 3.1 as Hugging Face's transformers sets it up: {@code
 * trim_blocks}, {@code lstrip_blocks}, {@code break} and {@code continue}, {@code generation}
 * blocks, {@code raise_exception}, {@code strftime_now}, {@code tojson} without escapes for HTML,
 * and a sandbox in which nothing but a namespace can be changed.
 */
public final class JinjaTemplate {
  private final Node body;
  private final Scope.Function function;
  private final Set<String> names;

  private JinjaTemplate(Node body, Scope.Function function, Set<String> names) {
    this.body = body;
    this.function = function;
    this.names = names;
  }

  /**
   * Reads a template.
   *
   * @throws JinjaException naming the line and what it is that cannot be done
   */
  public static JinjaTemplate parse(String source) {
    if (source.length() > Limits.SOURCE) {
      throw new JinjaException(1, "the template is longer than " + Limits.SOURCE + " characters");
    }
    Scope scope = new Scope();
    var parser = new Parser(new Tokens(Lexer.tokens(source)), scope);
    Node body = parser.template();
    return new JinjaTemplate(body, scope.function, parser.names());
  }

  /** Whether the template reads a variable of that name. */
  public boolean reads(String name) {
    return names.contains(name);
  }

  /** Renders without a clock: to the template, {@code strftime_now} is not defined. */
  public String render(Map<String, ?> context) {
    return render(context, null);
  }

  /**
   * Renders.
   *
   * @param context plain JSON values: null, Boolean, Integer, Long, BigInteger, Double, BigDecimal,
   *     String, and Lists and Maps of them; not to be changed meanwhile
   * @param clock what {@code strftime_now} reads; without one it is not defined
   * @throws JinjaRefusal when the template does not take what it was given
   * @throws JinjaException when the template fails or asks for too much
   * @throws IllegalArgumentException when a value is none of the above
   */
  public String render(Map<String, ?> context, @Nullable Supplier<LocalDateTime> clock) {
    Values.check(context);
    var run = new Rendering(context, clock);
    try {
      body.render(new Frame(run, function.size(), null));
    } catch (Fault e) {
      throw e.at(run.line);
    } catch (StackOverflowError e) { // the caller's thread may have little left
      throw new JinjaException(run.line, "macros and operators go too deep for this thread");
    }
    return run.out.toString();
  }
}
