package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Types;
import java.util.Map;

/**
 * A {@code call} tag: calls a macro, which may call the tag's body as {@code caller}. Immutable.
 *
 * @param body the code of {@code caller}
 */
record CallNode(Expr.Call call, MacroNode.Code body, int line) implements Node {
  @Override
  public Flow render(Frame frame) {
    frame.run.line = line;
    Object text = call.eval(frame, Map.of("caller", new MacroNode.Macro(body, frame)));
    if (!(text instanceof String printed)) {
      throw new TemplateError("the tag 'call' expects a text as result, got " + Types.name(text));
    }
    frame.run.print(printed);
    return Flow.NEXT;
  }
}
