package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Limits;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Values;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The state of one rendering. One instance per rendering. Not thread-safe. */
public final class RenderContext {
  private static final int INITIAL_SIZE = 1024;

  public final StringBuilder out = new StringBuilder(INITIAL_SIZE);
  public final StepLimit budget;
  private final Map<String, ?> context;
  private final @Nullable Supplier<LocalDateTime> clock;

  /** The current line of the template, for messages. */
  public int line = 1;

  private int depth;

  public RenderContext(
      Map<String, ?> context, @Nullable Supplier<LocalDateTime> clock, StepLimit budget) {
    this.context = context;
    this.clock = clock;
    this.budget = budget;
  }

  /** Returns the value of a name that the template has not set; null if there is none. */
  public @Nullable Object global(String name) {
    Object value = context.get(name);
    if (value != null || context.containsKey(name)) {
      return Values.of(value);
    }
    return clock == null && name.equals(Globals.STRFTIME_NOW) ? null : Globals.get(name);
  }

  public LocalDateTime now() {
    if (clock == null) {
      throw new TemplateError("strftime_now is not available without a clock");
    }
    return clock.get();
  }

  public void enter(int levels) {
    depth += levels;
    if (depth > Limits.DEPTH) {
      throw new TemplateError("macros call each other too deeply");
    }
  }

  public void leave(int levels) {
    depth -= levels;
  }

  public void print(String text) {
    out.append(text);
    checkLength();
  }

  public void checkLength() {
    if (out.length() > Limits.TEXT) {
      throw new TemplateError("the output is longer than " + Limits.TEXT + " characters");
    }
  }

  /** Removes and returns the output after a position. */
  public String takeBack(int start) {
    budget.text(out.length() - start);
    String text = out.substring(start);
    out.setLength(start);
    return text;
  }
}
