package io.github.openaikserve.internal.jinja.value;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The order of values. Only values of the same kind can be compared. */
public final class Ordering {
  /** The comparison operators. */
  public static final Map<String, Operation> OPERATORS =
      Map.of(
          "==", Equality::same,
          "!=", (left, right, budget) -> !Equality.same(left, right, budget),
          "in", (left, right, budget) -> Equality.contains(right, left, budget),
          "not in", (left, right, budget) -> !Equality.contains(right, left, budget),
          "<", (left, right, budget) -> compare("<", left, right, budget) < 0,
          "<=", (left, right, budget) -> compare("<=", left, right, budget) <= 0,
          ">", (left, right, budget) -> compare(">", left, right, budget) > 0,
          ">=", (left, right, budget) -> compare(">=", left, right, budget) >= 0);

  private Ordering() {}

  private static int compare(String operator, Object left, Object right, StepLimit budget) {
    return compare(operator, left, right, budget, 0);
  }

  private static int compare(
      String operator, Object left, Object right, StepLimit budget, int depth) {
    budget.spend(1);
    if (left instanceof String text && right instanceof String other) {
      budget.read(Math.min(text.length(), other.length()) / 2);
      return Text.compare(text, other);
    }
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return Numbers.compare(left, right);
    }
    if (left instanceof List<?> list
        && right instanceof List<?> other
        && left instanceof Tuple == right instanceof Tuple
        && depth < Limits.VALUE_DEPTH) {
      return compareElements(operator, list, other, budget, depth);
    }
    throw Types.wrong(
        "'%s' not supported between instances of '%s' and '%s'"
            .formatted(operator, Types.name(left), Types.name(right)),
        left instanceof Undefined ? left : right);
  }

  private static int compareElements(
      String operator, List<?> left, List<?> right, StepLimit budget, int depth) {
    int shared = Math.min(left.size(), right.size());
    for (int i = 0; i < shared; i++) {
      Object element = Values.of(left.get(i));
      Object other = Values.of(right.get(i));
      if (!Equality.same(element, other, budget)) {
        return compare(operator, element, other, budget, depth + 1);
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  public static void sort(List<Object> list, Comparator<Object> order) {
    try {
      list.sort(order);
    } catch (IllegalArgumentException e) { // only NaN, which cannot be compared, causes that
      throw new TemplateError("a list with NaN cannot be sorted");
    }
  }

  public static Comparator<Object> by(StepLimit budget) {
    return (left, right) -> compare("<", left, right, budget);
  }
}
