package io.github.openaikserve.server.options;

import java.util.List;
import java.util.Optional;

/** A builder of a configuration from values that keep their places. Not thread-safe. */
public final class Tree {
  private final Node.Mapping mapping = Node.Mapping.empty(Origin.DEFAULT);

  /** Adds a value, unless it is empty. */
  public Tree put(String key, Optional<Value> value) {
    value.ifPresent(present -> mapping.put(key, present.node()));
    return this;
  }

  /** Adds a text. */
  public Tree put(String key, String text) {
    mapping.put(key, Node.Scalar.of(text, Origin.DEFAULT));
    return this;
  }

  /** Adds a mapping. */
  public Tree put(String key, Tree inner) {
    mapping.put(key, inner.mapping);
    return this;
  }

  /** Adds a list of one mapping. */
  public Tree putList(String key, Tree element) {
    mapping.put(key, new Node.Sequence(List.of(element.mapping), Origin.DEFAULT));
    return this;
  }

  /** Returns the mapping. */
  public Value value() {
    return new Value(mapping, "", false);
  }
}
