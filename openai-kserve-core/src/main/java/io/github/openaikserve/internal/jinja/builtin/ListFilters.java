package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Arithmetic;
import io.github.openaikserve.internal.jinja.value.Generator;
import io.github.openaikserve.internal.jinja.value.Markup;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Undefined;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;

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
        .add("sum", "attribute? start?", ListFilters::sum)
        .add("batch", "linecount fill_with?", ListFilters::batch)
        .add("slice", "slices fill_with?", ListFilters::slices)
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

  private static Object join(Object value, Args args) {
    String between = PythonRepr.text(args.or(0, ""), args.budget());
    UnaryOperator<Object> part = args.part(1);
    var joined = new StringJoiner(between);
    for (Object element : Values.each(value)) {
      String text = PythonRepr.text(part.apply(element), args.budget());
      args.budget().list(1);
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

  private static Object sum(Object value, Args args) {
    UnaryOperator<Object> part = args.part(0);
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
      if (fill != null && i >= longer) {
        slice.add(fill);
      }
      slices.add(slice);
      from = to;
    }
    return new Generator(slices.iterator());
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
    return Subscripts.orDefault(
        Subscripts.reader(attribute, args.budget()), args.named().get("default"));
  }

  private static UnaryOperator<Object> filter(Args args) {
    Builtin filter = Filters.TABLE.known(args.text(0));
    Args rest = args.from(1);
    return element -> {
      args.budget().call();
      return Markup.plain(filter.call(element, rest));
    };
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
    UnaryOperator<Object> part = test > 0 ? args.part(0) : UnaryOperator.identity();
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
