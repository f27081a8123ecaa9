package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Arithmetic;
import io.github.openaikserve.internal.jinja.value.DictView;
import io.github.openaikserve.internal.jinja.value.Equality;
import io.github.openaikserve.internal.jinja.value.Generator;
import io.github.openaikserve.internal.jinja.value.Markup;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.Ordering;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Tuple;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Undefined;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The filters of lists. */
final class ListFilters {
  private ListFilters() {}

  static void addTo(Builtins table) {
    table
        .add("list", "", (value, args) -> Values.list(value, args.budget()))
        .add("first", value -> first(Values.each(value).iterator()))
        .add("last", "", (value, args) -> last(Values.list(value, args.budget())))
        .add("join", "d? attribute?", ListFilters::join)
        .add("reverse", "", ListFilters::reverse)
        .add("sort", "reverse? case_sensitive? attribute?", ListFilters::sort)
        .add("unique", "case_sensitive? attribute?", ListFilters::unique)
        .add("min", "case_sensitive? attribute?", (value, args) -> extreme(value, args, 1))
        .add("max", "case_sensitive? attribute?", (value, args) -> extreme(value, args, -1))
        .add("sum", "attribute? start?", ListFilters::sum)
        .add("batch", "linecount fill_with?", ListFilters::batch)
        .add("slice", "slices fill_with?", ListFilters::slices)
        .add("groupby", "attribute default? case_sensitive?", ListFilters::groupBy)
        .add("dictsort", "case_sensitive? by? reverse?", ListFilters::dictSort)
        .add("map", "*", ListFilters::map)
        .add("select", "*", (value, args) -> chosen(value, args, 0, true))
        .add("reject", "*", (value, args) -> chosen(value, args, 0, false))
        .add("selectattr", "*", (value, args) -> chosen(value, args, 1, true))
        .add("rejectattr", "*", (value, args) -> chosen(value, args, 1, false));
  }

  private static Object first(Iterator<Object> elements) {
    return elements.hasNext()
        ? elements.next()
        : new Undefined("No first item, sequence was empty.");
  }

  private static Object last(List<Object> elements) {
    return elements.isEmpty()
        ? new Undefined("No last item, sequence was empty.")
        : elements.get(elements.size() - 1);
  }

  /** Returns an element, or its attribute with a dotted name. */
  private static UnaryOperator<Object> part(@Nullable Object attribute, StepLimit budget) {
    if (attribute == null) {
      return element -> element;
    }
    if (!(attribute instanceof String path)) {
      return element -> Subscripts.get(element, attribute, budget);
    }
    String[] names = path.split("\\.", -1);
    return element -> {
      Object value = element;
      for (String name : names) {
        Object key = Numbers.parseWhole(name, 10);
        value =
            key != null && !name.isEmpty()
                ? Subscripts.get(value, key, budget)
                : Subscripts.get(value, name, budget);
      }
      return value;
    };
  }

  private static Object join(Object value, Args args) {
    String between = PythonRepr.text(args.or(0, ""));
    UnaryOperator<Object> part = part(args.some(1), args.budget());
    var joined = new StringJoiner(between);
    for (Object element : Values.each(value)) {
      String text = PythonRepr.text(part.apply(element));
      args.budget().text(text.length() + between.length());
      joined.add(text);
    }
    return joined.toString();
  }

  private static Object reverse(Object value, Args args) {
    if (value instanceof String text) {
      args.budget().text(text.length());
      return new StringBuilder(text).reverse().toString();
    }
    List<Object> reversed = Values.list(value, args.budget());
    Collections.reverse(reversed);
    return new Generator(reversed.iterator());
  }

  /** Ignores case, as jinja2 does by default. */
  private static Object folded(Object value, boolean sensitive) {
    return !sensitive && value instanceof String text ? Text.lower(text) : value;
  }

  private static long length(Object value) {
    return value instanceof String text ? text.length() : 0;
  }

  private static Comparator<Object> order(
      UnaryOperator<Object> part, boolean sensitive, StepLimit budget) {
    Comparator<Object> natural = Ordering.by(budget);
    return (left, right) -> {
      Object first = part.apply(left);
      Object second = part.apply(right);
      if (!sensitive) {
        budget.read(length(first) + length(second));
      }
      return natural.compare(folded(first, sensitive), folded(second, sensitive));
    };
  }

  private static Object sort(Object value, Args args) {
    List<Object> sorted = Values.list(value, args.budget());
    Comparator<Object> order =
        order(part(args.some(2), args.budget()), args.truth(1), args.budget());
    Ordering.sort(sorted, args.truth(0) ? order.reversed() : order);
    return sorted;
  }

