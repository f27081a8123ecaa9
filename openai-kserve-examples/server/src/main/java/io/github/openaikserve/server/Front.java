package io.github.openaikserve.server;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.config.ModelConfig;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.limits.Client;
import io.github.openaikserve.server.limits.LimitOptions;
import io.github.openaikserve.server.limits.Limits;
import io.github.openaikserve.server.ui.PageHandler;
import io.github.openaikserve.server.ui.ServerStatus;
import io.github.openaikserve.server.ui.StatusAccess;
import io.github.openaikserve.server.ui.StatusHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the server puts between its clients and the API: the page, keys, the status and limits.
 * Thread-safe.
 */
final class Front {
  private static final Duration KEY_CHECK = Duration.ofSeconds(2);

  private final ServerConfig config;
  private final Options options;
  private final Metrics metrics;
  private final Supplier<List<ApiKey>> keys;
  private final ServerStatus status =
      new ServerStatus(new ServerVersion().number(), System::nanoTime);
  private final Limits limits;

  /**
   * The options of what surrounds the API. Immutable.
   *
   * @param page whether the page is served at {@code /}
   * @param operatorKeys keys that may also read the status
   * @param limits the limits of clients, besides those in the file of keys
   */
  record Options(boolean page, List<String> operatorKeys, LimitOptions limits) {
    /** Copies the list. */
    Options {
      operatorKeys = List.copyOf(operatorKeys);
    }
  }

  /**
   * Reads the keys.
   *
   * @param resources receives what has to be closed
   * @throws IOException if the file of keys cannot be read
   */
  Front(ServerConfig config, Options options, Resources resources, Metrics metrics)
      throws IOException {
    this.config = config;
    this.options = options;
    this.metrics = metrics;
    this.keys = keys(resources);
    this.limits = new Limits(options.limits(), this::client, metrics.registry());
    status.clients(limits::usage);
  }

  private Supplier<List<ApiKey>> keys(Resources resources) throws IOException {
    List<ApiKey> fixed =
        Stream.concat(
                config.apiKeys().stream().map(key -> ApiKey.of(key, false)),
                options.operatorKeys().stream().map(key -> ApiKey.of(key, true)))
            .toList();
    Optional<Path> file = config.listen().clients().apiKeyFile();
    if (file.isEmpty()) {
      return () -> fixed;
    }
    ApiKeyFile watched = resources.add(ApiKeyFile.watch(file.get(), KEY_CHECK));
    return () -> Stream.concat(fixed.stream(), watched.get().stream()).toList();
  }

  Metrics metrics() {
    return metrics;
  }

  ServerStatus status() {
    return status;
  }

  Limits limits() {
    return limits;
  }

  /** Returns whether there is a page for browsers. */
  boolean servesPage() {
    return options.page();
  }

  /** Returns whether clients need a key. */
  boolean needsKey() {
    return !keys.get().isEmpty();
  }

  private @Nullable Client client(ApiRequest request) {
    return ApiKeyHandler.client(request, keys);
  }

  /** Returns the API within the limits of each client. */
  OpenAiHandler limited(OpenAiKServe openai) {
    status.models(
        openai::checkAsync,
        config.models().stream()
            .collect(Collectors.toMap(ModelConfig::id, ModelConfig::backend, (one, two) -> one)));
    return needsKey() || !options.limits().equals(LimitOptions.DEFAULT)
        ? limits.around(with -> openai.with(with).httpHandler(), this::defaultModel)
        : openai.httpHandler();
  }

  private @Nullable String defaultModel() {
    return config.models().stream()
        .filter(ModelConfig::isDefault)
        .findFirst()
        .or(() -> config.models().stream().findFirst())
        .map(ModelConfig::id)
        .orElse(null);
  }

  /** Returns a handler with the status, the keys and the page around another one. */
  OpenAiHandler around(OpenAiHandler handler) {
    StatusAccess access =
        needsKey()
            ? StatusAccess.forOperators(this::client)
            : StatusAccess.withoutKeys(isLoopback(config.listen().host()));
    OpenAiHandler inner = new StatusHandler(handler, status, access);
    OpenAiHandler keyed = needsKey() ? new ApiKeyHandler(inner, keys) : inner;
    return options.page() ? new PageHandler(keyed) : keyed;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
