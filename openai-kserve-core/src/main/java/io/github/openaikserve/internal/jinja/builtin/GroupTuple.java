package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.TemplateObject;
import io.github.openaikserve.internal.jinja.value.Tuple;
import java.util.List;

/** A group of {@code groupby}: a pair whose parts also have names. */
final class GroupTuple extends Tuple implements TemplateObject {
  GroupTuple(Object grouper, List<Object> list) {
    super(grouper, list);
  }

  @Override
  public Object attribute(String name) {
    return switch (name) {
      case "grouper" -> get(0);
      case "list" -> get(1);
      default -> Attributes.ofList(this, name);
    };
  }
}
