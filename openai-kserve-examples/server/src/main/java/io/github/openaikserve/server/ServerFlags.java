package io.github.openaikserve.server;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.server.config.BackendConfig;
import io.github.openaikserve.server.config.ChatConfig;
import io.github.openaikserve.server.config.CheckMode;
import io.github.openaikserve.server.config.ClientRules;
import io.github.openaikserve.server.config.ConfigException;
import io.github.openaikserve.server.config.ConfigFile;
import io.github.openaikserve.server.config.DiscoverConfig;
import io.github.openaikserve.server.config.InputWords;
import io.github.openaikserve.server.config.ListenConfig;
import io.github.openaikserve.server.config.ModelConfig;
import io.github.openaikserve.server.config.ModelConstants;
import io.github.openaikserve.server.config.Patience;
import io.github.openaikserve.server.config.Reach;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.config.Service;
import io.github.openaikserve.server.config.TemplateChoice;
import io.github.openaikserve.server.limits.LimitOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be said on the command line: all for one model, or where the configuration is. */
final class ServerFlags {
  private static final int ANYSERVE_STREAM_PORT_OFFSET = 100;
  private static final ConcurrencyLimit ANYSERVE_LIMIT =
      ConcurrencyLimit.builder().max(10).queue(1024).build();
  private static final String BACKEND = "backend";
  private static final String MODEL = "llamacpp";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A YAML file that says all of this, for any number of models and servers.")
  private @Nullable Path config;

  @Option(
      names = "--check",
      description = "Ends after holding every model against what its server declares.")
  private boolean checksOnly;

  @Option(names = "--host", description = "Interface (127.0.0.1).")
  private @Nullable String host;

  @Option(names = "--port", description = "Port; 0 for any (8080).")
  private @Nullable Integer port;

  @Option(
      names = "--endpoint",
      paramLabel = "TARGET",
      description =
          "A running model server: HOST:PORT, several with commas between, or dns:///NAME:PORT for"
              + " all addresses of a name.")
  private @Nullable String endpoint;

  @Option(
      names = "--stream-endpoint",
      paramLabel = "TARGET",
      description = "Where its streams go (the same).")
  private @Nullable String streamEndpoint;

