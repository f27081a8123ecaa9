package io.github.openaikserve.server;

import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.ModelRoute;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.grpc.GrpcBackendBuilder;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.LimitedBackend;
import io.github.openaikserve.server.config.BackendConfig;
import io.github.openaikserve.server.config.ChatConfig;
import io.github.openaikserve.server.config.ConstantTensor;
import io.github.openaikserve.server.config.CredentialsConfig;
import io.github.openaikserve.server.config.DialectChoice;
import io.github.openaikserve.server.config.DiscoverConfig;
import io.github.openaikserve.server.config.ListenConfig;
import io.github.openaikserve.server.config.ModelConfig;
import io.github.openaikserve.server.config.ResilienceConfig;
import io.github.openaikserve.server.config.RouteConfig;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.config.TemplateChoice;
import io.github.openaikserve.server.config.TimeoutConfig;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** Opens what a configuration asks for. */
final class Assembly {
  /** A backend, the embedded worker behind it if there is one, and its own time limits. */
  private record Opened(
      InferenceBackend backend, Optional<EmbeddedWorker> worker, BackendConfig config) {
    Optional<ChatTemplate> template() {
      return worker.map(running -> TemplateChoice.of(running.gguf()));
    }
  }

  private final Resources resources;
  private final Map<String, Opened> backends = new HashMap<>();

  private final Watchers watchers;

  private Assembly(Resources resources, Watchers watchers) {
    this.resources = resources;
    this.watchers = watchers;
  }

  /**
   * The models of a configuration, ready to be served.
   *
   * @param resources gets what has to be closed
   * @param watchers receive what happens to calls and backends
   * @throws IOException if the embedded worker does not start
   */
  static OpenAiKServe open(ServerConfig config, Resources resources, Watchers watchers)
      throws IOException {
    var assembly = new Assembly(resources, watchers);
    for (BackendConfig backend : config.backends()) {
      assembly.backends.put(backend.name(), assembly.open(backend));
    }
    ListenConfig server = config.server();
    OpenAiKServe.Builder openai =
        OpenAiKServe.builder()
            .listener(watchers.metrics().listener())
            .listener(watchers.status().listener())
            .listener(watchers.limits().listener())
            .requestLimits(server.limits().toRequestLimits())
            .keepAlive(server.keepAlive())
            .abortFailedStreams(server.abortFailedStreams())
            .forwardHeaders(server.forwardHeaders().toArray(String[]::new));
    server.affinityHeader().ifPresent(openai::affinityHeader);
    assembly.addModels(config, openai);
    for (RouteConfig route : config.routes()) {
      openai.route(route.id(), builder -> configure(builder, route));
    }
    for (DiscoverConfig discovery : config.discover()) {
      if (discovery.chat().unusable().isPresent()) {
        continue;
      }
      openai.discover(
          assembly.opened(config, discovery.backend()).backend(),
          m -> assembly.configure(m, discovery, config));
    }
    return openai.build();
  }

  /** A request for a model that is disabled must not reach another one. */
  private void addModels(ServerConfig config, OpenAiKServe.Builder openai) {
    ModelConfig byDefault =
        config.models().stream()
            .filter(ModelConfig::isDefault)
            .findFirst()
            .orElse(config.models().isEmpty() ? null : config.models().get(0));
    for (ModelConfig model : config.models()) {
      boolean disabled = model.chat().unusable().isPresent(); // see DisabledModels
      if (!disabled) {
        openai.model(model.id(), m -> configure(m, model, config));
      }
      if (model.equals(byDefault)) {
        if (disabled) {
          openai.withoutDefaultModel();
        } else {
          openai.defaultModel(model.id());
        }
      }
    }
  }

  private Opened open(BackendConfig backend) throws IOException {
    if (backend.worker().embedded()) {
      EmbeddedWorker worker = resources.add(start(backend.worker()));
      return new Opened(
          watched(backend.name(), GrpcBackend.connect(worker.target())),
          Optional.of(worker),
          backend);
    }
    return new Opened(
        limited(backend, watched(backend.name(), connect(backend))), Optional.empty(), backend);
  }

  private BalancedBackend watched(String name, BalancedBackend backend) {
    watchers.metrics().listener().watch(name, backend);
    watchers.status().watch(name, backend);
    return resources.add(backend);
  }

  /** The limit is outside: a call that waits for its turn says nothing about the server. */
  private InferenceBackend limited(BackendConfig config, InferenceBackend backend) {
    Optional<ResilienceConfig.Limit> limit = config.resilience().limit();
    if (limit.isEmpty()) {
      return backend;
    }
    LimitedBackend limited = LimitedBackend.around(backend, limit.get().limit());
    watchers.metrics().listener().watch(config.name(), limited);
    watchers.status().watch(config.name(), limited);
    return limited;
  }

