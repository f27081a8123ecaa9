package io.github.openaikserve.internal.jinja.value;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's equality: 1, 1.0 and true are equal, a list and a tuple are not. */
public final class Equality {
  private Equality() {}

  public static boolean same(Object left, Object right, StepLimit budget) {
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
      budget.list(1);
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
      Object other = find(right, Values.of(entry.getKey()), budget);
      if (other == null || !same(Values.of(entry.getValue()), other, budget, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  public static boolean contains(Object container, Object value, StepLimit budget) {
    if (container instanceof String text) {
      return containsText(text, value, budget);
    }
    if (container instanceof Map<?, ?> map) {
      requireHashable(value);
      return find(map, value, budget) != null;
    }
    if (!Values.isIterable(container)) {
      throw new TemplateError("argument of type '" + Types.name(container) + "' is not iterable");
    }
    for (Object element : Values.each(container)) {
      budget.spend(1);
      if (same(element, value, budget)) {
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

  /** Returns the entry of a dict; null if there is none. */
  public static @Nullable Object find(Map<?, ?> map, Object key, StepLimit budget) {
    if (key instanceof String) {
      Object value = map.get(key);
      return value == null && !map.containsKey(key) ? null : Values.of(value);
    }
    budget.spend(map.size()); // 1 equals 1.0 and true, which hashes do not reflect
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (same(Values.of(entry.getKey()), key, budget)) {
        return Values.of(entry.getValue());
      }
    }
    return null;
  }

  /** Adds an entry to a dict under construction. */
  public static void put(Map<Object, Object> map, Object key, Object value, StepLimit budget) {
    hash(key, budget);
    if (!(key instanceof String)) {
      budget.spend(map.size());
      for (Map.Entry<Object, Object> entry : map.entrySet()) {
        if (same(entry.getKey(), key, budget)) {
          entry.setValue(value);
          return;
        }
      }
    }
    map.put(key, value);
  }

  /** Pays for hashing a value, and rejects one that cannot be hashed. */
  public static void hash(Object value, StepLimit budget) {
    requireHashable(value);
    hash(value, budget, 0);
  }

  private static void requireHashable(Object value) {
    if (value instanceof Map<?, ?> || (value instanceof List<?> && !(value instanceof Tuple))) {
      throw new TemplateError("unhashable type: '" + Types.name(value) + "'");
    }
  }

  /** Pays for the parts of a value. Shared parts are visited each time they occur. */
  private static void hash(Object value, StepLimit budget, int depth) {
    budget.step();
    if (depth > Limits.VALUE_DEPTH) {
      throw new TemplateError("values are nested too deeply to be hashed");
    }
    if (value instanceof List<?> list) {
      for (Object element : list) {
        hash(Values.of(element), budget, depth + 1);
      }
    }
  }
}
