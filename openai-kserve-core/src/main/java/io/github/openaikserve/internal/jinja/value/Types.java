package io.github.openaikserve.internal.jinja.value;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** Python's names of the types of values, for messages. */
public final class Types {
  private Types() {}

  public static String name(Object value) {
    if (value instanceof String) {
      return "str";
    }
    if (value instanceof Markup) {
      return "Markup";
    }
    if (value instanceof Boolean) {
      return "bool";
    }
    if (value instanceof Long || value instanceof BigInteger) {
      return "int";
    }
    if (value instanceof Double) {
      return "float";
    }
    return value instanceof None ? "NoneType" : container(value);
  }

  private static String container(Object value) {
    if (value instanceof Map<?, ?>) {
      return "dict";
    }
    if (value instanceof Tuple) {
      return "tuple";
    }
    if (value instanceof Range) {
      return "range";
    }
    if (value instanceof List<?>) {
      return "list";
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
