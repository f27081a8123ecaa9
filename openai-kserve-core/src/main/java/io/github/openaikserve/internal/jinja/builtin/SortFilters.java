package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.DictView;
import io.github.openaikserve.internal.jinja.value.Equality;
import io.github.openaikserve.internal.jinja.value.Generator;
import io.github.openaikserve.internal.jinja.value.Limits;
import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.Ordering;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.Range;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Tuple;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Undefined;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The filters that compare the elements of a list. */
final class SortFilters {
  private SortFilters() {}

  static void addTo(Builtins table) {
    table
        .add("sort", "reverse? case_sensitive? attribute?", SortFilters::sort)
        .add("unique", "case_sensitive? attribute?", SortFilters::unique)
        .add("min", "case_sensitive? attribute?", (value, args) -> extreme(value, args, 1))
        .add("max", "case_sensitive? attribute?", (value, args) -> extreme(value, args, -1))
        .add("groupby", "attribute default? case_sensitive?", SortFilters::groupBy)
        .add("dictsort", "case_sensitive? by? reverse?", SortFilters::dictSort);
  }

  /** Ignores case, as jinja2 does by default. */
  private static Object folded(Object value, boolean sensitive) {
    return !sensitive && value instanceof String text ? Text.lower(text) : value;
  }

  private static void pay(Object value, StepLimit budget) {
    if (value instanceof String text) {
      budget.changeCase(text, 1);
    }
  }

  private static Comparator<Object> order(
      UnaryOperator<Object> part, boolean sensitive, StepLimit budget) {
    Comparator<Object> natural = Ordering.by(budget);
    return (left, right) -> {
      Object first = part.apply(left);
      Object second = part.apply(right);
      if (!sensitive) {
        pay(first, budget);
        pay(second, budget);
      }
      return natural.compare(folded(first, sensitive), folded(second, sensitive));
    };
  }

  /** Returns an order by attributes, whose names are separated by commas. */
  private static Comparator<Object> order(
      @Nullable Object attributes, boolean sensitive, StepLimit budget) {
    List<UnaryOperator<Object>> parts = new ArrayList<>();
    if (attributes instanceof String names) {
      for (String name : names.split(",", -1)) {
        parts.add(Subscripts.reader(name, budget));
      }
    } else {
      parts.add(Subscripts.reader(attributes, budget));
    }
    Comparator<Object> natural = Ordering.by(budget);
    return (left, right) -> {
      for (UnaryOperator<Object> part : parts) {
        Object first = part.apply(left);
        Object second = part.apply(right);
        if (!sensitive) {
          pay(first, budget);
          pay(second, budget);
        }
        first = folded(first, sensitive);
        second = folded(second, sensitive);
        if (!Equality.same(first, second, budget)) {
          return natural.compare(first, second);
        }
      }
      return 0;
    };
  }

  private static Object sort(Object value, Args args) {
    List<Object> sorted = Values.list(value, args.budget());
    Comparator<Object> order = order(args.some(2), args.truth(1), args.budget());
    Ordering.sort(sorted, args.truth(0) ? order.reversed() : order);
    return sorted;
  }

  private static Object unique(Object value, Args args) {
    UnaryOperator<Object> part = args.part(1);
    Set<Key> seen = new HashSet<>();
    List<Object> unique = new ArrayList<>();
    for (Object element : Values.each(value)) {
      args.budget().list(1);
      pay(element, args.budget());
      if (seen.add(Key.of(folded(part.apply(element), args.truth(0)), args.budget()))) {
        unique.add(element);
      }
    }
    return new Generator(unique.iterator());
  }

  /** Returns a key with Python's equality. Its hashing and comparison are paid for. */
  private record Key(Object value, int hash, StepLimit budget) {
    static Key of(Object value, StepLimit budget) {
      Equality.hash(value, budget);
      boolean number = Numbers.isNumber(value);
      // the elements of a tuple may be 1 and 1.0, and all undefined values are equal
      boolean nested = value instanceof Tuple || value instanceof Undefined;
      int hash = nested ? 0 : number ? Double.hashCode(Numbers.real(value)) : value.hashCode();
      return new Key(value, hash, budget);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Equality.same(value, key.value, budget);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private static Object extreme(Object value, Args args, int sign) {
    Comparator<Object> order = order(args.part(1), args.truth(0), args.budget());
    Object best = null;
    for (Object element : Values.each(value)) {
      args.budget().list(2);
      if (best == null || sign * order.compare(element, best) < 0) {
        best = element;
      }
    }
    return best == null ? new Undefined("No aggregated item, sequence was empty.") : best;
  }

  private static Object groupBy(Object value, Args args) {
    UnaryOperator<Object> part = Subscripts.orDefault(args.part(0), args.given(1));
    boolean sensitive = args.truth(2);
    List<Object> sorted = Values.list(value, args.budget());
    Ordering.sort(sorted, order(part, sensitive, args.budget()));
    List<Object> groups = new ArrayList<>();
    List<Object> group = new ArrayList<>();
    Object key = null;
    for (Object element : sorted) {
      Object own = part.apply(element);
      if (key == null
          || !Equality.same(folded(key, sensitive), folded(own, sensitive), args.budget())) {
        group = new ArrayList<>();
        key = own;
        groups.add(new GroupTuple(key, group));
      }
      group.add(element);
    }
    return groups;
  }

  /** Returns {@code repr(value)} with sorted dicts, as Python's {@code pprint} does. */
  static String repr(Object value, StepLimit budget) {
    return PythonRepr.repr(sorted(value, 0, budget), budget);
  }

  private static Object sorted(Object value, int depth, StepLimit budget) {
    if (depth > Limits.NESTING) {
      throw new TemplateError("a value is too large or too deep to be printed");
    }
    budget.list(1);
    if (value instanceof Map<?, ?> map) {
      List<Object> keys = Values.list(map, budget);
      Comparator<Object> natural = Ordering.by(budget);
      Comparator<Object> types = Comparator.comparing(Types::name);
      Ordering.sort(
          keys,
          (left, right) -> {
            int order = types.compare(left, right);
            return order == 0 && left != None.NONE ? natural.compare(left, right) : order;
          });
      Map<Object, Object> copy = new LinkedHashMap<>();
      for (Object key : keys) {
        copy.put(key, sorted(Values.of(map.get(key)), depth + 1, budget));
      }
      return copy;
    }
    if (value instanceof List<?> list && !(value instanceof Range)) {
      List<Object> copy = new ArrayList<>(list.size());
      for (Object element : list) {
        copy.add(sorted(Values.of(element), depth + 1, budget));
      }
      return value instanceof Tuple ? Tuple.of(copy) : copy;
    }
    return value;
  }

  private static Object dictSort(Object value, Args args) {
    if (!(value instanceof Map<?, ?> map)) {
      throw Types.wrong("dictsort takes a dict, not " + Types.name(value), value);
    }
    String by = args.someText(1);
    long index = "value".equals(by) ? 1 : 0;
    List<Object> items = Values.list(DictView.items(map), args.budget());
    Comparator<Object> order =
        order(Subscripts.reader(index, args.budget()), args.truth(0), args.budget());
    Ordering.sort(items, args.truth(2) ? order.reversed() : order);
    return items;
  }
}
