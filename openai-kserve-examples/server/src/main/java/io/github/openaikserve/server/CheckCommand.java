package io.github.openaikserve.server;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.options.Inputs;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine;

/** {@code check}: compares every model with its server's metadata. */
final class CheckCommand {
  private static final int BAD = 1;

  private CheckCommand() {}

  static int run(CommandLine command, Inputs inputs) throws IOException {
    ServerConfig config = Configuration.read(inputs).values();
    DisabledModels.requireOthers(config);
    try (var resources = new Resources()) {
      OpenAiKServe openai =
          Assembly.open(
              config, resources, new Backends(), new Watchers(resources.add(new Metrics())));
      List<String> disabled = DisabledModels.lines(config);
      disabled.forEach(command.getOut()::println);
      return StartCheck.print(openai, command.getOut()) && disabled.isEmpty() ? 0 : BAD;
    }
  }
}