  @Option(
      names = "--dialect",
      paramLabel = "NAME",
      description = "How it speaks, such as triton-vllm or anyserve (auto: it is asked).")
  private @Nullable String dialect;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "What it calls the model (all of its models are served).")
  private @Nullable String model;

  @Option(
      names = "--anyserve-endpoint",
      paramLabel = "HOST:PORT",
      description =
          "Connect to a running AnyServe: its dispatcher, or anyserve://HOST:PORT?type=generate&model="
              + "NAME for the replicas in its registry. At most 10 calls run at once.")
  private @Nullable String anyServe;

  @Option(
      names = "--anyserve-stream-endpoint",
      paramLabel = "HOST:PORT",
      description = "Its streaming port (found by itself: the same, or 100 further on).")
  private @Nullable String anyServeStreams;

  @Option(
      names = "--gguf",
      paramLabel = "FILE",
      description = "Another model for the embedded worker.")
  private @Nullable Path gguf;

  @Option(
      names = "--model-name",
      description = "The name clients call the model by (that of --model, else llamacpp).")
  private @Nullable String modelName;

  @Option(
      names = "--chat-template",
      paramLabel = "NAME|FILE",
      description =
          "The form of the model's prompts: a name such as chatml, llama3 or qwen3, or the model's own"
              + " .jinja, tokenizer_config.json or .gguf file (the embedded worker's model's own,"
              + " plain for another server).")
  private @Nullable String chatTemplate;

  @Option(
      names = "--no-emulate-response-format",
      description =
          "Refuse a response_format that the model server cannot enforce (the model is asked for it,"
              + " and its answer is checked).")
  private boolean refusesResponseFormat;

  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      description =
          "Tokens of prompt and answer together in the embedded worker (what its model was trained"
              + " with, as far as 4 GiB hold it).")
  private @Nullable Integer context;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description = "A key that clients must bring; may be repeated. Also OPENAI_KSERVE_API_KEY.")
  private List<String> apiKeys = new ArrayList<>();

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "A file of keys, as --hash-api-key writes them; changes hold at once.")
  private @Nullable Path apiKeyFile;

  @Option(
      names = "--operator-key",
      paramLabel = "KEY",
      description =
          "A key that may also read /status; may be repeated. Also OPENAI_KSERVE_OPERATOR_KEY.")
  private List<String> operatorKeys = new ArrayList<>();

  @Option(names = "--no-ui", description = "Serves no page at / (it is served).")
  private boolean noPage;

  @Option(
      names = "--hash-api-key",
      description = "Reads a key from the standard input and writes its line for --api-key-file.")
  private boolean hashApiKey;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "The server's certificates in PEM; changes hold within a minute.")
  private @Nullable Path certificates;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its key in PEM (PKCS #8).")
  private @Nullable Path key;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = "Lets in only clients with a certificate of these authorities.")
  private @Nullable Path clientAuthorities;

  @Option(
      names = "--cors-origin",
      paramLabel = "ORIGIN",
      description = "Whose web pages may read answers; may be repeated (none).")
  private List<String> origins = new ArrayList<>();

  @Option(
      names = "--stall",
      paramLabel = "SECONDS",
      description = "How long a client may take nothing of its answer (60).")
  private @Nullable Integer stall;

  @Option(
      names = "--shutdown-delay",
      paramLabel = "SECONDS",
      description = "How long requests are taken after SIGTERM, while it is not ready (0).")
  private @Nullable Integer shutdownDelay;

  @Option(
      names = "--max-connections",
      paramLabel = "NUMBER",
      description = "More are hung up on (10000).")
  private @Nullable Integer maxConnections;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Where metrics are, on 127.0.0.1 and without a key (/metrics beside the rest).")
  private @Nullable Integer metricsPort;

  @Option(names = "--max-body", paramLabel = "BYTES", description = "Bytes (10485760).")
  private @Nullable Long maxBody;

  @Option(
      names = "--limit",
      paramLabel = "WHAT=NUMBER",
      description =
          "How much a request may hold, such as messages=256, tools=64, depth=50 or string=1048576;"
              + " may be repeated. Also headers, digits, nodes, numbers, prompts, metadata,"
              + " logit_bias, stop, stop_length, choices, all_choices, inputs, generated_text.")
  private Map<String, Integer> limits = new LinkedHashMap<>();

  @Option(names = "--timeout", paramLabel = "SECONDS", description = "The limit of one call (600).")
  private @Nullable Integer timeout;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      description = "How long running requests may go on after SIGTERM (10).")
  private @Nullable Integer grace;

  /** Whether nothing is to be served. */
  boolean checksOnly() {
    return checksOnly;
  }

  /** Returns the options of what surrounds the API. */
  Front.Options front() {
    List<String> keys = new ArrayList<>(operatorKeys);
    String fromEnvironment = System.getenv("OPENAI_KSERVE_OPERATOR_KEY");
    if (fromEnvironment != null && !fromEnvironment.isBlank()) {
      keys.add(fromEnvironment.strip());
    }
    if (keys.stream().anyMatch(String::isBlank)) {
      throw new ConfigException("--operator-key must not be empty");
    }
    return new Front.Options(!noPage, keys, LimitOptions.DEFAULT);
  }

  /**
   * What is to be served.
   *
   * @throws ConfigException if the flags contradict each other, or the file cannot be meant
   */
  ServerConfig toConfig() {
    ServerConfig said = config == null ? ofFlags() : ofFile(config);
    return said.withListen(listen(said.listen())).withApiKeys(keys(said.apiKeys()));
  }

  private ServerConfig ofFile(Path file) {
    Map<String, @Nullable Object> contradicting = new LinkedHashMap<>();
    contradicting.put("--endpoint", endpoint);
    contradicting.put("--stream-endpoint", streamEndpoint);
    contradicting.put("--dialect", dialect);
    contradicting.put("--model", model);
    contradicting.put("--anyserve-endpoint", anyServe);
    contradicting.put("--anyserve-stream-endpoint", anyServeStreams);
    contradicting.put("--gguf", gguf);
    contradicting.put("--model-name", modelName);
    contradicting.put("--chat-template", chatTemplate);
    contradicting.put("--timeout", timeout);
    contradicting.put("--context", context);
    contradicting.put("--no-emulate-response-format", refusesResponseFormat ? true : null);
    contradicting.forEach(
        (flag, value) -> {
          if (value != null) {
            throw new ConfigException(flag + " does not go with --config, which says all of this");
          }
        });
    return ConfigFile.read(file, System::getenv);
  }

  private ServerConfig ofFlags() {
    BackendConfig backend = backend();
    Optional<Dialect> spoken = dialect();
    boolean detects = endpoint != null && spoken.isEmpty();
    ChatConfig chat = ChatConfig.of(template()).withEmulatedResponseFormat(!refusesResponseFormat);
    Patience patience =
        Patience.NONE.withTotal(
            Duration.ofSeconds(timeout == null ? 600 : atLeast(1, "--timeout", timeout)));
    boolean all = detects && model == null && modelName == null;
    var one =
        new ModelConfig(
            name(),
            List.of(),
            BACKEND,
            spoken,
            detects,
            Optional.empty(),
            Optional.ofNullable(model),
            Optional.empty(),
            chat,
            patience,
            Optional.empty(),
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            ModelConstants.NONE,
            true);
    return new ServerConfig(
        ListenConfig.DEFAULT,
        List.of(),
        List.of(backend),
        all ? List.of() : List.of(one),
        all ? List.of(new DiscoverConfig(BACKEND, chat, patience)) : List.of(),
        CheckMode.OFF);
  }

  private String name() {
    String name = modelName != null ? modelName : model != null ? model : MODEL;
    if (name.isBlank()) {
      throw new ConfigException("--model-name must not be empty");
    }
    return name;
  }

  private Optional<Dialect> dialect() {
    if (anyServe != null) {
      return Optional.of(Dialects.ANYSERVE);
    }
    if (endpoint == null || dialect == null || dialect.equals("auto")) {
      return Optional.empty();
    }
    String name = dialect;
    return Optional.of(
        Dialects.byName(name)
            .orElseThrow(
                () ->
                    new ConfigException(
                        "--dialect: there is no '%s', only %s"
                            .formatted(name, Dialects.names().toList()))));
  }

  private BackendConfig backend() {
    if (anyServeStreams != null && anyServe == null) {
      throw new ConfigException("--anyserve-stream-endpoint needs --anyserve-endpoint");
    }
    if (anyServe != null) {
      alone("--anyserve-endpoint", "--endpoint", endpoint);
      alone("--anyserve-endpoint", "--dialect", dialect);
      return anyServe(anyServe);
    }
    if (endpoint != null) {
      alone("--endpoint", "--gguf", gguf);
      alone("--endpoint", "--context", context);
      BackendConfig.Remote remote =
          BackendConfig.Remote.of(BACKEND, endpoint)
              .withStreams(Optional.ofNullable(streamEndpoint), 0);
      return endpoint.contains(",")
          ? remote.withReach(Reach.of(List.of(endpoint.split(","))))
          : remote;
    }
    alone("the embedded worker", "--dialect", dialect);
    alone("the embedded worker", "--stream-endpoint", streamEndpoint);
    alone("the embedded worker", "--model", model);
    if (gguf != null && !(Files.isRegularFile(gguf) && Files.isReadable(gguf))) {
      throw new ConfigException("--gguf: cannot read " + gguf);
    }
    return new BackendConfig.Embedded(
        BACKEND,
        Optional.ofNullable(gguf),
        Optional.ofNullable(context).map(tokens -> atLeast(1, "--context", tokens)));
  }

  private BackendConfig anyServe(String target) {
    alone("--anyserve-endpoint", "--gguf", gguf);
    alone("--anyserve-endpoint", "--context", context);
    if (target.startsWith("anyserve://")) {
      alone("a registry", "--anyserve-stream-endpoint", anyServeStreams);
      return limited(BackendConfig.Remote.of(BACKEND, target));
    }
    checkHostAndPort("--anyserve-endpoint", target);
    if (anyServeStreams != null) {
      checkHostAndPort("--anyserve-stream-endpoint", anyServeStreams);
    }
    boolean further = portOf(target) + ANYSERVE_STREAM_PORT_OFFSET <= ListenConfig.MAX_PORT;
    return limited(
        BackendConfig.Remote.of(BACKEND, target)
            .withStreams(
                Optional.ofNullable(anyServeStreams),
                anyServeStreams == null && further ? ANYSERVE_STREAM_PORT_OFFSET : 0));
  }

  /** AnyServe's worker runs ten calls at once, whatever their kind; more fail, or wait unseen. */
  private static BackendConfig limited(BackendConfig.Remote remote) {
    return remote.withReach(Reach.DEFAULT.withLimit(ANYSERVE_LIMIT));
  }

  private static void alone(String what, String flag, @Nullable Object value) {
    if (value != null) {
      throw new ConfigException(flag + " does not go with " + what);
    }
  }

  private static void checkHostAndPort(String flag, String value) {
    if (!value.matches("(\\[[0-9a-fA-F:.]+]|[^:/\\s]+):[0-9]{1,5}")) {
      throw new ConfigException(flag + ": expected HOST:PORT, got '" + value + "'");
    }
    if (portOf(value) < 1 || portOf(value) > ListenConfig.MAX_PORT) {
      throw new ConfigException(flag + ": a port is from 1 to 65535, was " + portOf(value));
    }
  }

  private static int portOf(String hostAndPort) {
    return Integer.parseInt(hostAndPort.substring(hostAndPort.lastIndexOf(':') + 1));
  }

  private Optional<ChatTemplate> template() {
    try {
      return Optional.ofNullable(chatTemplate).map(TemplateChoice::named);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--chat-template: " + e.getMessage());
    }
  }

  private ListenConfig listen(ListenConfig said) {
    if (port != null && (port < 0 || port > ListenConfig.MAX_PORT)) {
      throw new ConfigException("--port must be from 0 to 65535, was " + port);
    }
    if (maxBody != null && (maxBody < 1 || maxBody > ListenConfig.MAX_MAX_BODY)) {
      throw new ConfigException(
          "--max-body must be from 1 to " + ListenConfig.MAX_MAX_BODY + ", was " + maxBody);
    }
    return new ListenConfig(
        host == null ? said.host() : host,
        port == null ? said.port() : port,
        maxBody == null ? said.maxBody() : maxBody,
        grace == null ? said.grace() : Duration.ofSeconds(atLeast(0, "--grace", grace)),
        said.patience(),
        clients(said.clients()),
        InputWords.replaced(said.limits(), limits));
  }

  private ClientRules clients(ClientRules said) {
    try {
      return new ClientRules(
          stall == null ? said.stall() : Duration.ofSeconds(atLeast(1, "--stall", stall)),
          shutdownDelay == null
              ? said.shutdownDelay()
              : Duration.ofSeconds(atLeast(0, "--shutdown-delay", shutdownDelay)),
          maxConnections == null
              ? said.maxConnections()
              : atLeast(1, "--max-connections", maxConnections),
          origins.isEmpty() ? said.corsOrigins() : origins,
          Optional.ofNullable(apiKeyFile).or(said::apiKeyFile),
          Optional.ofNullable(certificates).or(said::certificates),
          Optional.ofNullable(key).or(said::key),
          Optional.ofNullable(clientAuthorities).or(said::clientAuthorities),
          said.certificateCheck(),
          service(said.service()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  private Service service(Service said) {
    return metricsPort == null
        ? said
        : new Service(
            said.keepAlive(),
            said.abortFailedStreams(),
            said.forwardHeaders(),
            said.affinityHeader(),
            Optional.of(metricsPort),
            said.metricsHost());
  }

  /** Whether it is only a key that is to be hashed. */
  boolean hashesKey() {
    return hashApiKey;
  }

  private static int atLeast(int least, String flag, int value) {
    if (value < least) {
      throw new ConfigException(
          flag + (least == 0 ? " must not be negative" : " must be positive"));
    }
    return value;
  }

  private List<String> keys(List<String> said) {
    List<String> keys = new ArrayList<>(said);
    keys.addAll(apiKeys);
    String fromEnvironment = System.getenv("OPENAI_KSERVE_API_KEY");
    if (fromEnvironment != null && !fromEnvironment.isBlank()) {
      keys.add(fromEnvironment.strip());
    }
    if (keys.stream().anyMatch(String::isBlank)) {
      throw new ConfigException("--api-key must not be empty");
    }
    return keys;
  }
}
