package io.github.openaikserve.server.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The flags and environment variables that set options. Flags override variables, and variables
 * override the file. Immutable.
 *
 * @param flags the values of each flag that was given; {@code true} for a flag without a value
 * @param environment the environment variables
 */
public record Inputs(Map<String, List<String>> flags, Map<String, String> environment) {
  private static final String VARIABLE = "OPENAI_KSERVE_";

  /** The value of a variable that Kubernetes sets for a service: {@code tcp://10.0.0.1:80}. */
  private static final String SERVICE_LINK = "(?:tcp|udp|sctp)://.*";

  /** Copies the maps. */
  public Inputs {
    flags = Map.copyOf(flags);
    environment = Map.copyOf(environment);
  }

  /**
   * Reads a YAML file.
   *
   * @throws ConfigException if the file cannot be read or is not a mapping
   */
  public Value file(Path file) {
    return yaml(file, YamlFile.content(file));
  }

  /** Reads a YAML text as the content of {@code file}. */
  public Value yaml(Path file, String text) {
    return new Value(YamlFile.read(file, text, environment::get), "", false);
  }

  /** Returns the values of a section's options that flags and variables set. */
  public Value given(Section<?> section) {
    Node.Mapping given = Node.Mapping.empty(Origin.DEFAULT);
    for (Flag.Target target : Flag.targets(section)) {
      String variable = environment.get(target.variable());
      if (variable != null && !variable.matches(SERVICE_LINK)) {
        put(given, target, List.of(variable), Origin.variable(target.variable()));
      }
    }
    for (Flag.Target target : Flag.targets(section)) {
      List<String> values = target.flag().isEmpty() ? null : flags.get(target.flag());
      if (values != null) {
        put(given, target, values, Origin.flag(target.flag()));
      }
    }
    return new Value(given, "", false);
  }

  private static void put(
      Node.Mapping root, Flag.Target target, List<String> values, Origin origin) {
    Node.Mapping section = root;
    String[] steps = target.path().split("\\.", -1);
    for (int i = 0; i < steps.length - 1; i++) {
      section = inner(section, steps[i], origin);
    }
    String key = steps[steps.length - 1];
    if (target.option().isMapping()) {
      Node.Mapping mapping = inner(section, key, origin);
      values.forEach(value -> entry(mapping, value, origin));
    } else {
      section.put(key, node(target, values, origin));
    }
  }

  private static Node.Mapping inner(Node.Mapping outer, String key, Origin origin) {
    Node.Entry entry = outer.entries().get(key);
    if (entry != null && entry.value() instanceof Node.Mapping mapping) {
      return mapping;
    }
    Node.Mapping mapping = Node.Mapping.empty(origin);
    outer.put(key, mapping);
    return mapping;
  }

  /** Adds {@code KEY=VALUE}; a variable can have several, separated by commas. */
  private static void entry(Node.Mapping mapping, String text, Origin origin) {
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw origin.wrong("", "expected KEY=VALUE, found '" + pair + "'");
      }
      String key = pair.substring(0, equals).strip();
      var place = new Origin(origin.kind(), origin.place() + " " + key, origin.base());
      mapping.put(key, Node.Scalar.of(pair.substring(equals + 1).strip(), place));
    }
  }

  private static Node node(Flag.Target target, List<String> values, Origin origin) {
    boolean ofFlag = origin.kind() == Origin.Kind.FLAG;
    if (!target.option().isList()) {
      boolean negation = ofFlag && target.isNegated();
      return Node.Scalar.of(negation ? "false" : values.get(values.size() - 1).strip(), origin);
    }
    // An API key may contain a comma.
    boolean split = !ofFlag && !target.option().setting().secret();
    List<String> all = new ArrayList<>();
    values.forEach(v -> all.addAll(split ? Arrays.asList(v.split(",", -1)) : List.of(v)));
    return new Node.Sequence(
        all.stream().<Node>map(text -> Node.Scalar.of(text.strip(), origin)).toList(), origin);
  }

  /** Returns a warning for each variable that is probably a misspelled option of these sections. */
  public List<String> misspelt(Section<?>... sections) {
    Set<String> known = new TreeSet<>();
    for (Section<?> section : sections) {
      Flag.targets(section).forEach(target -> known.add(target.variable()));
    }
    List<String> lines = new ArrayList<>();
    for (String name : new TreeSet<>(environment.keySet())) {
      Optional<String> near = Suggestions.to(name, known);
      if (name.startsWith(VARIABLE) && !known.contains(name) && near.isPresent()) {
        lines.add(
            "environment variable %s is unknown and ignored; did you mean %s?"
                .formatted(name, near.get()));
      }
    }
    return lines;
  }
}
