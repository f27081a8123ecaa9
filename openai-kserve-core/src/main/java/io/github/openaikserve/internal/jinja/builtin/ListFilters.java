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
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The filters of lists. */
final class ListFilters {
  private ListFilters() {}

  static void addTo(Builtins table) {
    table.add("list", "", (run, self, args) -> Values.list(self, run.budget));
    table.add("first", "", (self, args) -> first(Values.iterate(self)));
    table.add("last", "", (run, self, args) -> last(Values.list(self, run.budget)));
    table.add("join", "d? attribute?", ListFilters::join);
    table.add("reverse", "", ListFilters::reverse);
    table.add("sort", "reverse? case_sensitive? attribute?", ListFilters::sort);
    table.add("unique", "case_sensitive? attribute?", ListFilters::unique);
    table.add(
        "min", "case_sensitive? attribute?", (run, self, args) -> extreme(run, self, args, 1));
    table.add(
        "max", "case_sensitive? attribute?", (run, self, args) -> extreme(run, self, args, -1));
    table.add("sum", "attribute? start?", ListFilters::sum);
    table.add("batch", "linecount fill_with?", ListFilters::batch);
    table.add("slice", "slices fill_with?", ListFilters::slices);
    table.add("groupby", "attribute default? case_sensitive?", ListFilters::groupBy);
    table.add("dictsort", "case_sensitive? by? reverse?", ListFilters::dictSort);
    table.add("map", "*", ListFilters::map);
    table.add("select", "*", (run, self, args) -> chosen(run, self, args, false, true));
    table.add("reject", "*", (run, self, args) -> chosen(run, self, args, false, false));
    table.add("selectattr", "*", (run, self, args) -> chosen(run, self, args, true, true));
    table.add("rejectattr", "*", (run, self, args) -> chosen(run, self, args, true, false));
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

  private static Object join(RenderContext run, Object value, Args args) {
    String between = PythonRepr.text(args.or(0, ""));
    UnaryOperator<Object> part = part(args.some(1), run.budget);
    var joined = new StringBuilder();
    boolean first = true;
    for (Iterator<Object> each = Values.iterate(value); each.hasNext(); first = false) {
      String text = PythonRepr.text(part.apply(each.next()));
      run.budget.text(text.length() + between.length());
      joined.append(first ? "" : between).append(text);
    }
    return joined.toString();
  }

  private static Object reverse(RenderContext run, Object value, Args args) {
    if (value instanceof String text) {
      run.budget.text(text.length());
      return new StringBuilder(text).reverse().toString();
    }
    List<Object> reversed = Values.list(value, run.budget);
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

  private static Object sort(RenderContext run, Object value, Args args) {
    List<Object> sorted = Values.list(value, run.budget);
    Comparator<Object> order = order(part(args.some(2), run.budget), args.truth(1), run.budget);
    Ordering.sort(sorted, args.truth(0) ? order.reversed() : order);
    return sorted;
  }

  private static Object unique(RenderContext run, Object value, Args args) {
    UnaryOperator<Object> part = part(args.some(1), run.budget);
    Set<Key> seen = new HashSet<>();
    List<Object> unique = new ArrayList<>();
    for (Iterator<Object> each = Values.iterate(value); each.hasNext(); ) {
      Object element = each.next();
      run.budget.list(1 + length(element) / 4);
      if (seen.add(Key.of(folded(part.apply(element), args.truth(0)), run.budget))) {
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

  private static Object extreme(RenderContext run, Object value, Args args, int sign) {
    Comparator<Object> order = order(part(args.some(1), run.budget), args.truth(0), run.budget);
    Object best = null;
    for (Iterator<Object> each = Values.iterate(value); each.hasNext(); ) {
      Object element = each.next();
      if (best == null || sign * order.compare(element, best) < 0) {
        best = element;
      }
    }
    return best == null ? new Undefined("No aggregated item, sequence was empty.") : best;
  }

  private static Object sum(RenderContext run, Object value, Args args) {
    UnaryOperator<Object> part = part(args.some(0), run.budget);
    Object sum = args.or(1, 0L);
    for (Iterator<Object> each = Values.iterate(value); each.hasNext(); ) {
      run.budget.spend(4);
      sum = Arithmetic.add(sum, part.apply(each.next()), run.budget);
    }
    return sum;
  }

  private static Object batch(RenderContext run, Object value, Args args) {
    int size = Math.max(1, args.size(0, 1));
    Object fill = args.some(1);
    List<Object> batches = new ArrayList<>();
    List<Object> all = Values.list(value, run.budget);
    for (int from = 0; from < all.size(); from += size) {
      List<Object> batch = new ArrayList<>(all.subList(from, Math.min(all.size(), from + size)));
      if (fill != null) {
        run.budget.list(size);
        while (batch.size() < size) {
          batch.add(fill);
        }
      }
      batches.add(batch);
    }
    return new Generator(batches.iterator());
  }

  private static Object slices(RenderContext run, Object value, Args args) {
    int count = args.size(0, 1);
    if (count < 1) {
      throw new TemplateError("slice expects a positive number of slices");
    }
    run.budget.list(count);
    List<Object> all = Values.list(value, run.budget);
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

  private static Object groupBy(RenderContext run, Object value, Args args) {
    UnaryOperator<Object> read = part(args.get(0), run.budget);
    UnaryOperator<Object> part =
        element -> {
          Object found = read.apply(element);
          return found instanceof Undefined ? args.or(1, found) : found;
        };
    boolean sensitive = args.truth(2);
    List<Object> sorted = Values.list(value, run.budget);
    Ordering.sort(sorted, order(part, sensitive, run.budget));
    List<Object> groups = new ArrayList<>();
    List<Object> group = new ArrayList<>();
    Object key = null;
    for (Object element : sorted) {
      Object own = part.apply(element);
      if (key == null
          || !Equality.same(folded(key, sensitive), folded(own, sensitive), run.budget)) {
        group = new ArrayList<>();
        key = own;
        groups.add(new GroupTuple(key, group));
      }
      group.add(element);
    }
    return groups;
  }

  private static Object dictSort(RenderContext run, Object value, Args args) {
    if (!(value instanceof Map<?, ?> map)) {
      throw Types.wrong("dictsort takes a dict, not " + Types.name(value), value);
    }
    String by = args.someText(1);
    long index = "value".equals(by) ? 1 : 0;
    List<Object> items = Values.list(DictView.items(map), run.budget);
    Comparator<Object> order = order(part(index, run.budget), args.truth(0), run.budget);
    Ordering.sort(items, args.truth(2) ? order.reversed() : order);
    return items;
  }

  private static Object map(RenderContext run, Object value, Args args) {
    if (!Values.truth(value)) { // jinja2 does not check the arguments in this case
      return new Generator(Collections.emptyIterator());
    }
    List<Object> mapped = new ArrayList<>();
    UnaryOperator<Object> function;
    if (args.size() == 0) {
      Object attribute = args.named().get("attribute");
      if (attribute == null) {
        throw new TemplateError("map requires a filter argument");
      }
      Object otherwise = args.named().get("default");
      UnaryOperator<Object> part = part(attribute, run.budget);
      function =
          element -> {
            Object found = part.apply(element);
            return found instanceof Undefined && otherwise != null ? otherwise : found;
          };
    } else {
      Builtin filter = known(Filters.TABLE, "filter", args.text(0));
      Args rest = rest(args, 1);
      function = element -> Markup.plain(filter.call(run, element, rest));
    }
    for (Iterator<Object> each = Values.iterate(value); each.hasNext(); ) {
      run.budget.list(1);
      mapped.add(function.apply(each.next()));
    }
    return new Generator(mapped.iterator());
  }

  private static Object chosen(
      RenderContext run, Object value, Args args, boolean byAttribute, boolean wanted) {
    if (!Values.truth(value)) {
      return new Generator(Collections.emptyIterator());
    }
    int used = byAttribute ? 1 : 0;
    if (args.size() < used) {
      throw new TemplateError("the name of the attribute is missing");
    }
    UnaryOperator<Object> part = part(byAttribute ? args.get(0) : null, run.budget);
    Builtin test = args.size() > used ? known(Tests.TABLE, "test", args.text(used)) : null;
    Args rest = rest(args, used + 1);
    List<Object> chosen = new ArrayList<>();
    for (Iterator<Object> each = Values.iterate(value); each.hasNext(); ) {
      run.budget.list(1);
      Object element = each.next();
      Object own = part.apply(element);
      boolean holds = Values.truth(test == null ? own : test.call(run, own, rest));
      if (holds == wanted) {
        chosen.add(element);
      }
    }
    return new Generator(chosen.iterator());
  }

  private static Builtin known(Builtins table, String kind, String name) {
    Builtin builtin = table.get(name);
    if (builtin == null) {
      throw new TemplateError("there is no " + kind + " '" + name + "'");
    }
    return builtin;
  }

  private static Args rest(Args args, int from) {
    return args.size() <= from
        ? new Args(new Object[0], args.named())
        : new Args(Arrays.copyOfRange(args.values(), from, args.size()), args.named());
  }
}
