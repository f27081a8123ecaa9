package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.Undefined;

/** A name: the innermost variable with a value, or a value of the caller. */
final class NameExpr implements Expr {
  private final String name;
  private int[] places = {};

  NameExpr(String name) {
    this.name = name;
  }

  /** Pairs of hops and slots, from the inside out; known once the whole template is read. */
  void resolve(int[] found) {
    places = found;
  }

  String name() {
    return name;
  }

  @Override
  public Object eval(Frame frame) {
    frame.run.budget.step();
    for (int i = 0; i < places.length; i += 2) {
      Object value = frame.get(places[i], places[i + 1]);
      if (value != null) {
        return value;
      }
    }
    Object value = frame.run.global(name);
    return value == null ? Undefined.name(name) : value;
  }
}
