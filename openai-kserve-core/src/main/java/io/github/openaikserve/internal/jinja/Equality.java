package io.github.openaikserve.internal.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's equality: 1, 1.0 and true are equal, a list and a tuple are not. */
final class Equality {
  private Equality() {}

  static boolean same(Object left, Object right, StepLimit budget) {
    return same(left, right, budget, 0);
  }

  private static boolean same(Object left, Object right, StepLimit budget, int depth) {
    budget.step();
    if (left == right) {
      return !(left instanceof Double number) || !number.isNaN();
    }
    if (left instanceof String text) {
      budget.scan(
          right instanceof String other && other.length() == text.length() ? text.length() : 0);
      return left.equals(right);
    }
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return Numbers.same(left, right);
    }
    if (left instanceof Undefined) {
      return right instanceof Undefined;
    }
    if (depth > Limits.VALUE_DEPTH) {
      throw new TemplateError("values are nested too deeply to be compared");
    }
    if (left instanceof Map<?, ?> map && right instanceof Map<?, ?> other) {
      return sameEntries(map, other, budget, depth);
    }
    return left instanceof List<?> list
        && right instanceof List<?> other
        && left instanceof Tuple == right instanceof Tuple
        && left instanceof Range == right instanceof Range
        && sameElements(list, other, budget, depth);
  }

  private static boolean sameElements(List<?> left, List<?> right, StepLimit budget, int depth) {
    if (left.size() != right.size()) {
      return false;
    }
    Iterator<?> others = right.iterator();
    for (Object element : left) {
      if (!same(Values.of(element), Values.of(others.next()), budget, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameEntries(Map<?, ?> left, Map<?, ?> right, StepLimit budget, int depth) {
    if (left.size() != right.size()) {
      return false;
    }
    for (Map.Entry<?, ?> entry : left.entrySet()) {
      Object other = Subscripts.find(right, Values.of(entry.getKey()), budget);
      if (other == null || !same(Values.of(entry.getValue()), other, budget, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  static boolean contains(Object container, Object value, StepLimit budget) {
    if (container instanceof String text) {
      return containsText(text, value, budget);
    }
    if (container instanceof Map<?, ?> map) {
      if (value instanceof Map<?, ?> || (value instanceof List<?> && !(value instanceof Tuple))) {
        throw new TemplateError("unhashable type: '" + Types.name(value) + "'");
      }
      return Subscripts.find(map, value, budget) != null;
    }
    if (!Values.isIterable(container)) {
      throw new TemplateError("argument of type '" + Types.name(container) + "' is not iterable");
    }
    for (Iterator<Object> elements = Values.iterate(container); elements.hasNext(); ) {
      budget.spend(1);
      if (same(elements.next(), value, budget)) {
        return true;
      }
    }
    return false;
  }

  private static boolean containsText(String text, Object value, StepLimit budget) {
    if (!(value instanceof String part)) {
      throw new TemplateError(
          "'in <string>' requires string as left operand, not " + Types.name(value));
    }
    return Search.find(text, part, 0, budget) >= 0;
  }
}
