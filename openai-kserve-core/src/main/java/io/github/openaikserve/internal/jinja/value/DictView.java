package io.github.openaikserve.internal.jinja.value;

import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;

/** The result of a dict's {@code keys()}, {@code values()} and {@code items()}. */
public final class DictView extends AbstractCollection<Object> {
  private final String name;
  private final Map<?, ?> map;
  private final Function<Map.Entry<?, ?>, Object> part;

  private DictView(String name, Map<?, ?> map, Function<Map.Entry<?, ?>, Object> part) {
    this.name = name;
    this.map = map;
    this.part = part;
  }

  public static DictView keys(Map<?, ?> map) {
    return new DictView("dict_keys", map, entry -> Values.of(entry.getKey()));
  }

  public static DictView values(Map<?, ?> map) {
    return new DictView("dict_values", map, entry -> Values.of(entry.getValue()));
  }

  public static DictView items(Map<?, ?> map) {
    return new DictView("dict_items", map, DictView::item);
  }

  private static Object item(Map.Entry<?, ?> entry) {
    return new Tuple(Values.of(entry.getKey()), Values.of(entry.getValue()));
  }

  public String name() {
    return name;
  }

  @Override
  public Iterator<Object> iterator() {
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public Object next() {
        return part.apply(entries.next());
      }
    };
  }

  @Override
  public int size() {
    return map.size();
  }
}
