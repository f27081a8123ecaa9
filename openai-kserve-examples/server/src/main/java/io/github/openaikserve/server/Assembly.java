package io.github.openaikserve.server;

import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.grpc.GrpcBackendBuilder;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.LimitedBackend;
import io.github.openaikserve.server.config.BackendConfig;
import io.github.openaikserve.server.config.ChatConfig;
import io.github.openaikserve.server.config.DiscoverConfig;
import io.github.openaikserve.server.config.Guard;
import io.github.openaikserve.server.config.ModelConfig;
import io.github.openaikserve.server.config.Patience;
import io.github.openaikserve.server.config.Reach;
import io.github.openaikserve.server.config.ResilienceConfig;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.config.Service;
import io.github.openaikserve.server.config.TemplateChoice;
import io.github.openaikserve.server.config.TlsConfig;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** Opens what a configuration asks for. */
final class Assembly {
  /** A backend, the embedded worker behind it if there is one, and its own time limits. */
  private record Opened(
      InferenceBackend backend, Optional<EmbeddedWorker> worker, Patience patience) {
    Optional<ChatTemplate> template() {
      return worker.map(running -> TemplateChoice.of(running.gguf()));
    }
  }

  private final Resources resources;
  private final Map<String, Opened> backends = new HashMap<>();

  private final Front front;

  private Assembly(Resources resources, Front front) {
    this.resources = resources;
    this.front = front;
  }

