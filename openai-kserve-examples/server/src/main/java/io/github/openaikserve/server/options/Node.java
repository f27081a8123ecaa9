package io.github.openaikserve.server.options;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value as it was written, with its place. Files, variables and flags form a tree of nodes. */
sealed interface Node {
  Origin origin();

  /**
   * A scalar.
   *
   * @param written the text in the file, whose references may stand for secrets
   * @param text the text with references to the environment resolved
   */
  record Scalar(String written, String text, Kind kind, Origin origin) implements Node {
    /** The type of a scalar in YAML. */
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

    /**
     * Returns this mapping merged with {@code over}, whose scalars and lists replace those of this.
     */
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
