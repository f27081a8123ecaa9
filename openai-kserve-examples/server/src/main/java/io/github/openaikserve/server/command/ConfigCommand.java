package io.github.openaikserve.server.command;

import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.options.Inputs;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The command {@code config}: prints the effective configuration, or its JSON schema. */
final class ConfigCommand {
  private static final String SCHEMA = "--schema";

  private ConfigCommand() {}

  static void addTo(CommandSpec command) {
    command.addOption(
        OptionSpec.builder(SCHEMA)
            .type(boolean.class)
            .arity("0")
            .description("Print the JSON schema of the configuration file, for editors.")
            .build());
  }

  static int run(CommandLine command, Inputs inputs) {
    boolean schema = command.getParseResult().hasMatchedOption(SCHEMA);
    command
        .getOut()
        .print(schema ? ServerConfig.OPTIONS.jsonSchema() : Configuration.read(inputs).effective());
    command.getOut().flush();
    return 0;
  }
}
