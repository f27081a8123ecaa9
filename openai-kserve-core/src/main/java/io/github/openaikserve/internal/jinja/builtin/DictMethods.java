package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.DictView;
import io.github.openaikserve.internal.jinja.value.Equality;
import io.github.openaikserve.internal.jinja.value.None;
import java.util.LinkedHashMap;
import java.util.Map;

/** The non-mutating methods of dicts. */
final class DictMethods {
  static final Builtins TABLE = new Builtins();

  static {
    TABLE.add("keys", "", (self, args) -> DictView.keys((Map<?, ?>) self));
    TABLE.add("values", "", (self, args) -> DictView.values((Map<?, ?>) self));
    TABLE.add("items", "", (self, args) -> DictView.items((Map<?, ?>) self));
    TABLE.add(
        "get",
        "key default?",
        (run, self, args) -> {
          Object found = Equality.find((Map<?, ?>) self, args.get(0), run.budget);
          return found == null ? args.or(1, None.NONE) : found;
        });
    TABLE.add(
        "copy",
        "",
        (run, self, args) -> {
          run.budget.list(((Map<?, ?>) self).size());
          return new LinkedHashMap<Object, Object>((Map<?, ?>) self);
        });
  }

  private DictMethods() {}
}
