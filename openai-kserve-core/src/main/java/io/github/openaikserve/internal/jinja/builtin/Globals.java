package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Equality;
import io.github.openaikserve.internal.jinja.value.Namespace;
import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.Range;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The global functions of all templates. */
final class Globals {
  static final String STRFTIME_NOW = "strftime_now";

  private static final Map<String, Object> ALL = new HashMap<>();

  static {
    add("range", "*", (self, args) -> range(args));
    add("dict", "*", (self, args) -> dict(args));
    add("namespace", "*", (self, args) -> namespace(args));
    add("cycler", "*", (self, args) -> new Cycler(args));
    add(
        "joiner",
        "sep?",
        (self, args) -> new Joiner(PythonRepr.text(args.or(0, ", "), args.budget())));
    add(
        "lipsum",
        "*",
        (self, args) -> {
          throw new TemplateError("lipsum is not supported in chat templates");
        });
    add(
        "raise_exception",
        "message",
        (self, args) -> {
          throw TemplateError.raised(PythonRepr.text(args.get(0), args.budget()));
        });
    add(STRFTIME_NOW, "format", Strftime::of);
  }

  private Globals() {}

  static @Nullable Object get(String name) {
    return ALL.get(name);
  }

  private static void add(String name, String takes, Builtin.Body body) {
    ALL.put(name, new Builtin.Bound(None.NONE, new Builtin(name, Signature.of(takes), body)));
  }

  private static Object range(Args args) {
    if (args.size() == 0 || args.size() > 3 || !args.named().isEmpty()) {
      throw new TemplateError("range takes 1 to 3 arguments");
    }
    long first = Numbers.whole(args.get(0));
    return args.size() == 1
        ? new Range(0, first, 1)
        : new Range(first, Numbers.whole(args.get(1)), args.whole(2, 1));
  }

  private static Map<Object, Object> dict(Args args) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (args.size() > 0) {
      if (args.get(0) instanceof Map<?, ?> given) {
        args.budget().list(given.size());
        given.forEach((key, value) -> map.put(Values.of(key), Values.of(value)));
      } else {
        putPairs(map, args.get(0), args.budget());
      }
    }
    map.putAll(args.named());
    return map;
  }

  private static void putPairs(Map<Object, Object> map, Object pairs, StepLimit budget) {
    for (Object pair : Values.list(pairs, budget)) {
      List<Object> both = Values.list(pair, budget);
      if (both.size() != 2) {
        throw new TemplateError("dict takes a dict or pairs");
      }
      Equality.hash(both.get(0), budget);
      map.put(both.get(0), both.get(1));
    }
  }

  private static Namespace namespace(Args args) {
    var namespace = new Namespace();
    dict(args).forEach((name, value) -> namespace.set(PythonRepr.text(name, args.budget()), value));
    return namespace;
  }
}
