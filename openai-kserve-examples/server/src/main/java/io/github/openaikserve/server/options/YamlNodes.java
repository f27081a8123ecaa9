package io.github.openaikserve.server.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Converts YAML to nodes: adds places, merges, and resolves references to the environment. */
final class YamlNodes {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?})?");

  /** The key of a mapping, or of a list of mappings, whose entries are merged. */
  private static final String MERGE_KEY = "<<";

  private static final Map<Tag, Node.Scalar.Kind> KINDS =
      Map.of(
          Tag.INT, Node.Scalar.Kind.INTEGER,
          Tag.FLOAT, Node.Scalar.Kind.FLOAT,
          Tag.BOOL, Node.Scalar.Kind.BOOLEAN,
          Tag.NULL, Node.Scalar.Kind.NOTHING);

  /** Bounds the expansion of aliases. */
  private static final int MAX_NODES = 100_000;

  private static final int MAX_DEPTH = 50;

  private final String file;
  private final Path directory;
  private int nodes;
  private int depth;
  private final UnaryOperator<@Nullable String> environment;

  YamlNodes(Path file, UnaryOperator<@Nullable String> environment) {
    Path parent = file.toAbsolutePath().getParent();
    this.file = file.toString();
    this.directory = parent == null ? Path.of("") : parent;
    this.environment = environment;
  }

  ConfigException wrong(Optional<Mark> mark, String path, String message) {
    return origin(mark).wrong(path, message);
  }

  private Origin origin(Optional<Mark> mark) {
    String place = mark.map(m -> ":" + (m.getLine() + 1) + ":" + (m.getColumn() + 1)).orElse("");
    return new Origin(Origin.Kind.FILE, file + place, directory);
  }

  private Origin origin(org.snakeyaml.engine.v2.nodes.Node node) {
    return origin(node.getStartMark());
  }

  Node.Mapping root(org.snakeyaml.engine.v2.nodes.Node root) {
    return node(root, "") instanceof Node.Mapping mapping
        ? mapping
        : throwing(origin(root).wrong("", "expected a mapping of keys to values"));
  }

  private static Node.Mapping throwing(ConfigException e) {
    throw e;
  }

  private Node node(org.snakeyaml.engine.v2.nodes.Node node, String path) {
    if (++nodes > MAX_NODES || depth == MAX_DEPTH) {
      throw origin(node).wrong("", "the YAML aliases expand to too many values");
    }
    depth++;
    try {
      if (node instanceof MappingNode mapping) {
        return mapping(mapping, path);
      }
      return node instanceof SequenceNode sequence
          ? sequence(sequence, path)
          : scalar((ScalarNode) node, path);
    } finally {
      depth--;
    }
  }

  private Node.Sequence sequence(SequenceNode sequence, String path) {
    List<Node> elements = new ArrayList<>();
    for (var element : sequence.getValue()) {
      elements.add(node(element, path + "[" + elements.size() + "]"));
    }
    return new Node.Sequence(elements, origin(sequence));
  }

  private Node.Scalar scalar(ScalarNode node, String path) {
    Origin origin = origin(node);
    if (!node.getTag().getValue().startsWith(Tag.PREFIX)) {
      throw origin.wrong(path, "tags such as " + node.getTag().getValue() + " are not supported");
    }
    return new Node.Scalar(
        node.getValue(),
        resolved(node.getValue(), origin, path),
        KINDS.getOrDefault(node.getTag(), Node.Scalar.Kind.TEXT),
        origin);
  }

  private Node.Mapping mapping(MappingNode node, String path) {
    Map<String, NodeTuple> own = new LinkedHashMap<>();
    Set<org.snakeyaml.engine.v2.nodes.Node> seen =
        Collections.newSetFromMap(new IdentityHashMap<>());
    collect(node, own, seen, path, true);
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    own.forEach(
        (key, tuple) ->
            entries.put(
                key,
                new Node.Entry(
                    origin(tuple.getKeyNode()), node(tuple.getValueNode(), at(path, key)))));
    return new Node.Mapping(entries, origin(node));
  }

  /**
   * Adds the entries of a mapping and of the mappings that it merges. Entries of the mapping itself
   * override merged ones. A mapping is merged once.
   *
   * <p><b>Source:</b> yaml.org/type/merge.html.
   */
  private void collect(
      org.snakeyaml.engine.v2.nodes.Node from,
      Map<String, NodeTuple> into,
      Set<org.snakeyaml.engine.v2.nodes.Node> seen,
      String path,
      boolean own) {
    if (!seen.add(from)) {
      return;
    }
    if (from instanceof SequenceNode list && !own) {
      list.getValue().forEach(each -> collect(each, into, seen, path, false));
      return;
    }
    if (!(from instanceof MappingNode mapping)) {
      throw origin(from).wrong(at(path, MERGE_KEY), "expected a mapping or a list of mappings");
    }
    List<org.snakeyaml.engine.v2.nodes.Node> merged = new ArrayList<>();
    for (NodeTuple entry : mapping.getValue()) {
      String key = key(entry, path);
      if (key.equals(MERGE_KEY)) {
        merged.add(entry.getValueNode());
      } else if (into.putIfAbsent(key, entry) != null && own) {
        throw origin(entry.getKeyNode()).wrong(at(path, key), "duplicate key");
      }
    }
    merged.forEach(each -> collect(each, into, seen, path, false));
  }

  private String key(NodeTuple entry, String path) {
    if (entry.getKeyNode() instanceof ScalarNode key) {
      return key.getValue();
    }
    throw origin(entry.getKeyNode()).wrong(path, "a key must be a scalar");
  }

  private static String at(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private String resolved(String text, Origin origin, String path) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    Matcher reference = REFERENCE.matcher(text);
    var resolved = new StringBuilder();
    while (reference.find()) {
      String value = value(reference, origin, path);
      reference.appendReplacement(resolved, Matcher.quoteReplacement(value));
    }
    return reference.appendTail(resolved).toString();
  }

  private String value(Matcher reference, Origin origin, String path) {
    if (reference.group().equals("$${")) {
      return "${";
    }
    String variable = reference.group(1);
    if (variable == null) {
      throw origin.wrong(path, "expected ${NAME} or ${NAME:-DEFAULT} after '$'; $${ stands for ${");
    }
    String set = environment.apply(variable);
    if (set != null && !set.isEmpty()) {
      return set;
    }
    if (reference.group(2) == null) {
      throw origin.wrong(path, "environment variable " + variable + " is not set");
    }
    return reference.group(2);
  }
}
