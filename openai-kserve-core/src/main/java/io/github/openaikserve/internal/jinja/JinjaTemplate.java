package io.github.openaikserve.internal.jinja;

import io.github.openaikserve.internal.jinja.builtin.RenderContext;
import io.github.openaikserve.internal.jinja.syntax.Frame;
import io.github.openaikserve.internal.jinja.syntax.Node;
import io.github.openaikserve.internal.jinja.syntax.Parser;
import io.github.openaikserve.internal.jinja.value.Limits;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Values;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A parsed chat template. Immutable and thread-safe.
 *
 * <p>The language is jinja2 3.1 as configured by Hugging Face's transformers: {@code trim_blocks},
 * {@code lstrip_blocks}, {@code break} and {@code continue}, {@code generation} blocks, {@code
 * raise_exception}, {@code strftime_now}, {@code tojson} without escapes for HTML, and a sandbox in
 * which only namespaces can be modified.
 */
public final class JinjaTemplate {
  private final Node body;
  private final int size;
  private final Set<String> names;

  private JinjaTemplate(Node body, int size, Set<String> names) {
    this.body = body;
    this.size = size;
    this.names = names;
  }

  /**
   * Parses a template.
   *
   * @throws JinjaException naming the line and the problem, if the template is invalid
   */
  public static JinjaTemplate parse(String source) {
    if (source.length() > Limits.SOURCE) {
      throw new JinjaException(1, "the template is longer than " + Limits.SOURCE + " characters");
    }
    try {
      var parser = new Parser(source);
      return new JinjaTemplate(parser.template(), parser.size(), parser.names());
    } catch (TemplateError e) {
      throw new JinjaException(e.line(), e.message());
    }
  }

  /** Returns whether the template reads a variable of this name. */
  public boolean reads(String name) {
    return names.contains(name);
  }

  /** Renders the template without a clock: {@code strftime_now} is undefined. */
  public String render(Map<String, ?> context) {
    return render(context, null);
  }

  /**
   * Renders the template.
   *
   * @param context plain JSON values: null, Boolean, Integer, Long, BigInteger, Double, BigDecimal,
   *     String, and Lists and Maps of them; must not be modified meanwhile
   * @param clock the clock of {@code strftime_now}; null to leave it undefined
   * @throws TemplateRaisedException if the template rejects the values with {@code raise_exception}
   * @throws JinjaException if rendering fails or exceeds a limit
   * @throws IllegalArgumentException if a value is not a plain JSON value
   */
  public String render(Map<String, ?> context, @Nullable Supplier<LocalDateTime> clock) {
    return render(context, clock, Limits.MAX_STEPS);
  }

  String render(Map<String, ?> context, @Nullable Supplier<LocalDateTime> clock, long maxSteps) {
    Values.check(context);
    var run = new RenderContext(context, clock, new StepLimit(maxSteps));
    try {
      body.render(new Frame(run, size, null));
    } catch (TemplateError e) {
      throw e.isRaisedByTemplate()
          ? new TemplateRaisedException(run.line, e.message())
          : new JinjaException(run.line, e.message());
    } catch (StackOverflowError e) { // the caller's thread may have little stack left
      throw new JinjaException(run.line, "macros and operators go too deep for this thread");
    }
    return run.out.toString();
  }
}
