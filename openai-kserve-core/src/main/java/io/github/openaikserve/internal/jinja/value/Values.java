package io.github.openaikserve.internal.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a template: None, Boolean, Long, BigInteger, Double, String, List, Map, Undefined
 * and values that a template creates. The caller's Lists and Maps are not converted, so each value
 * read from them passes through {@link #of}.
 */
public final class Values {
  private Values() {}

  /** Converts a value of a caller's List or Map. */
  public static Object of(@Nullable Object raw) {
    if (raw == null) {
      return None.NONE;
    }
    return raw instanceof Number number ? number(number) : raw;
  }

  private static Object number(Number raw) {
    if (raw instanceof Integer whole) {
      return whole.longValue();
    }
    if (raw instanceof BigInteger whole) {
      return Numbers.normal(whole);
    }
    return raw instanceof BigDecimal decimal ? (Object) decimal.doubleValue() : raw;
  }

  /** Rejects values that are not plain JSON. */
  public static void check(Map<String, ?> context) {
    check(context, 0);
  }

  private static void check(@Nullable Object raw, int depth) {
    if (raw == null || raw instanceof String) { // most values, and the fastest to recognize
      return;
    }
    if (depth > Limits.VALUE_DEPTH) {
      throw new IllegalArgumentException("values are nested too deeply");
    }
    if (raw instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (!(entry.getKey() instanceof String)) {
          throw new IllegalArgumentException("not a String as a key: " + entry.getKey());
        }
        check(entry.getValue(), depth + 1);
      }
    } else if (raw instanceof List<?> list) {
      for (Object element : list) {
        check(element, depth + 1);
      }
    } else if (!isScalar(raw)) {
      throw new IllegalArgumentException("not a plain JSON value: " + raw.getClass().getName());
    }
  }

  private static boolean isScalar(Object raw) {
    return raw instanceof Boolean
        || raw instanceof Long
        || raw instanceof Integer
        || raw instanceof Double
        || raw instanceof BigInteger
        || raw instanceof BigDecimal;
  }

  public static boolean truth(Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    if (value instanceof String text) {
      return !text.isEmpty();
    }
    if (value instanceof Markup marked) {
      return !marked.text().isEmpty();
    }
    if (value instanceof None || value instanceof Undefined) {
      return false;
    }
    if (value instanceof Collection<?> elements) {
      return !elements.isEmpty();
    }
    if (value instanceof Map<?, ?> map) {
      return !map.isEmpty();
    }
    return !(value instanceof Number number) || number.doubleValue() != 0;
  }

  /** Returns the number of elements; -1 if the value has no length. */
  public static int size(Object value) {
    if (value instanceof String text) {
      return Text.length(text);
    }
    if (value instanceof Collection<?> elements) {
      return elements.size();
    }
    if (value instanceof Map<?, ?> map) {
      return map.size();
    }
    if (value instanceof TemplateObject object) {
      return object.length();
    }
    return value instanceof Undefined ? 0 : -1;
  }

  public static boolean isIterable(Object value) {
    return value instanceof Generator || value instanceof String || size(value) >= 0;
  }

  /** Returns the elements over which a loop iterates. */
  public static Iterable<Object> each(Object value) {
    Iterator<Object> elements = iterate(value);
    return () -> elements;
  }

  private static Iterator<Object> iterate(Object value) {
    if (value instanceof Collection<?> elements) {
      return iterator(elements);
    }
    if (value instanceof Map<?, ?> map) {
      return iterator(map.keySet());
    }
    if (value instanceof String text) {
      return Text.characters(text);
    }
    if (value instanceof Generator generator) {
      return generator.elements();
    }
    if (value instanceof Undefined) {
      return Collections.emptyIterator();
    }
    throw new TemplateError("'" + Types.name(value) + "' object is not iterable");
  }

  private static Iterator<Object> iterator(Collection<?> elements) {
    Iterator<?> raw = elements.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return raw.hasNext();
      }

      @Override
      public Object next() {
        return of(raw.next());
      }
    };
  }

  /** Returns a new list of the elements. */
  public static List<Object> list(Object value, StepLimit budget) {
    List<Object> list = new ArrayList<>(Math.max(0, Math.min(size(value), Limits.RANGE)));
    for (Object element : each(value)) {
      budget.list(1);
      list.add(element);
    }
    return list;
  }
}
