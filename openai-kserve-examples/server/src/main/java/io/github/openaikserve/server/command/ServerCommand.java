package io.github.openaikserve.server.command;

import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.log.OutOfMemory;
import io.github.openaikserve.server.log.ServerLog;
import io.github.openaikserve.server.options.ConfigException;
import io.github.openaikserve.server.options.Inputs;
import io.github.openaikserve.server.options.Suggestions;
import io.github.openaikserve.server.service.ServerVersion;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The server's command line. Runs {@code serve} unless another command is named. */
public final class ServerCommand {
  private static final Logger log = LoggerFactory.getLogger(ServerCommand.class);
  private static final int FAILED = 1;
  private static final String HASH_API_KEY = "--hash-api-key";

  private interface Action {
    int run(CommandLine command, Inputs inputs) throws Exception;
  }

  private static final Duration FILE_CHECK = Duration.ofSeconds(1);

  private final Map<String, String> environment;
  private final ServeCommand serve;

  private ServerCommand(Map<String, String> environment, Duration fileCheck) {
    this.environment = environment;
    this.serve = new ServeCommand(fileCheck);
  }

  /** Runs a command; {@code serve} ends when the process receives a signal to end. */
  public static void main(String[] args) {
    OutOfMemory.watch();
    ServerLog.bridge();
    CommandLine command = commandLine();
    // The JVM would replace other characters where the locale is C, as in containers.
    System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
    command.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    command.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    int status = command.execute(args);
    ServerLog.close();
    // A native thread of llama.cpp would keep the process alive.
    System.exit(status);
  }

  static CommandLine commandLine() {
    return commandLine(System.getenv());
  }

  static CommandLine commandLine(Map<String, String> environment) {
    return commandLine(environment, FILE_CHECK);
  }

  /**
   * Returns the command line.
   *
   * @param fileCheck the interval at which a running server checks its configuration file for
   *     changes
   */
  static CommandLine commandLine(Map<String, String> environment, Duration fileCheck) {
    var commands = new ServerCommand(environment, fileCheck);
    CommandLine root =
        commands.command(
            "openai-kserve-server",
            commands::serveOrHashKey,
            "Serves OpenAI's API over KServe v2 model servers.",
            "Without --endpoint or --config, it starts an embedded llama.cpp worker with a small"
                + " model.");
    root.getCommandSpec()
        .addOption(
            ServerFlags.valueless(
                HASH_API_KEY,
                "Read an API key from the standard input and print its line for --api-key-file."))
        .usageMessage()
        .footer(
            "",
            "Every option has an environment variable, such as OPENAI_KSERVE_MAX_BODY for"
                + " --max-body. Flags override variables, and variables override the file.");
    commands.addTo(root, "serve", commands.serve::run, "Runs the server (the default command).");
    commands
        .addTo(
            root,
            "check",
            CheckCommand::run,
            "Asks every model server, and reports the dialect of each model and whether it"
                + " matches.",
            "Exits with 1 if a model differs from its server's metadata or cannot be served.")
        .addOption(ServerFlags.valueless(CheckCommand.JSON, "Print the report as JSON."));
    commands
        .addTo(
            root,
            "chat",
            ChatCommand::run,
            "Sends a prompt to a model and prints the answer as it streams. With --config, --model"
                + " chooses a model.")
        .addPositional(ChatCommand.PROMPT);
    commands
        .addTo(
            root,
            "config",
            ConfigCommand::run,
            "Prints the effective configuration as YAML, with the source of each value.")
        .addOption(
            ServerFlags.valueless(
                ConfigCommand.SCHEMA,
                "Print the JSON schema of the configuration file, for editors."));
    return root.setParameterExceptionHandler(ServerCommand::wrongUse)
        .setExecutionExceptionHandler(ServerCommand::failure);
  }

  private CommandSpec addTo(CommandLine root, String name, Action action, String... description) {
    CommandLine command = command(name, action, description);
    root.addSubcommand(command);
    return command.getCommandSpec();
  }

  private CommandLine command(String name, Action action, String... description) {
    var command = new CommandLine[1];
    Callable<Integer> callable = () -> run(command[0], action);
    CommandSpec spec = CommandSpec.wrapWithoutInspection(callable).name(name);
    spec.mixinStandardHelpOptions(true);
    spec.version("openai-kserve-server " + ServerVersion.number());
    spec.usageMessage().description(description).sortOptions(false);
    ServerFlags.addTo(spec);
    command[0] = new CommandLine(spec);
    return command[0];
  }

  private int run(CommandLine command, Action action) throws Exception {
    ParseResult parsed = command.getParseResult();
    Inputs inputs = ServerFlags.inputs(parsed, environment);
    Configuration.misspelt(inputs).forEach(line -> log.warn("{}", line));
    try {
      return action.run(command, inputs);
    } catch (ConfigException e) {
      command.getErr().println(line(e));
      return command.getCommandSpec().exitCodeOnInvalidInput();
    }
  }

  private static String line(ConfigException e) {
    return "error: " + e.getMessage() + (e.isOfFlags() ? " (--help lists the options)" : "");
  }

  private int serveOrHashKey(CommandLine command, Inputs inputs) throws Exception {
    return command.getParseResult().hasMatchedOption(HASH_API_KEY)
        ? HashKey.run(command)
        : serve.run(command, inputs);
  }

  private static int wrongUse(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    String near =
        wrong instanceof UnmatchedArgumentException unmatched
            ? Suggestions.to(unmatched.getUnmatched().get(0), names(command.getCommandSpec()))
                .map(meant -> "; did you mean '" + meant + "'?")
                .orElse("")
            : "";
    command.getErr().println("error: " + wrong.getMessage() + near + " (--help lists the options)");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** Returns the options of a command and its commands. */
  private static Set<String> names(CommandSpec command) {
    Set<String> names = new LinkedHashSet<>(command.optionsMap().keySet());
    names.addAll(command.subcommands().keySet());
    return names;
  }

  private static int failure(Exception failure, CommandLine command, ParseResult parsed) {
    String message = failure.getMessage();
    command.getErr().println("error: " + (message == null ? failure : message));
    return FAILED;
  }
}