  private static Object unique(Object value, Args args) {
    UnaryOperator<Object> part = part(args.some(1), args.budget());
    Set<Key> seen = new HashSet<>();
    List<Object> unique = new ArrayList<>();
    for (Object element : Values.each(value)) {
      args.budget().list(1 + length(element) / 4);
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
      boolean nested = value instanceof Tuple; // its elements may be 1 and 1.0
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
    Comparator<Object> order =
        order(part(args.some(1), args.budget()), args.truth(0), args.budget());
    Object best = null;
    for (Object element : Values.each(value)) {
      if (best == null || sign * order.compare(element, best) < 0) {
        best = element;
      }
    }
    return best == null ? new Undefined("No aggregated item, sequence was empty.") : best;
  }

  private static Object sum(Object value, Args args) {
    UnaryOperator<Object> part = part(args.some(0), args.budget());
    Object sum = args.or(1, 0L);
    for (Object element : Values.each(value)) {
      args.budget().spend(4);
      sum = Arithmetic.add(sum, part.apply(element), args.budget());
    }
    return sum;
  }

  private static Object batch(Object value, Args args) {
    int size = Math.max(1, args.size(0, 1));
    Object fill = args.some(1);
    List<Object> batches = new ArrayList<>();
    List<Object> all = Values.list(value, args.budget());
    for (int from = 0; from < all.size(); from += size) {
      List<Object> batch = new ArrayList<>(all.subList(from, Math.min(all.size(), from + size)));
      if (fill != null) {
        args.budget().list(size);
        while (batch.size() < size) {
          batch.add(fill);
        }
      }
      batches.add(batch);
    }
    return new Generator(batches.iterator());
  }

  private static Object slices(Object value, Args args) {
    int count = args.size(0, 1);
    if (count < 1) {
      throw new TemplateError("slice expects a positive number of slices");
    }
    args.budget().list(count);
    List<Object> all = Values.list(value, args.budget());
    Object fill = args.some(1);
    int each = all.size() / count;
    int longer = all.size() % count;
    List<Object> slices = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < count; i++) {
      int to = from + each + (i < longer ? 1 : 0);
      List<Object> slice = new ArrayList<>(all.subList(from, to));
      if (fill != null && i >= longer && longer > 0) {
        slice.add(fill);
      }
      slices.add(slice);
      from = to;
    }
    return new Generator(slices.iterator());
  }

  private static Object groupBy(Object value, Args args) {
    UnaryOperator<Object> part = orDefault(part(args.get(0), args.budget()), args.given(1));
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

  private static Object dictSort(Object value, Args args) {
    if (!(value instanceof Map<?, ?> map)) {
      throw Types.wrong("dictsort takes a dict, not " + Types.name(value), value);
    }
    String by = args.someText(1);
    long index = "value".equals(by) ? 1 : 0;
    List<Object> items = Values.list(DictView.items(map), args.budget());
    Comparator<Object> order = order(part(index, args.budget()), args.truth(0), args.budget());
    Ordering.sort(items, args.truth(2) ? order.reversed() : order);
    return items;
  }

  private static Object map(Object value, Args args) {
    if (!Values.truth(value)) { // jinja2 does not check the arguments in this case
      return new Generator(Collections.emptyIterator());
    }
    UnaryOperator<Object> function = args.size() == 0 ? attribute(args) : filter(args);
    List<Object> mapped = new ArrayList<>();
    for (Object element : Values.each(value)) {
      args.budget().list(1);
      mapped.add(function.apply(element));
    }
    return new Generator(mapped.iterator());
  }

  private static UnaryOperator<Object> attribute(Args args) {
    Object attribute = args.named().get("attribute");
    if (attribute == null) {
      throw new TemplateError("map requires a filter argument");
    }
    return orDefault(part(attribute, args.budget()), args.named().get("default"));
  }

  private static UnaryOperator<Object> orDefault(
      UnaryOperator<Object> part, @Nullable Object otherwise) {
    return element -> {
      Object found = part.apply(element);
      return found instanceof Undefined && otherwise != null ? otherwise : found;
    };
  }

  private static UnaryOperator<Object> filter(Args args) {
    Builtin filter = Filters.TABLE.known(args.text(0));
    Args rest = args.from(1);
    return element -> Markup.plain(filter.call(element, rest));
  }

  /**
   * Returns the elements for which a test holds, or does not.
   *
   * @param test the position of the test's name; an attribute's name is before it
   */
  private static Object chosen(Object value, Args args, int test, boolean wanted) {
    if (!Values.truth(value)) {
      return new Generator(Collections.emptyIterator());
    }
    if (args.size() < test) {
      throw new TemplateError("the name of the attribute is missing");
    }
    UnaryOperator<Object> part = part(test > 0 ? args.get(0) : null, args.budget());
    Builtin builtin = args.size() > test ? Tests.TABLE.known(args.text(test)) : null;
    Args rest = args.from(test + 1);
    List<Object> chosen = new ArrayList<>();
    for (Object element : Values.each(value)) {
      args.budget().list(1);
      Object own = part.apply(element);
      if (Values.truth(builtin == null ? own : builtin.call(own, rest)) == wanted) {
        chosen.add(element);
      }
    }
    return new Generator(chosen.iterator());
  }
}
