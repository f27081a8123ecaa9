package io.github.openaikserve.examples.server;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.examples.worker.LlamaCppWorker;
import io.github.openaikserve.examples.worker.WorkerDialect;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.grpc.GrpcBackendBuilder;
import io.github.openaikserve.http.OpenAiHandler;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The reference server's command line. */
@Command(
    name = "openai-kserve-server",
    mixinStandardHelpOptions = true,
    versionProvider = ServerVersion.class,
    sortOptions = false,
    description = {
      "Serves OpenAI's API over a KServe v2 model server.",
      "Without an endpoint it starts a llama.cpp worker of its own, with a small embedded model."
    })
public final class ServerCommand implements Callable<Integer> {
  private static final int ANYSERVE_STREAM_PORT_OFFSET = 100;
  private static final int MAX_PORT = 65535;
  private static final long MAX_MAX_BODY = 1L << 30;
  private static final int FAILED = 1;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Interface (${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "Port; 0 for any (${DEFAULT-VALUE}).")
  private int port = 8080;

  @Option(
      names = "--anyserve-endpoint",
      paramLabel = "HOST:PORT",
      description = "A running AnyServe.")
  private @Nullable String endpoint;

  @Option(
      names = "--anyserve-stream-endpoint",
      paramLabel = "HOST:PORT",
      description = "Its streaming port (found by itself: the same, or 100 further on).")
  private @Nullable String streamEndpoint;

  @Option(
      names = "--gguf",
      paramLabel = "FILE",
      description = "Another model for the embedded worker.")
  private @Nullable Path gguf;

  @Option(
      names = "--model-name",
      defaultValue = "llamacpp",
      description = "The name clients call the model by (${DEFAULT-VALUE}).")
  private String modelName = "llamacpp";

  @Option(
      names = "--chat-template",
      paramLabel = "NAME|FILE",
      description =
          "The form of the model's prompts: a name such as chatml, llama3 or qwen3, or the model's own"
              + " .jinja, tokenizer_config.json or .gguf file (the embedded worker's model's own,"
              + " plain for AnyServe).")
  private @Nullable String chatTemplate;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description = "A key that clients must bring; may be repeated. Also OPENAI_KSERVE_API_KEY.")
  private List<String> apiKeys = new ArrayList<>();

