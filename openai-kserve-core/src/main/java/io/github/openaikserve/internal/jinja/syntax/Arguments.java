package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.builtin.Args;
import io.github.openaikserve.internal.jinja.builtin.Signature;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arguments of a call. */
record Arguments(
    List<Expr> positional,
    List<String> names,
    List<Expr> named,
    @Nullable Expr rest,
    @Nullable Expr restNamed) {
  static final Arguments NONE = new Arguments(List.of(), List.of(), List.of());

  Arguments(List<Expr> positional, List<String> names, List<Expr> named) {
    this(positional, names, named, null, null);
  }

  /** Returns whether some arguments are known only when the template is rendered. */
  boolean isOpen() {
    return rest != null || restNamed != null;
  }

  /** Returns why a built-in does not accept these arguments; null if it does. */
  @Nullable String problem(Signature signature) {
    return signature.problem(positional.size(), Set.copyOf(names));
  }

  Args eval(Frame frame, Map<String, Object> more) {
    @Nullable Object[] values = new Object[positional.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = positional.get(i).plain(frame);
    }
    if (named.isEmpty() && more.isEmpty() && !isOpen()) {
      return new Args(frame.run, values, Map.of());
    }
    Map<String, Object> byName = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      byName.put(names.get(i), named.get(i).plain(frame));
    }
    more.forEach((name, value) -> add(byName, name, value));
    return new Args(frame.run, withRest(values, frame), withRest(byName, frame));
  }

  private @Nullable Object[] withRest(@Nullable Object[] values, Frame frame) {
    if (rest == null) {
      return values;
    }
    List<Object> others = Values.list(rest.plain(frame), frame.run.budget);
    @Nullable Object[] all = Arrays.copyOf(values, values.length + others.size());
    for (int i = 0; i < others.size(); i++) {
      all[values.length + i] = others.get(i);
    }
    return all;
  }

  private Map<String, Object> withRest(Map<String, Object> byName, Frame frame) {
    if (restNamed == null) {
      return byName;
    }
    Object others = restNamed.plain(frame);
    if (!(others instanceof Map<?, ?> map)) {
      throw Types.wrong("argument after ** must be a mapping", others);
    }
    frame.run.budget.list(map.size());
    map.forEach(
        (name, value) ->
            add(byName, PythonRepr.text(Values.of(name), frame.run.budget), Values.of(value)));
    return byName;
  }

  private static void add(Map<String, Object> byName, String name, Object value) {
    if (byName.put(name, value) != null) {
      throw new TemplateError("got multiple values for keyword argument '" + name + "'");
    }
  }
}