  private static EmbeddedWorker start(BackendConfig.Worker embedded) throws IOException {
    return ServiceLoader.load(EmbeddedWorker.Provider.class)
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    "this server has no embedded worker: put openai-kserve-llamacpp-worker.jar in"
                        + " the same folder, or name a model server with --endpoint"))
        .start(new EmbeddedWorker.Settings(embedded.gguf(), embedded.context()));
  }

  private static BalancedBackend connect(BackendConfig config) {
    // Nothing here blocks: bytes are handed to the event loop of the client's connection.
    GrpcBackendBuilder backend = GrpcBackend.builder().directExecutor();
    address(backend, config.address());
    credentials(backend, config.credentials());
    config.timeouts().timeout().ifPresent(backend::timeout);
    BackendConfig.Connection connection = config.connection();
    connection.keepAlive().ifPresent(backend::keepAlive);
    connection.maxMessageSize().ifPresent(backend::maxMessageSize);
    connection.connectTimeout().ifPresent(backend::connectTimeout);
    connection.connections().ifPresent(backend::connections);
    connection
        .compression()
        .ifPresent(algorithm -> backend.compression(algorithm.name().toLowerCase(Locale.ROOT)));
    ResilienceConfig resilience = config.resilience();
    return backend
        .balanced()
        .name(config.name())
        .balancing(resilience.balancing())
        .circuitBreaker(resilience.circuitBreaker().policy())
        .healthCheck(resilience.healthCheck().policy())
        .retries(resilience.retries().policy())
        .build();
  }

  private static void address(GrpcBackendBuilder backend, BackendConfig.Address address) {
    address.target().ifPresentOrElse(backend::target, () -> backend.targets(address.targets()));
    address.streamTarget().ifPresent(backend::streamTarget);
    address.streamPortOffset().ifPresent(backend::streamPortOffset);
    address.service().ifPresent(backend::service);
  }

  private static void credentials(GrpcBackendBuilder backend, CredentialsConfig credentials) {
    credentials
        .tls()
        .ifPresent(tls -> tls.trustedCertificates().ifPresentOrElse(backend::tls, backend::tls));
    if (credentials.clientCertificates().isPresent() && credentials.clientKey().isPresent()) {
      backend.clientCertificate(
          credentials.clientCertificates().get(), credentials.clientKey().get());
    }
    credentials.authority().ifPresent(backend::authority);
    credentials.tokenFile().map(TokenFile::new).ifPresent(backend::bearerTokens);
    if (credentials.credentialsInPlaintext()) {
      backend.credentialsInPlaintext();
    }
    credentials.metadata().forEach(backend::metadata);
  }

  private Opened opened(ServerConfig config, Optional<String> name) {
    Opened opened = backends.get(config.backend(name.orElse("")).name());
    if (opened == null) {
      throw new IllegalStateException("no backend is named " + name);
    }
    return opened;
  }

  private void configure(ModelBuilder builder, DiscoverConfig discovery, ServerConfig config) {
    Opened opened = opened(config, discovery.backend());
    timeouts(builder, discovery.timeouts().orElse(opened.config().timeouts()));
    chat(builder, discovery.chat(), opened);
  }

  private void configure(ModelBuilder builder, ModelConfig model, ServerConfig config) {
    Opened opened = opened(config, model.backend());
    builder.backend(opened.backend());
    dialect(builder, model, opened);
    model.aliases().forEach(builder::alias);
    model.modelName().ifPresent(builder::modelName);
    model.modelVersion().ifPresent(builder::modelVersion);
    timeouts(builder, model.timeouts().orElse(opened.config().timeouts()));
    model.concurrency().ifPresent(builder::maxConcurrentChoices);
    model.ownedBy().ifPresent(builder::ownedBy);
    model.generationConfig().ifPresent(builder::generationConfig);
    model.defaults().forEach(builder::defaultParameter);
    model.constants().forEach(constant -> constant(builder, constant));
    if (model.strict()) {
      builder.strict(true);
    }
    if (model.unaryAnswers()) {
      builder.unaryAnswers(true);
    }
    chat(builder, model.chat(), opened);
  }

  private static void configure(ModelRoute.Builder builder, RouteConfig route) {
    route.targets().forEach(target -> builder.to(target.model(), target.weight()));
    route.fallback().ifPresent(builder::fallback);
  }

  private static void dialect(ModelBuilder builder, ModelConfig model, Opened opened) {
    model.dialect().flatMap(DialectChoice::dialect).ifPresent(builder::dialect);
    model.embeddings().ifPresent(builder::embeddingDialect);
    if (model.detects(opened.config())) {
      builder.detect(true);
    } else if (model.dialect().isEmpty() && model.embeddings().isEmpty()) {
      // Only models of the embedded worker may leave their dialect out.
      opened.worker().map(EmbeddedWorker::dialect).ifPresent(builder::dialect);
    }
  }

  private static void constant(ModelBuilder builder, ConstantTensor constant) {
    if (constant.json().isEmpty()) {
      builder.constant(constant.tensorOfValue());
    } else {
      constant.json().forEach((key, value) -> builder.constantJson(constant.tensor(), key, value));
    }
  }

  private static void timeouts(ModelBuilder builder, TimeoutConfig limits) {
    limits.timeout().ifPresent(builder::timeout);
    limits.firstTokenTimeout().ifPresent(builder::firstTokenTimeout);
    limits.interTokenTimeout().ifPresent(builder::interTokenTimeout);
  }

  private static void chat(ModelBuilder builder, ChatConfig chat, Opened opened) {
    chat.template().or(opened::template).ifPresent(builder::chatTemplate);
    chat.toolCalls().ifPresent(builder::toolCallFormat);
    chat.reasoning().ifPresent(builder::reasoningFormat);
    if (!chat.hasTools()) {
      builder.tools(false);
    }
    if (!chat.separatesReasoning()) {
      builder.separateReasoning(false);
    }
    builder.emulateResponseFormat(chat.emulateResponseFormat());
  }
}
