package io.github.openaikserve.server.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A mapping of a configuration file. Remembers which keys were asked for. */
public final class Section {
  /** Its value is a mapping, or a list of mappings, whose entries are taken over. */
  private static final String MERGE_KEY = "<<";

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
    List<Node> merged = new ArrayList<>();
    for (NodeTuple entry : node.getValue()) {
      ScalarNode key = key(entry);
      if (key.getValue().equals(MERGE_KEY)) {
        merged.add(entry.getValueNode());
      } else if (!add(key, entry.getValueNode())) {
        throw source.wrong(key.getStartMark(), at(key.getValue()), "this key is there twice");
      }
    }
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    seen.add(node);
    merged.forEach(mapping -> merge(mapping, seen));
  }

  private ScalarNode key(NodeTuple entry) {
    if (entry.getKeyNode() instanceof ScalarNode key) {
      return key;
    }
    throw source.wrong(entry.getKeyNode().getStartMark(), path, "a key has to be a word");
  }

  /** Adds an entry; false if there is one of that name. */
  private boolean add(ScalarNode key, Node value) {
    String name = key.getValue();
    if (keys.putIfAbsent(name, key) != null) {
      return false;
    }
    values.put(name, new Value(source, value, at(name)));
    return true;
  }

  /**
   * Adds the entries of a mapping, or of each in a list, for which there are none. An entry of the
   * mapping itself comes before those that it merges; a mapping is merged once.
   *
   * <p>Source: yaml.org/type/merge.html.
   */
  private void merge(Node merged, Set<Node> seen) {
    if (!seen.add(merged)) {
      return;
    }
    if (merged instanceof SequenceNode list) {
      list.getValue().forEach(each -> merge(each, seen));
      return;
    }
    if (!(merged instanceof MappingNode mapping)) {
      throw source.wrong(
          merged.getStartMark(), at(MERGE_KEY), "expected a mapping or a list of mappings");
    }
    List<Node> inner = new ArrayList<>();
    for (NodeTuple entry : mapping.getValue()) {
      ScalarNode key = key(entry);
      if (key.getValue().equals(MERGE_KEY)) {
        inner.add(entry.getValueNode());
      } else {
        add(key, entry.getValueNode());
      }
    }
    inner.forEach(each -> merge(each, seen));
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
