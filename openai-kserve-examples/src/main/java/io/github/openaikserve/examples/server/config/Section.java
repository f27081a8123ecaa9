package io.github.openaikserve.examples.server.config;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A mapping of a configuration file. Remembers which keys were asked for. */
public final class Section {
  private final Source source;
  private final MappingNode node;
  private final String path;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  Section(Source source, MappingNode node, String path) {
    this.source = source;
    this.node = node;
    this.path = path;
    for (NodeTuple entry : node.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw source.wrong(entry.getKeyNode().getStartMark(), path, "a key has to be a word");
      }
      String name = key.getValue();
      if (keys.put(name, key) != null) {
        throw source.wrong(key.getStartMark(), at(name), "this key is there twice");
      }
      values.put(name, new Value(source, entry.getValueNode(), at(name)));
    }
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The value of a key; empty where the key is not there. */
  public Optional<Value> find(String key) {
    known.add(key);
    source.known(at(key));
    return Optional.ofNullable(values.get(key));
  }

  /**
   * The value of a key.
   *
   * @throws ConfigException if the key is not there; naming one that looks like it
   */
  public Value require(String key) {
    Optional<Value> value = find(key);
    if (value.isEmpty()) {
      keys.keySet().stream()
          .filter(other -> !known.contains(other) && Nearest.isNear(other, key))
          .findFirst()
          .ifPresent(
              other -> {
                throw unknown(other);
              });
      throw source.wrong(node.getStartMark(), path, "'" + key + "' is missing");
    }
    return value.get();
  }

  /** All values by keys that are not for us to know. */
  public Map<String, Value> entries() {
    known.addAll(keys.keySet());
    return values;
  }

  /** A failure of the section as a whole. */
  public ConfigException wrong(String message) {
    return source.wrong(node.getStartMark(), path, message);
  }

  /** Fails if there is a key that nobody asked for. */
  void end() {
    for (String key : keys.keySet()) {
      if (!known.contains(key)) {
        throw unknown(key);
      }
    }
  }

  private ConfigException unknown(String key) {
    Node where = keys.getOrDefault(key, node);
    String meant =
        Nearest.to(key, known)
            .map(near -> "did you mean '" + near + "'?")
            .orElse("known here are " + String.join(", ", known));
    return source.wrong(where.getStartMark(), at(key), "unknown key; " + meant);
  }
}
