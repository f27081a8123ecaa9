package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.builtin.Args;
import io.github.openaikserve.internal.jinja.builtin.JinjaCallable;
import io.github.openaikserve.internal.jinja.builtin.RenderContext;
import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Tuple;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Undefined;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code macro}: defines a function. Immutable. */
record MacroNode(int place, Code code) implements Node {
  @Override
  public Flow render(Frame frame) {
    frame.slots[place] = new Macro(code, frame);
    return Flow.NEXT;
  }

  /**
   * The definition of a macro.
   *
   * @param name the name; empty for the body of {@code call}
   * @param defaults the defaults of the last parameters
   * @param levels the nesting depth of the body
   */
  record Code(
      String name,
      List<String> parameters,
      List<Expr> defaults,
      Node body,
      Scope scope,
      int levels) {}

  /** A macro as a callable value that captures the surrounding variables. */
  record Macro(Code code, Frame around) implements JinjaCallable {
    @Override
    public Object call(Args args) {
      RenderContext run = args.run();
      run.enter(code.levels());
      var frame = new Frame(run, code.scope().function.size(), around);
      bind(frame, args);
      int start = run.out.length();
      code.body().render(frame);
      run.leave(code.levels());
      return run.takeBack(start);
    }

    private void bind(Frame frame, Args args) {
      int count = code.parameters().size();
      Map<String, Object> rest = new LinkedHashMap<>(args.named());
      for (int i = 0; i < count; i++) {
        String parameter = code.parameters().get(i);
        Object named = rest.remove(parameter);
        if (i < args.size() && named != null) {
          throw new TemplateError(
              "macro '" + code.name() + "' got two values for '" + parameter + "'");
        }
        Object value = i < args.size() ? args.get(i) : named;
        frame.slots[slot(parameter)] = value != null ? value : byDefault(frame, i, parameter);
      }
      extra(frame, args, count, rest);
    }

    private void extra(Frame frame, Args args, int count, Map<String, Object> rest) {
      Integer caller = code.scope().slot("caller");
      if (caller != null && !code.parameters().contains("caller")) {
        Object given = rest.remove("caller");
        frame.slots[caller] = given == null ? new Undefined("No caller defined") : given;
      }
      Integer varargs = code.scope().slot("varargs");
      if (varargs != null) {
        @Nullable Object[] values = args.values();
        Object[] more = new Object[Math.max(0, values.length - count)];
        for (int i = 0; i < more.length; i++) {
          more[i] = args.get(count + i);
        }
        frame.slots[varargs] = new Tuple(more);
      } else if (args.size() > count) {
        throw new TemplateError(
            "macro '%s' takes not more than %d argument(s)".formatted(code.name(), count));
      }
      Integer kwargs = code.scope().slot("kwargs");
      if (kwargs != null) {
        frame.slots[kwargs] = rest;
      } else if (!rest.isEmpty()) {
        throw new TemplateError(
            "macro '%s' takes no keyword argument '%s'"
                .formatted(code.name(), rest.keySet().iterator().next()));
      }
    }

    private Object byDefault(Frame frame, int index, String parameter) {
      int first = code.parameters().size() - code.defaults().size();
      return index < first
          ? new Undefined("parameter '" + parameter + "' was not provided")
          : code.defaults().get(index - first).eval(frame);
    }

    @Override
    public Object attribute(String name) {
      return switch (name) {
        case "name" -> code.name().isEmpty() ? None.NONE : code.name();
        case "arguments" -> new Tuple(code.parameters().toArray());
        case "catch_kwargs" -> code.scope().slot("kwargs") != null;
        case "catch_varargs" -> code.scope().slot("varargs") != null;
        case "caller" -> code.scope().slot("caller") != null;
        default -> JinjaCallable.super.attribute(name);
      };
    }

    private int slot(String parameter) {
      return Objects.requireNonNull(code.scope().slot(parameter));
    }

    @Override
    public String shown() {
      return "<Macro '" + code.name() + "'>";
    }
  }

  /**
   * A {@code call} tag: calls a macro, which may call the tag's body as {@code caller}. Immutable.
   *
   * @param body the code of {@code caller}
   */
  record Call(Expr.Call call, Code body, int line) implements Node {
    @Override
    public Flow render(Frame frame) {
      frame.run.line = line;
      Object text = call.eval(frame, Map.of("caller", new Macro(body, frame)));
      if (!(text instanceof String printed)) {
        throw new TemplateError("the tag 'call' expects a text as result, got " + Types.name(text));
      }
      frame.run.print(printed);
      return Flow.NEXT;
    }
  }
}
