package io.github.openaikserve.server.service;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.grpc.GrpcBackendBuilder;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.LimitedBackend;
import io.github.openaikserve.server.EmbeddedWorker;
import io.github.openaikserve.server.config.BackendConfig;
import io.github.openaikserve.server.config.CredentialsConfig;
import io.github.openaikserve.server.config.ResilienceConfig;
import io.github.openaikserve.server.config.TemplateChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * The open backends. After a reload, a backend whose configuration is unchanged is shared, with its
 * connections, limits and circuit breakers. Thread-safe.
 */
final class Backends {
  private final Map<BackendConfig, Opened> opened = new HashMap<>();

  /** A backend, and the embedded worker behind it if there is one. */
  static final class Opened {
    private final BackendConfig config;
    private final BalancedBackend endpoints;
    private final Optional<LimitedBackend> limited;
    private final Optional<EmbeddedWorker> worker;
    private int users;

    Opened(BackendConfig config, BalancedBackend endpoints, Optional<EmbeddedWorker> worker) {
      this.config = config;
      this.endpoints = endpoints;
      this.worker = worker;
      // Around the endpoints: waiting for a permit must not count against a server.
      this.limited =
          config
              .resilience()
              .limit()
              .filter(limit -> worker.isEmpty())
              .map(limit -> LimitedBackend.around(endpoints, limit.limit()));
    }

    BackendConfig config() {
      return config;
    }

    InferenceBackend backend() {
      return limited.isPresent() ? limited.get() : endpoints;
    }

    BalancedBackend endpoints() {
      return endpoints;
    }

    Optional<LimitedBackend> limited() {
      return limited;
    }

    Optional<EmbeddedWorker> worker() {
      return worker;
    }

    Optional<ChatTemplate> template() {
      return worker.map(running -> TemplateChoice.of(running.gguf()));
    }
  }

  /**
   * Returns the backend of a configuration; opens it if it is not open.
   *
   * @param resources releases the backend when it is closed
   * @throws IOException if the backend's files or options cannot be used, or the embedded worker
   *     does not start
   */
  synchronized Opened use(BackendConfig config, Resources resources) throws IOException {
    Opened backend = opened.get(config);
    if (backend == null) {
      backend = open(config);
      opened.put(config, backend);
    }
    backend.users++;
    Opened used = backend;
    resources.add(() -> release(used));
    return backend;
  }

  /** Returns the backends of a configuration that are open. */
  synchronized List<Opened> opened(List<BackendConfig> configs) {
    return configs.stream().map(opened::get).filter(Objects::nonNull).toList();
  }

  private void release(Opened backend) {
    synchronized (this) {
      backend.users--;
      if (backend.users > 0) {
        return;
      }
      opened.remove(backend.config);
    }
    backend.endpoints.close();
    backend.worker.ifPresent(EmbeddedWorker::close);
  }

  private static Opened open(BackendConfig config) throws IOException {
    if (config.worker().embedded()) {
      EmbeddedWorker worker = start(config.worker());
      return new Opened(config, GrpcBackend.connect(worker.target()), Optional.of(worker));
    }
    try {
      return new Opened(config, connect(config), Optional.empty());
    } catch (UncheckedIOException | IllegalArgumentException e) {
      throw new IOException("backend '%s': %s".formatted(config.name(), e.getMessage()), e);
    }
  }

  private static EmbeddedWorker start(BackendConfig.Worker embedded) throws IOException {
    return ServiceLoader.load(EmbeddedWorker.Provider.class)
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    "no embedded worker found: put openai-kserve-llamacpp-worker.jar into the same"
                        + " folder as the server, or set a model server with --endpoint"))
        .start(new EmbeddedWorker.Settings(embedded.gguf(), embedded.context()));
  }

  private static BalancedBackend connect(BackendConfig config) {
    // The direct executor is safe: bytes are passed to the event loop of the client's connection.
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
    if (credentials.allowPlaintextCredentials()) {
      backend.allowPlaintextCredentials();
    }
    credentials.metadata().forEach(backend::metadata);
  }
}
