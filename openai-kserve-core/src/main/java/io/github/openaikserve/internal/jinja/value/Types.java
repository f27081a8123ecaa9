package io.github.openaikserve.internal.jinja.value;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** Python's names of the types of values, for messages. */
public final class Types {
  private static final Map<Class<?>, String> NAMES =
      Map.of(
          String.class, "str",
          Markup.class, "Markup",
          Boolean.class, "bool",
          Long.class, "int",
          BigInteger.class, "int",
          Double.class, "float",
          None.class, "NoneType",
          Range.class, "range");

  private Types() {}

  public static String name(Object value) {
    String known = NAMES.get(value.getClass());
    return known == null ? container(value) : known;
  }

  private static String container(Object value) {
    if (value instanceof Map<?, ?>) {
      return "dict";
    }
    if (value instanceof List<?>) {
      return value instanceof Tuple ? "tuple" : "list";
    }
    if (value instanceof DictView view) {
      return view.name();
    }
    return value instanceof TemplateObject object
        ? object.typeName()
        : value.getClass().getSimpleName();
  }

  /** Returns jinja2's description of an object without a member. */
  static String described(Object value) {
    return value instanceof None ? "None" : name(value) + " object";
  }

  /** Returns the failure of using a value. Undefined values have their own message. */
  public static TemplateError wrong(String message, Object value) {
    return value instanceof Undefined undefined ? undefined.failure() : new TemplateError(message);
  }

  public static TemplateError operands(String operator, Object left, Object right) {
    Object first = left instanceof Undefined ? left : right;
    return wrong(
        "unsupported operand type(s) for %s: '%s' and '%s'"
            .formatted(operator, name(left), name(right)),
        first);
  }
}
