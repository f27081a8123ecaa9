package io.github.openaikserve.internal.jinja;

import java.util.List;

/** A group of {@code groupby}: a pair whose parts also have names. */
final class Group extends Tuple {
  Group(Object grouper, List<Object> list) {
    super(grouper, list);
  }

  Object named(String name) {
    return switch (name) {
      case "grouper" -> get(0);
      case "list" -> get(1);
      default -> Members.ofList(this, name);
    };
  }
}
