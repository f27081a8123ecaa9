package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.DictView;
import io.github.openaikserve.internal.jinja.value.Equality;
import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The non-mutating methods of lists, tuples and dicts. */
final class ContainerMethods {
  static final Builtins OF_LISTS =
      new Builtins("method")
          .add("index", "value", ContainerMethods::index)
          .add("count", "value", ContainerMethods::count)
          .add("copy", "", (list, args) -> Values.list(list, args.budget()));

  static final Builtins OF_DICTS =
      new Builtins("method")
          .add("keys", dict -> DictView.keys((Map<?, ?>) dict))
          .add("values", dict -> DictView.values((Map<?, ?>) dict))
          .add("items", dict -> DictView.items((Map<?, ?>) dict))
          .add("get", "key default?", ContainerMethods::get)
          .add("copy", "", ContainerMethods::copy);

  private ContainerMethods() {}

  private static Object index(Object list, Args args) {
    long index = 0;
    for (Object element : (List<?>) list) {
      if (isSame(element, args)) {
        return index;
      }
      index++;
    }
    throw new TemplateError(PythonRepr.repr(args.get(0)) + " is not in list");
  }

  private static Object count(Object list, Args args) {
    return ((List<?>) list).stream().filter(element -> isSame(element, args)).count();
  }

  private static boolean isSame(Object element, Args args) {
    args.budget().spend(1);
    return Equality.same(Values.of(element), args.get(0), args.budget());
  }

  private static Object get(Object dict, Args args) {
    Object found = Equality.find((Map<?, ?>) dict, args.get(0), args.budget());
    return found == null ? args.or(1, None.NONE) : found;
  }

  private static Object copy(Object dict, Args args) {
    args.budget().list(((Map<?, ?>) dict).size());
    return new LinkedHashMap<Object, Object>((Map<?, ?>) dict);
  }
}
