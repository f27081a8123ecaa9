package io.github.openaikserve.server.command;

import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.options.Inputs;
import picocli.CommandLine;

/** The command {@code config}: prints the effective configuration, or its JSON schema. */
final class ConfigCommand {
  static final String SCHEMA = "--schema";

  private ConfigCommand() {}

  static int run(CommandLine command, Inputs inputs) {
    boolean schema = command.getParseResult().hasMatchedOption(SCHEMA);
    command
        .getOut()
        .print(schema ? ServerConfig.OPTIONS.jsonSchema() : Configuration.read(inputs).effective());
    return command.getOut().checkError() ? 1 : 0;
  }
}