  @Option(
      names = "--max-body",
      defaultValue = "10485760",
      description = "Bytes (${DEFAULT-VALUE}).")
  private long maxBody = 10L << 20;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "The limit of one call (${DEFAULT-VALUE}).")
  private int timeout = 600;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long running requests may go on after SIGTERM (${DEFAULT-VALUE}).")
  private int grace = 10;

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
    check();
    Optional<ChatTemplate> chosen = chosenTemplate();
    List<String> keys = keys();
    try (var resources = new Resources()) {
      LlamaCppWorker worker = endpoint == null ? resources.add(start()) : null;
      ChatTemplate template =
          chosen.orElse(worker == null ? ChatTemplates.PLAIN : TemplateChoice.of(worker.gguf()));
      GrpcBackend backend = resources.add(backend(worker));
      OpenAiKServe openai =
          OpenAiKServe.builder(backend)
              .model(
                  modelName,
                  m ->
                      m.dialect(endpoint == null ? WorkerDialect.INSTANCE : Dialects.ANYSERVE)
                          .chatTemplate(template)
                          .timeout(Duration.ofSeconds(timeout)))
              .build();
      OpenAiHandler handler = openai.httpHandler();
      if (!keys.isEmpty()) {
        handler = new ApiKeyHandler(handler, keys);
      }
      ReferenceServer server =
          resources.add(
              ReferenceServer.start(
                  handler, new ServerOptions(host, port, maxBody, Duration.ofSeconds(grace))));
      announce(server.port(), !keys.isEmpty());
      waitForTheEnd(resources);
    }
    return 0;
  }

  private GrpcBackend backend(@Nullable LlamaCppWorker worker) {
    GrpcBackendBuilder backend = GrpcBackend.builder();
    if (worker != null) {
      return backend.target("127.0.0.1:" + worker.port()).build();
    }
    String target = Objects.requireNonNull(endpoint);
    backend.target(target);
    if (streamEndpoint != null) {
      backend.streamTarget(streamEndpoint);
    } else if (portOf(target) + ANYSERVE_STREAM_PORT_OFFSET <= MAX_PORT) {
      backend.streamPortOffset(ANYSERVE_STREAM_PORT_OFFSET);
    }
    return backend.build();
  }

  private LlamaCppWorker start() throws IOException {
    LlamaCppWorker.Builder worker = LlamaCppWorker.builder();
    if (gguf != null) {
      worker.gguf(gguf);
    }
    try {
      return worker.start();
    } catch (LinkageError e) {
      throw new IOException("llama.cpp does not run on this machine: " + e.getMessage(), e);
    }
  }

  private void check() {
    if (endpoint != null && gguf != null) {
      throw wrong("--gguf is for the embedded worker and does not go with --anyserve-endpoint");
    }
    if (endpoint == null && streamEndpoint != null) {
      throw wrong("--anyserve-stream-endpoint needs --anyserve-endpoint");
    }
    if (gguf != null && !(Files.isRegularFile(gguf) && Files.isReadable(gguf))) {
      throw wrong("--gguf: cannot read " + gguf);
    }
    if (modelName.isBlank()) {
      throw wrong("--model-name must not be empty");
    }
    if (port < 0 || port > MAX_PORT) {
      throw wrong("--port must be from 0 to 65535, was " + port);
    }
    if (maxBody < 1 || maxBody > MAX_MAX_BODY) {
      throw wrong("--max-body must be from 1 to " + MAX_MAX_BODY + ", was " + maxBody);
    }
    if (timeout < 1 || grace < 0) {
      throw wrong("--timeout must be positive, and --grace not negative");
    }
    checkEndpoint("--anyserve-endpoint", endpoint);
    checkEndpoint("--anyserve-stream-endpoint", streamEndpoint);
  }

  private void checkEndpoint(String option, @Nullable String value) {
    if (value == null) {
      return;
    }
    if (!value.matches("(\\[[0-9a-fA-F:.]+]|[^:/\\s]+):[0-9]{1,5}")) {
      throw wrong(option + ": expected HOST:PORT, got '" + value + "'");
    }
    if (portOf(value) < 1 || portOf(value) > MAX_PORT) {
      throw wrong(option + ": a port is from 1 to 65535, was " + portOf(value));
    }
  }

  private static int portOf(String checkedEndpoint) {
    return Integer.parseInt(checkedEndpoint.substring(checkedEndpoint.lastIndexOf(':') + 1));
  }

  /** The template that was asked for; empty when none was. */
  private Optional<ChatTemplate> chosenTemplate() {
    try {
      return chatTemplate == null
          ? Optional.empty()
          : Optional.of(TemplateChoice.named(chatTemplate));
    } catch (IllegalArgumentException e) {
      throw wrong("--chat-template: " + e.getMessage());
    }
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>(apiKeys);
    String fromEnvironment = System.getenv("OPENAI_KSERVE_API_KEY");
    if (fromEnvironment != null && !fromEnvironment.isBlank()) {
      keys.add(fromEnvironment.strip());
    }
    if (keys.stream().anyMatch(String::isBlank)) {
      throw wrong("--api-key must not be empty");
    }
    return keys;
  }

  private void announce(int actualPort, boolean keyNeeded) {
    PrintWriter out = command().getOut();
    String shownHost = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    String url = "http://" + (shownHost.contains(":") ? "[" + shownHost + "]" : shownHost);
    url += ":" + actualPort;
    out.println("openai-kserve listens on " + url + " and serves the model " + modelName);
    out.println("Try it:");
    out.println(
        "  curl "
            + url
            + "/v1/chat/completions"
            + (keyNeeded ? " -H 'Authorization: Bearer YOUR_KEY'" : "")
            + " -H 'Content-Type: application/json'"
            + " -d '{\"messages\":[{\"role\":\"user\",\"content\":\"Hello, how are you?\"}]}'");
    out.flush();
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

  private ParameterException wrong(String message) {
    return new ParameterException(command(), message);
  }

  private CommandLine command() {
    if (spec == null) {
      throw new IllegalStateException("runs only from the command line");
    }
    return spec.commandLine();
  }
}
