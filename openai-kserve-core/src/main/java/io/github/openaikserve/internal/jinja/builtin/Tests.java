package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.DictView;
import io.github.openaikserve.internal.jinja.value.Markup;
import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.Ordering;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Undefined;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The tests, which are used after {@code is}. */
public final class Tests {
  public static final Builtins TABLE = new Builtins();

  static {
    TABLE.add("defined", "", (self, args) -> !(self instanceof Undefined));
    TABLE.add("undefined", "", (self, args) -> self instanceof Undefined);
    TABLE.add("none", "", (self, args) -> self == None.NONE);
    TABLE.add("boolean", "", (self, args) -> self instanceof Boolean);
    TABLE.add("true", "", (self, args) -> Boolean.TRUE.equals(self));
    TABLE.add("false", "", (self, args) -> Boolean.FALSE.equals(self));
    TABLE.add("integer", "", (self, args) -> isInteger(self));
    TABLE.add("float", "", (self, args) -> self instanceof Double);
    TABLE.add("number", "", (self, args) -> Numbers.isNumber(self));
    TABLE.add("string", "", (self, args) -> self instanceof String);
    TABLE.add("mapping", "", (self, args) -> self instanceof Map<?, ?>);
    TABLE.add("iterable", "", (self, args) -> Values.isIterable(self));
    TABLE.add("sequence", "", (self, args) -> isSequence(self));
    TABLE.add("callable", "", (self, args) -> self instanceof JinjaCallable);
    TABLE.add("even", "", (self, args) -> Numbers.whole(self) % 2 == 0);
    TABLE.add("odd", "", (self, args) -> Numbers.whole(self) % 2 != 0);
    TABLE.add("divisibleby", "num", (self, args) -> divisible(self, args.get(0)));
    TABLE.add(
        "lower",
        "",
        (run, self, args) -> {
          run.budget.read(2L * text(self).length());
          return Text.lower(text(self)).equals(text(self));
        });
    TABLE.add(
        "upper",
        "",
        (run, self, args) -> {
          run.budget.read(2L * text(self).length());
          return Text.upper(text(self)).equals(text(self));
        });
    TABLE.add("escaped", "", (self, args) -> self instanceof Markup);
    TABLE.add("sameas", "other", (self, args) -> isSame(self, args.get(0)));
    TABLE.add("filter", "", (self, args) -> Filters.TABLE.has(text(self)));
    TABLE.add("test", "", (self, args) -> has(text(self)));
    compare("eq", "==");
    compare("ne", "!=");
    compare("lt", "<");
    compare("le", "<=");
    compare("gt", ">");
    compare("ge", ">=");
    compare("in", "in");
    TABLE.alias("equalto", "eq").alias("==", "eq").alias("!=", "ne");
    TABLE.alias("lessthan", "lt").alias("<", "lt").alias("<=", "le");
    TABLE.alias("greaterthan", "gt").alias(">", "gt").alias(">=", "ge");
  }

  private Tests() {}

  private static boolean has(String name) {
    return TABLE.has(name);
  }

  private static void compare(String name, String operator) {
    TABLE.add(
        name,
        "other",
        (run, self, args) -> Ordering.holds(operator, self, args.get(0), run.budget));
  }

  private static String text(Object value) {
    return PythonRepr.text(value);
  }

  private static boolean isInteger(Object value) {
    return Numbers.isWhole(value) && !(value instanceof Boolean);
  }

  private static boolean isSequence(Object value) {
    return value instanceof String
        || value instanceof List<?>
        || value instanceof Map<?, ?>
        || value instanceof Undefined
        || (value instanceof Collection<?> && !(value instanceof DictView));
  }

  private static boolean divisible(Object value, Object by) {
    long divisor = Numbers.whole(by);
    if (divisor == 0) {
      throw new TemplateError("integer division or modulo by zero");
    }
    return Numbers.whole(value) % divisor == 0;
  }

  private static boolean isSame(Object left, Object right) {
    boolean plain = left instanceof Long || left instanceof Boolean || left instanceof String;
    return left == right || (plain && left.equals(right));
  }
}
