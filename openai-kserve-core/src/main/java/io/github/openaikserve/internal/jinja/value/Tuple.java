package io.github.openaikserve.internal.jinja.value;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** A list that prints with parentheses and equals only tuples. Immutable. */
public class Tuple extends AbstractList<Object> implements RandomAccess {
  private final Object[] elements;

  public Tuple(Object... elements) {
    this.elements = elements;
  }

  public static Tuple of(List<Object> elements) {
    return new Tuple(elements.toArray());
  }

  @Override
  public final Object get(int index) {
    return elements[index];
  }

  @Override
  public final int size() {
    return elements.length;
  }
}
