package io.github.openaikserve.server;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.server.config.ClientRules;
import io.github.openaikserve.server.config.ConfigException;
import io.github.openaikserve.server.config.ListenConfig;
import io.github.openaikserve.server.config.ModelConfig;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.config.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The reference server's command line. */
@Command(
    name = "openai-kserve-server",
    mixinStandardHelpOptions = true,
    versionProvider = ServerVersion.class,
    sortOptions = false,
    description = {
      "Serves OpenAI's API over KServe v2 model servers.",
      "Without an endpoint it starts a llama.cpp worker of its own, with a small embedded model."
    })
public final class ServerCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  /** How long the start waits for the names of discovered models, for the example it prints. */
  private static final Duration LIST_WAIT = Duration.ofSeconds(2);

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ServerFlags flags = new ServerFlags();

  /** Runs until the process is asked to end. */
  public static void main(String[] args) {
    int status = commandLine().execute(args);
    // llama.cpp leaves a native thread behind that would keep the process alive.
    System.exit(status);
  }

  static CommandLine commandLine() {
    return new CommandLine(new ServerCommand())
        .setParameterExceptionHandler(
            (wrong, arguments) -> {
              CommandLine command = wrong.getCommandLine();
              command
                  .getErr()
                  .println("error: " + wrong.getMessage() + " (--help names the flags)");
              return command.getCommandSpec().exitCodeOnInvalidInput();
            })
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              String message = failure.getMessage();
              command.getErr().println("error: " + (message == null ? failure : message));
              return FAILED;
            });
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (flags.hashesKey()) {
      return hashKey();
    }
    ServerConfig config = config();
    DisabledModels.requireOthers(config);
    try (var resources = new Resources()) {
      Metrics metrics = resources.add(new Metrics());
      var front = new Front(config, front(), resources, metrics);
      OpenAiKServe openai = Assembly.open(config, resources, front);
      if (flags.checksOnly()) {
        List<String> disabled = DisabledModels.lines(config);
        disabled.forEach(command().getOut()::println);
        return StartCheck.print(openai, command().getOut()) && disabled.isEmpty() ? 0 : FAILED;
      }
      DisabledModels.report(config);
      StartCheck.run(config.check(), openai);
      OpenAiHandler handler = front.limited(openai);
      Service service = config.listen().clients().service();
      if (service.metricsPort().isPresent()) {
        resources.add(
            ReferenceServer.start(
                MetricsHandler.alone(handler, metrics),
                new ServerOptions(
                    service.metricsHost(),
                    service.metricsPort().get(),
                    config.listen().maxBody(),
                    Duration.ZERO)));
      } else {
        handler = MetricsHandler.beside(handler, metrics);
      }
      ReferenceServer server =
          resources.add(ReferenceServer.start(front.around(handler), options(config)));
      // Also so that what cannot be discovered is in the log.
      List<String> discovered = config.discoveries().isEmpty() ? List.of() : listed(openai);
      announce(config, front, server.port(), discovered);
      waitForTheEnd(resources);
    }
    return 0;
  }

  /** From the standard input: what is on a command line, others see. */
  private int hashKey() throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String key = in.readLine();
    if (key == null || key.isBlank()) {
      throw new ParameterException(command(), "--hash-api-key reads a key from the standard input");
    }
    command().getOut().println(ApiKeyDigest.of(key.strip()));
    command().getOut().flush();
    return 0;
  }

  private ServerConfig config() {
    try {
      return flags.toConfig();
    } catch (ConfigException e) {
      throw new ParameterException(command(), String.valueOf(e.getMessage()), e);
    }
  }

  private Front.Options front() {
    try {
      return flags.front();
    } catch (ConfigException e) {
      throw new ParameterException(command(), String.valueOf(e.getMessage()), e);
    }
  }

  private static ServerOptions options(ServerConfig config) {
    ListenConfig listen = config.listen();
    ClientRules clients = listen.clients();
    ServerTls tls =
        clients.certificates().isPresent() && clients.key().isPresent()
            ? new ServerTls(
                clients.certificates().get(),
                clients.key().get(),
                clients.clientAuthorities().orElse(null),
                clients.certificateCheck())
            : null;
    return new ServerOptions(
        listen.host(),
        listen.port(),
        listen.maxBody(),
        listen.grace(),
        listen.patience(),
        clients.stall(),
        clients.shutdownDelay(),
        clients.maxConnections(),
        tls,
        clients.corsOrigins(),
        listen.limits().headers());
  }

  /** Returns the ids of the models that can be served; none if their servers take too long. */
  private static List<String> listed(OpenAiKServe openai) {
    return openai
        .models()
        .listAsync()
        .thenApply(list -> list.data().stream().map(Model::id).toList())
        .completeOnTimeout(List.of(), LIST_WAIT.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private void announce(ServerConfig config, Front front, int actualPort, List<String> discovered) {
    PrintWriter out = command().getOut();
    String host = config.listen().host();
    String shownHost = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    String scheme = config.listen().clients().certificates().isPresent() ? "https" : "http";
    String url = scheme + "://" + (shownHost.contains(":") ? "[" + shownHost + "]" : shownHost);
    url += ":" + actualPort;
    List<String> models = config.models().stream().map(ModelConfig::id).toList();
    out.println(
        "openai-kserve listens on "
            + url
            + " and serves "
            + (models.isEmpty()
                ? ""
                : (models.size() == 1 ? "the model " : "the models ") + String.join(", ", models))
            + (models.isEmpty() || config.discoveries().isEmpty() ? "" : " and ")
            + (config.discoveries().isEmpty() ? "" : "all that is discovered"));
    if (front.servesPage()) {
      out.println("Chat and status in a browser: " + url + "/");
    }
    out.println("Try it:");
    out.println(
        "  curl "
            + url
            + "/v1/chat/completions"
            + (!front.needsKey() ? "" : " -H 'Authorization: Bearer YOUR_KEY'")
            + " -H 'Content-Type: application/json'"
            + " -d '{"
            + (models.isEmpty() ? "\"model\":\"" + example(discovered) + "\"," : "")
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello, how are you?\"}]}'");
    out.flush();
  }

  /** Without a configured model, a request has to name one. */
  private static String example(List<String> discovered) {
    return discovered.isEmpty() ? "MODEL" : discovered.get(0);
  }

  private static void waitForTheEnd(Resources resources) throws InterruptedException {
    var asked = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  resources.close();
                  asked.countDown();
                },
                "shutdown"));
    asked.await();
  }

  private CommandLine command() {
    if (spec == null) {
      throw new IllegalStateException("runs only from the command line");
    }
    return spec.commandLine();
  }
}
