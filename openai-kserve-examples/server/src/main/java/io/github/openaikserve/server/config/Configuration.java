package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.ConfigException;
import io.github.openaikserve.server.options.Flag;
import io.github.openaikserve.server.options.Inputs;
import io.github.openaikserve.server.options.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A configuration with the source of each value. Immutable.
 *
 * @param values the values of all options
 * @param tree the values as they were written, with their places
 * @param file the configuration file; empty if there is none
 */
public record Configuration(ServerConfig values, Value tree, Optional<Path> file) {
  /** Returns the flags, in the order of {@code --help}. */
  public static List<Flag> flags() {
    return Stream.of(OneServer.OPTIONS, ServerConfig.OPTIONS)
        .flatMap(section -> Flag.of(section).stream())
        .toList();
  }

  /** Returns a warning for each environment variable that looks like a misspelled option. */
  public static List<String> misspelt(Inputs inputs) {
    return inputs.misspelt(OneServer.OPTIONS, ServerConfig.OPTIONS);
  }

  /**
   * Reads a configuration. Flags override variables, variables override the file, and the file
   * overrides defaults.
   *
   * @throws ConfigException if the configuration is invalid
   */
  public static Configuration read(Inputs inputs) {
    OneServer one = OneServer.OPTIONS.read(inputs.given(OneServer.OPTIONS));
    return of(inputs, one.config().map(inputs::file).orElseGet(one::tree), one.config());
  }

  /**
   * Reads a configuration from the text of a file.
   *
   * @throws ConfigException if the configuration is invalid
   */
  public static Configuration parse(Path file, String text, Map<String, String> environment) {
    var inputs = new Inputs(Map.of(), environment);
    return of(inputs, inputs.yaml(file, text), Optional.of(file));
  }

  private static Configuration of(Inputs inputs, Value below, Optional<Path> file) {
    Value tree = below.overlaid(inputs.given(ServerConfig.OPTIONS));
    return new Configuration(ServerConfig.OPTIONS.read(tree), tree, file);
  }

  /** Returns all options as YAML, each with the source of its value. */
  public String effective() {
    return ServerConfig.OPTIONS.effective(tree);
  }

  /** Returns the names of changed options that require a restart of the server. */
  public List<String> restarts(Configuration after) {
    return ServerConfig.OPTIONS.restarts(tree, after.tree);
  }
}
