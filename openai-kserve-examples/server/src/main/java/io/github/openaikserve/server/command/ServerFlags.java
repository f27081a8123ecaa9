package io.github.openaikserve.server.command;

import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.options.Flag;
import io.github.openaikserve.server.options.Inputs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Adds the flags of the declared options to the command line, and reads them. */
final class ServerFlags {
  private ServerFlags() {}

  static void addTo(CommandSpec command) {
    Configuration.flags().forEach(flag -> command.addOption(option(flag)));
  }

  private static OptionSpec option(Flag flag) {
    if (flag.label().isEmpty()) {
      return valueless(flag.name(), flag.description());
    }
    OptionSpec.Builder option = option(flag.name(), flag.description());
    option.paramLabel(flag.label()).arity("1");
    return flag.repeated()
        ? option.type(List.class).auxiliaryTypes(String.class).build()
        : option.type(String.class).build();
  }

  static OptionSpec valueless(String name, String description) {
    return option(name, description).type(boolean.class).arity("0").build();
  }

  private static OptionSpec.Builder option(String name, String description) {
    return OptionSpec.builder(name).description(description.replace("%", "%%"));
  }

  /** Returns the flags that were given, and the environment. */
  static Inputs inputs(ParseResult parsed, Map<String, String> environment) {
    Map<String, List<String>> given = new LinkedHashMap<>();
    for (Flag flag : Configuration.flags()) {
      if (parsed.hasMatchedOption(flag.name())) {
        Object value = parsed.matchedOption(flag.name()).getValue();
        given.put(
            flag.name(),
            value instanceof List<?> several
                ? several.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(value)));
      }
    }
    return new Inputs(given, environment);
  }
}