  /**
   * The models of a configuration, ready to be served.
   *
   * @param resources gets what has to be closed
   * @param front receives what happens to calls and backends
   * @throws IOException if the embedded worker does not start
   */
  static OpenAiKServe open(ServerConfig config, Resources resources, Front front)
      throws IOException {
    var assembly = new Assembly(resources, front);
    for (BackendConfig backend : config.backends()) {
      assembly.backends.put(backend.name(), assembly.open(backend));
    }
    Service service = config.listen().clients().service();
    OpenAiKServe.Builder openai =
        OpenAiKServe.builder()
            .listener(front.metrics().listener())
            .listener(front.status().listener())
            .listener(front.limits().listener())
            .requestLimits(config.listen().limits())
            .keepAlive(service.keepAlive())
            .abortFailedStreams(service.abortFailedStreams())
            .forwardHeaders(service.forwardHeaders().toArray(String[]::new));
    service.affinityHeader().ifPresent(openai::affinityHeader);
    assembly.addModels(config, openai);
    for (DiscoverConfig discovery : config.discoveries()) {
      if (discovery.chat().unusable().isPresent()) {
        continue;
      }
      openai.discover(
          assembly.opened(discovery.backend()).backend(), m -> assembly.configure(m, discovery));
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
        openai.model(model.id(), m -> configure(m, model));
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
    if (backend instanceof BackendConfig.Embedded embedded) {
      EmbeddedWorker worker = resources.add(start(embedded));
      return new Opened(
          watched(backend.name(), GrpcBackend.connect(worker.target())),
          Optional.of(worker),
          Patience.NONE);
    }
    var remote = (BackendConfig.Remote) backend;
    Guard guard = remote.reach().guard();
    return new Opened(
        limited(remote.name(), watched(remote.name(), connect(remote)), guard),
        Optional.empty(),
        new Patience(remote.timeout(), guard.firstTokenTimeout(), guard.interTokenTimeout()));
  }

  private BalancedBackend watched(String name, BalancedBackend backend) {
    front.metrics().listener().watch(name, backend);
    front.status().watch(name, backend);
    return resources.add(backend);
  }

  /** The limit is outside: a call that waits for its turn says nothing about the server. */
  private InferenceBackend limited(String name, InferenceBackend backend, Guard guard) {
    if (guard.limit().isEmpty()) {
      return backend;
    }
    LimitedBackend limited = LimitedBackend.around(backend, guard.limit().get());
    front.metrics().listener().watch(name, limited);
    front.status().watch(name, limited);
    return limited;
  }

  private static EmbeddedWorker start(BackendConfig.Embedded embedded) throws IOException {
    return ServiceLoader.load(EmbeddedWorker.Provider.class)
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    "this server has no embedded worker: put openai-kserve-llamacpp-worker.jar in"
                        + " the same folder, or name a model server with --endpoint"))
        .start(new EmbeddedWorker.Settings(embedded.gguf(), embedded.context()));
  }

  private static BalancedBackend connect(BackendConfig.Remote remote) {
    // Nothing here blocks: bytes are handed to the event loop of the client's connection.
    GrpcBackendBuilder backend = GrpcBackend.builder().directExecutor();
    address(backend, remote);
    credentials(backend, remote.reach());
    remote.service().ifPresent(backend::service);
    remote.tls().ifPresent(tls -> encrypt(backend, tls));
    remote.metadata().forEach(backend::metadata);
    remote.timeout().ifPresent(backend::timeout);
    remote.keepAlive().ifPresent(backend::keepAlive);
    remote.maxMessageSize().ifPresent(backend::maxMessageSize);
    remote.reach().connectTimeout().ifPresent(backend::connectTimeout);
    remote.reach().connections().ifPresent(backend::connections);
    remote.reach().compression().ifPresent(backend::compression);
    ResilienceConfig resilience = remote.reach().resilience();
    return backend
        .balanced()
        .name(remote.name())
        .balancing(resilience.balancing())
        .circuitBreaker(resilience.circuitBreaker())
        .healthCheck(resilience.healthCheck())
        .retries(resilience.retries())
        .build();
  }

  private static void address(GrpcBackendBuilder backend, BackendConfig.Remote remote) {
    if (remote.reach().targets().isEmpty()) {
      backend.target(remote.target());
    } else {
      backend.targets(remote.reach().targets());
    }
    remote.streamTarget().ifPresent(backend::streamTarget);
    if (remote.streamPortOffset() != 0) {
      backend.streamPortOffset(remote.streamPortOffset());
    }
  }

  private static void credentials(GrpcBackendBuilder backend, Reach reach) {
    if (reach.clientCertificates().isPresent() && reach.clientKey().isPresent()) {
      backend.clientCertificate(reach.clientCertificates().get(), reach.clientKey().get());
    }
    reach.authority().ifPresent(backend::authority);
    reach.tokenFile().map(TokenFile::new).ifPresent(backend::bearerTokens);
    if (reach.credentialsInPlaintext()) {
      backend.credentialsInPlaintext();
    }
  }

  private static void encrypt(GrpcBackendBuilder backend, TlsConfig tls) {
    tls.trustedCertificates().ifPresentOrElse(backend::tls, backend::tls);
  }

  private Opened opened(String name) {
    Opened opened = backends.get(name);
    if (opened == null) {
      throw new IllegalStateException("no backend is named " + name);
    }
    return opened;
  }

  private void configure(ModelBuilder builder, DiscoverConfig discovery) {
    Opened opened = opened(discovery.backend());
    wait(builder, discovery.patience().orElse(opened.patience()));
    chat(builder, discovery.chat(), opened);
  }

  private void configure(ModelBuilder builder, ModelConfig model) {
    Opened opened = opened(model.backend());
    builder.backend(opened.backend());
    model.dialect().ifPresent(builder::dialect);
    if (model.detects()) {
      builder.detect(true);
    } else if (model.dialect().isEmpty() && model.embeddings().isEmpty()) {
      // Only models of the embedded worker may leave their dialect out.
      opened.worker().map(EmbeddedWorker::dialect).ifPresent(builder::dialect);
    }
    model.embeddings().ifPresent(builder::embeddingDialect);
    model.aliases().forEach(builder::alias);
    model.modelName().ifPresent(builder::modelName);
    model.modelVersion().ifPresent(builder::modelVersion);
    wait(builder, model.patience().orElse(opened.patience()));
    model.concurrency().ifPresent(builder::maxConcurrentChoices);
    model.ownedBy().ifPresent(builder::ownedBy);
    model.generationConfig().ifPresent(builder::generationConfig);
    model.defaults().forEach(builder::defaultParameter);
    model.constants().tensors().forEach(builder::constant);
    model
        .constants()
        .jsonKeys()
        .forEach(
            (tensor, keys) ->
                keys.forEach((key, value) -> builder.constantJson(tensor, key, value)));
    if (model.strict()) {
      builder.strict(true);
    }
    if (model.unaryAnswers()) {
      builder.unaryAnswers(true);
    }
    chat(builder, model.chat(), opened);
  }

  private static void wait(ModelBuilder builder, Patience patience) {
    patience.total().ifPresent(builder::timeout);
    patience.firstToken().ifPresent(builder::firstTokenTimeout);
    patience.interToken().ifPresent(builder::interTokenTimeout);
  }

  private static void chat(ModelBuilder builder, ChatConfig chat, Opened opened) {
    chat.template().or(opened::template).ifPresent(builder::chatTemplate);
    chat.toolCalls().ifPresent(builder::toolCallFormat);
    chat.reasoning().ifPresent(builder::reasoningFormat);
    if (!chat.tools()) {
      builder.tools(false);
    }
    if (!chat.findsReasoning()) {
      builder.separateReasoning(false);
    }
    builder.emulateResponseFormat(chat.emulatesResponseFormat());
  }
}
