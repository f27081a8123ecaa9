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
 * A configuration that was read, with the place of each value. Immutable.
 *
 * @param file the file that was read; empty if there is none
 */
public record Configuration(ServerConfig values, Value tree, Optional<Path> file) {
  /** Returns the flags, in the order of {@code --help}. */
  public static List<Flag> flags() {
    return Stream.of(OneServer.OPTIONS, ServerConfig.OPTIONS)
        .flatMap(section -> Flag.of(section).stream())
        .toList();
  }

  /** Returns a line for each variable that looks like a misspelt one. */
  public static List<String> misspelt(Inputs inputs) {
    return inputs.misspelt(OneServer.OPTIONS, ServerConfig.OPTIONS);
  }

  /**
   * Reads a configuration: flags before variables, before the file, before defaults.
   *
   * @throws ConfigException if the configuration is invalid
   */
  public static Configuration read(Inputs inputs) {
    OneServer one = OneServer.OPTIONS.read(inputs.given(OneServer.OPTIONS));
    return of(inputs, one.config().map(inputs::file).orElseGet(one::tree), one.config());
  }

  /**
   * Reads the text of a file.
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

  /** Returns all options as YAML, each with the place that its value comes from. */
  public String effective() {
    return ServerConfig.OPTIONS.effective(tree);
  }

  /** Returns the names of the options that differ and need a restart. */
  public List<String> restarts(Configuration after) {
    return ServerConfig.OPTIONS.restarts(tree, after.tree);
  }
}
