package io.github.openaikserve.server.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** The file that is being read, and what its values may refer to. */
final class Source {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?})?");

  private final String name;
  private final Path directory;
  private final UnaryOperator<@Nullable String> environment;
  private final Set<String> knownKeys = new TreeSet<>();

  Source(String name, Path directory, UnaryOperator<@Nullable String> environment) {
    this.name = name;
    this.directory = directory;
    this.environment = environment;
  }

  /** A file that a value names, beside this one unless it is absolute. */
  Path file(String path) {
    return directory.resolve(path);
  }

  /** Remembers that a reader knows the key. */
  void known(String path) {
    knownKeys.add(path.replaceAll("\\[[0-9]+]", "[]"));
  }

  /** The keys that readers have asked for, such as {@code models[].id}. */
  Set<String> knownKeys() {
    return knownKeys;
  }

  /** A failure at a place of the file. */
  ConfigException wrong(Optional<Mark> mark, String path, String message) {
    String place = mark.map(m -> (m.getLine() + 1) + ":" + (m.getColumn() + 1) + ": ").orElse(" ");
    return new ConfigException(name + ":" + place + (path.isEmpty() ? "" : path + ": ") + message);
  }

  /** A text with the references to the environment replaced, as the server's page says. */
  String resolved(String text, Optional<Mark> mark, String path) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    Matcher reference = REFERENCE.matcher(text);
    var resolved = new StringBuilder();
    while (reference.find()) {
      reference.appendReplacement(resolved, Matcher.quoteReplacement(value(reference, mark, path)));
    }
    return reference.appendTail(resolved).toString();
  }

  private String value(Matcher reference, Optional<Mark> mark, String path) {
    if (reference.group().equals("$${")) {
      return "${";
    }
    String variable = reference.group(1);
    if (variable == null) {
      throw wrong(mark, path, "expected ${NAME} or ${NAME:-DEFAULT} after '$'; $${ stands for ${");
    }
    String set = environment.apply(variable);
    if (set != null && !set.isEmpty()) {
      return set;
    }
    if (reference.group(2) == null) {
      throw wrong(mark, path, "the environment has no " + variable);
    }
    return reference.group(2);
  }
}
