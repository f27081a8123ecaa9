package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Equality;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.List;

/** The non-mutating methods of lists and tuples. */
final class ListMethods {
  static final Builtins TABLE = new Builtins();

  static {
    TABLE.add(
        "index",
        "value",
        (run, self, args) -> {
          List<?> list = (List<?>) self;
          for (int i = 0; i < list.size(); i++) {
            run.budget.spend(1);
            if (Equality.same(Values.of(list.get(i)), args.get(0), run.budget)) {
              return (long) i;
            }
          }
          throw new TemplateError(PythonRepr.repr(args.get(0)) + " is not in list");
        });
    TABLE.add(
        "count",
        "value",
        (run, self, args) -> {
          long count = 0;
          for (Object element : (List<?>) self) {
            run.budget.spend(1);
            count += Equality.same(Values.of(element), args.get(0), run.budget) ? 1 : 0;
          }
          return count;
        });
    TABLE.add("copy", "", (run, self, args) -> Values.list(self, run.budget));
  }

  private ListMethods() {}
}
