package io.github.openaikserve.internal.jinja;

import java.util.Map;

/**
 * {@code call}: calls a macro that may call the body in turn. Immutable.
 *
 * @param body what the macro calls as {@code caller}
 */
record CallNode(Expr.Call call, MacroNode.Code body, int line) implements Node {
  @Override
  public Flow render(Frame frame) {
    frame.run.line = line;
    Object text = call.eval(frame, Map.of("caller", new MacroNode.Macro(body, frame)));
    if (!(text instanceof String printed)) {
      throw new TemplateError("the tag 'call' takes what returns a text, not " + Types.name(text));
    }
    frame.run.print(printed);
    return Flow.NEXT;
  }
}
