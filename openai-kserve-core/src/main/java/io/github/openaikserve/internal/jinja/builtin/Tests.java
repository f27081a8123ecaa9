package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Arithmetic;
import io.github.openaikserve.internal.jinja.value.DictView;
import io.github.openaikserve.internal.jinja.value.Equality;
import io.github.openaikserve.internal.jinja.value.Markup;
import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.Operation;
import io.github.openaikserve.internal.jinja.value.Ordering;
import io.github.openaikserve.internal.jinja.value.Undefined;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;

/** The tests, which are used after {@code is}. */
public final class Tests {
  public static final Builtins TABLE = new Builtins("test");

  static {
    TABLE
        .add("defined", value -> !(value instanceof Undefined))
        .add("undefined", value -> value instanceof Undefined)
        .add("none", value -> value == None.NONE)
        .add("boolean", value -> value instanceof Boolean)
        .add("true", Boolean.TRUE::equals)
        .add("false", Boolean.FALSE::equals)
        .add("integer", value -> Numbers.isWhole(value) && !(value instanceof Boolean))
        .add("float", value -> value instanceof Double)
        .add("number", Numbers::isNumber)
        .add("string", value -> value instanceof String)
        .add("mapping", value -> value instanceof Map<?, ?>)
        .add("iterable", Values::isIterable)
        .add("sequence", Tests::isSequence)
        .add("callable", value -> value instanceof JinjaCallable)
        .add("even", "", (value, args) -> leaves(0L, value, 2L, args))
        .add("odd", "", (value, args) -> leaves(1L, value, 2L, args))
        .add("divisibleby", "num", (value, args) -> leaves(0L, value, args.get(0), args))
        .reading("lower", 4, StringMethods.allCased(Character::isLowerCase))
        .reading("upper", 4, StringMethods.allCased(Character::isUpperCase))
        .add("escaped", value -> value instanceof Markup)
        .add("sameas", "other", (value, args) -> isSame(value, args.get(0)))
        .text("filter", "", (name, args) -> Filters.TABLE.has(name))
        .text("test", "", (name, args) -> has(name));
    compare("==", "eq", "equalto");
    compare("!=", "ne");
    compare("<", "lt", "lessthan");
    compare("<=", "le");
    compare(">", "gt", "greaterthan");
    compare(">=", "ge");
    compare("in", "in");
  }

  private Tests() {}

  private static boolean has(String name) {
    return TABLE.has(name);
  }

  private static void compare(String operator, String name, String... aliases) {
    Operation operation = Objects.requireNonNull(Ordering.OPERATORS.get(operator));
    TABLE.add(name, "other", (self, args) -> operation.apply(self, args.get(0), args.budget()));
    TABLE.alias(operator, name);
    for (String alias : aliases) {
      TABLE.alias(alias, name);
    }
  }

  private static boolean isSequence(Object value) {
    return value instanceof String
        || value instanceof Map<?, ?>
        || value instanceof Undefined
        || (value instanceof Collection<?> && !(value instanceof DictView));
  }

  /** Returns whether a division leaves this remainder. */
  private static boolean leaves(Long remainder, Object value, Object divisor, Args args) {
    Object left = Arithmetic.modulo(value, divisor, args.budget());
    return Equality.same(left, remainder, args.budget());
  }

  private static boolean isSame(Object left, Object right) {
    boolean plain = left instanceof Long || left instanceof Boolean || left instanceof String;
    return left == right || (plain && left.equals(right));
  }
}
