package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.builtin.Args;
import io.github.openaikserve.internal.jinja.builtin.Builtin;
import io.github.openaikserve.internal.jinja.value.Markup;
import java.util.Map;
import java.util.Set;

/** A filter or a test. */
record ApplyExpr(Expr of, Builtin builtin, Arguments arguments) implements Expr {
  /** The filters that keep the mark of safe text. */
  private static final Set<String> KEEPING =
      Set.of("safe", "escape", "forceescape", "string", "upper", "lower", "capitalize", "trim");

  @Override
  public Object eval(Frame frame) {
    Object value = of.eval(frame);
    frame.run.budget.spend(8);
    Args args = arguments.eval(frame, Map.of());
    return value instanceof Markup marked ? marked(marked, args) : builtin.call(value, args);
  }

  private Object marked(Markup marked, Args args) {
    if (builtin.name().equals("escape")) {
      return marked;
    }
    if (builtin.name().equals("escaped")) {
      return true;
    }
    Object result = builtin.call(marked.text(), args);
    return KEEPING.contains(builtin.name()) && result instanceof String kept
        ? new Markup(kept)
        : result;
  }
}
