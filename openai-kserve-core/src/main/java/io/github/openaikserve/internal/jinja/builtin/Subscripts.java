package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Equality;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Tuple;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Undefined;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code x[key]} and {@code x[from:to:step]}. */
public final class Subscripts {
  /** The cost of reading an attribute, which may be undefined. */
  private static final int READ = 16;

  private Subscripts() {}

  public static Object get(Object of, Object key, StepLimit budget) {
    if (of instanceof Map<?, ?> map) {
      Object value = Equality.find(map, key, budget);
      if (value != null) {
        return value;
      }
      return key instanceof String name ? Attributes.ofDict(map, name) : Undefined.element(of, key);
    }
    if (key instanceof String name) {
      return Attributes.get(of, name);
    }
    if (of instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (Numbers.isWhole(key)) {
      Object element = element(of, Numbers.whole(key), budget);
      if (element != null) {
        return element;
      }
    }
    return Undefined.element(of, key);
  }

  private static @Nullable Object element(Object of, long index, StepLimit budget) {
    if (of instanceof List<?> list) {
      long at = index < 0 ? index + list.size() : index;
      return at < 0 || at >= list.size() ? null : Values.of(list.get((int) at));
    }
    if (of instanceof String text) {
      budget.read(text.length() / 2);
      int length = Text.length(text);
      long at = index < 0 ? index + length : index;
      return at < 0 || at >= length ? null : sliceOf(text, (int) at, 1, 1);
    }
    return null;
  }

  public static Object slice(
      Object of,
      @Nullable Object from,
      @Nullable Object to,
      @Nullable Object by,
      StepLimit budget) {
    if (!(of instanceof String) && !(of instanceof List<?>)) {
      throw Types.wrong("'" + Types.name(of) + "' object cannot be sliced", of);
    }
    long step = by == null ? 1 : Numbers.whole(by);
    if (step == 0) {
      throw new TemplateError("slice step cannot be zero");
    }
    int size = Values.size(of);
    long start = from == null ? (step > 0 ? 0 : size - 1L) : bound(from, size, step);
    long end = to == null ? (step > 0 ? size : -1) : bound(to, size, step);
    long count = step > 0 ? end - start : start - end;
    long steps = step == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(step);
    int length = (int) (count <= 0 ? 0 : (count - 1) / steps + 1);
    if (of instanceof String text) {
      budget.text(length);
      budget.read(step == 1 ? text.length() / 2 : 4L * text.length());
      return sliceOf(text, (int) start, length, step);
    }
    budget.list(length);
    return sliceOf((List<?>) of, (int) start, length, step);
  }

  private static long bound(Object index, int size, long step) {
    long at = Numbers.whole(index);
    if (at < 0) {
      at = Math.max(at, -2L * size - 2) + size;
      return Math.max(at, step > 0 ? 0 : -1);
    }
    return Math.min(at, step > 0 ? size : size - 1L);
  }

  private static Object sliceOf(String text, int start, int length, long step) {
    if (step == 1) {
      int from = length == 0 ? 0 : text.offsetByCodePoints(0, start);
      return text.substring(from, text.offsetByCodePoints(from, length));
    }
    int[] points = text.codePoints().toArray();
    var slice = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      slice.appendCodePoint(points[(int) (start + i * step)]);
    }
    return slice.toString();
  }

  private static Object sliceOf(List<?> list, int start, int length, long step) {
    List<Object> slice = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      slice.add(Values.of(list.get((int) (start + i * step))));
    }
    return list instanceof Tuple ? Tuple.of(slice) : slice;
  }

  /**
   * Returns a function that reads an attribute with a dotted name; null reads the element itself.
   */
  static UnaryOperator<Object> reader(@Nullable Object attribute, StepLimit budget) {
    if (attribute == null) {
      return element -> element;
    }
    List<Object> keys = new ArrayList<>();
    if (attribute instanceof String path) {
      budget.read(8L * path.length());
      for (String name : path.split("\\.", -1)) {
        Object number = Numbers.parseWhole(name, 10);
        keys.add(number == null ? name : number);
      }
    } else {
      keys.add(attribute);
    }
    return element -> {
      Object value = element;
      for (Object key : keys) {
        budget.spend(READ);
        value = get(value, key, budget);
      }
      return value;
    };
  }

  /** Returns a function that replaces undefined results. */
  static UnaryOperator<Object> orDefault(UnaryOperator<Object> part, @Nullable Object otherwise) {
    return element -> {
      Object found = part.apply(element);
      return found instanceof Undefined && otherwise != null ? otherwise : found;
    };
  }
}
