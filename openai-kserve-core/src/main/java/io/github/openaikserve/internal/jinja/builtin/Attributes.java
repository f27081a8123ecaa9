package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Range;
import io.github.openaikserve.internal.jinja.value.TemplateObject;
import io.github.openaikserve.internal.jinja.value.Tuple;
import io.github.openaikserve.internal.jinja.value.Undefined;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** {@code x.name}: methods and attributes. */
public final class Attributes {
  /** The mutating methods that the sandbox blocks. */
  private static final Set<String> CHANGES_LIST =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");

  private static final Set<String> CHANGES_DICT =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private Attributes() {}

  /** Returns whether a method hides a dict's entry of that name. */
  static boolean isDictMethod(String name) {
    return ContainerMethods.OF_DICTS.has(name) || CHANGES_DICT.contains(name);
  }

  /** Returns a function that reads an attribute. */
  public static UnaryOperator<Object> reader(String name) {
    boolean isMethod = isDictMethod(name);
    return of -> of instanceof Map<?, ?> map && !isMethod ? entry(map, name) : get(of, name);
  }

  static Object get(Object of, String name) {
    if (of instanceof Map<?, ?> map) {
      return isDictMethod(name) ? ofDict(map, name) : entry(map, name);
    }
    if (of instanceof TemplateObject object) {
      return object.attribute(name);
    }
    if (of instanceof String) {
      return StringMethods.TABLE.bound(of, name);
    }
    if (of instanceof List<?> list) {
      return ofList(list, name);
    }
    if (of instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return Undefined.attribute(of, name);
  }

  /** Returns a method or an attribute, but no entry of a dict. */
  static Object own(Object of, String name) {
    return of instanceof Map<?, ?> && !isDictMethod(name)
        ? Undefined.attribute(of, name)
        : get(of, name);
  }

  private static Object entry(Map<?, ?> map, String name) {
    Object value = map.get(name);
    if (value != null || map.containsKey(name)) {
      return Values.of(value);
    }
    return Undefined.attribute(map, name);
  }

  static Object ofDict(Map<?, ?> map, String name) {
    return CHANGES_DICT.contains(name)
        ? Undefined.unsafe(map, name)
        : ContainerMethods.OF_DICTS.bound(map, name);
  }

  static Object ofList(List<?> list, String name) {
    boolean mutable = !(list instanceof Tuple) && !(list instanceof Range);
    return mutable && CHANGES_LIST.contains(name)
        ? Undefined.unsafe(list, name)
        : ContainerMethods.OF_LISTS.bound(list, name);
  }
}
