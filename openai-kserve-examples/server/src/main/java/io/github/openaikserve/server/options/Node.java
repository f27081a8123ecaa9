package io.github.openaikserve.server.options;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value as it was written, with its place: a tree that files, variables and flags add to. */
sealed interface Node {
  Origin origin();

  /**
   * A scalar.
   *
   * @param written as it is in the file; what it refers to may be a secret
   * @param text with its references to the environment replaced
   */
  record Scalar(String written, String text, Kind kind, Origin origin) implements Node {
    /** What YAML takes a scalar for. */
    enum Kind {
      TEXT,
      INTEGER,
      FLOAT,
      BOOLEAN,
      NOTHING
    }

    static Scalar of(String text, Origin origin) {
      return new Scalar(text, text, Kind.TEXT, origin);
    }
  }

  /** A list. */
  record Sequence(List<Node> elements, Origin origin) implements Node {}

  /** A value and the place of its key. */
  record Entry(Origin key, Node value) {}

  /** A mapping, in order. */
  record Mapping(Map<String, Entry> entries, Origin origin) implements Node {
    static Mapping empty(Origin origin) {
      return new Mapping(new LinkedHashMap<>(), origin);
    }

    Mapping put(String key, Node value) {
      entries.put(key, new Entry(value.origin(), value));
      return this;
    }

    /** Returns this with the entries of {@code over} added, which replace scalars and lists. */
    Mapping overlaid(Mapping over) {
      Map<String, Entry> merged = new LinkedHashMap<>(entries);
      over.entries.forEach(
          (key, entry) -> {
            Entry below = merged.get(key);
            boolean both =
                below != null
                    && below.value() instanceof Mapping
                    && entry.value() instanceof Mapping;
            merged.put(key, both && below != null ? merge(below, entry) : entry);
          });
      return new Mapping(merged, origin);
    }

    private static Entry merge(Entry below, Entry above) {
      return new Entry(below.key(), ((Mapping) below.value()).overlaid((Mapping) above.value()));
    }
  }
}
