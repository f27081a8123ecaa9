package io.github.openaikserve.server.service;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.config.ModelConfig;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.key.ApiKey;
import io.github.openaikserve.server.key.ApiKeyFile;
import io.github.openaikserve.server.key.ApiKeyHandler;
import io.github.openaikserve.server.key.ModelControlHandler;
import io.github.openaikserve.server.key.ScopeRule;
import io.github.openaikserve.server.limits.Client;
import io.github.openaikserve.server.limits.Client.Scope;
import io.github.openaikserve.server.limits.LimitOptions;
import io.github.openaikserve.server.ui.PageHandler;
import io.github.openaikserve.server.ui.StatusHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The handlers between clients and the API: web page, API keys, metrics, status and limits.
 * Thread-safe.
 */
final class Front {
  private static final Duration KEY_CHECK = Duration.ofSeconds(1);

  private final ServerConfig config;
  private final Watchers watchers;
  private final Supplier<List<ApiKey>> keys;

  /**
   * Reads the API keys.
   *
   * @param resources receives the resources that have to be closed
   * @throws IOException if the API key file cannot be read
   */
  Front(ServerConfig config, Resources resources, Watchers watchers) throws IOException {
    this.config = config;
    this.watchers = watchers;
    this.keys = keys(config, resources);
  }

  /** Returns the configured keys and the current keys of the API key file. */
  private static Supplier<List<ApiKey>> keys(ServerConfig config, Resources resources)
      throws IOException {
    List<ApiKey> configured =
        Stream.concat(
                config.apiKeys().stream().map(key -> ApiKey.of(key)),
                config.operatorKeys().stream().map(key -> ApiKey.of(key, Scope.OPERATOR)))
            .toList();
    Optional<Path> file = config.server().apiKeyFile();
    if (file.isEmpty()) {
      return () -> configured;
    }
    ApiKeyFile watched = resources.add(ApiKeyFile.watch(file.get(), KEY_CHECK));
    return () -> Stream.concat(configured.stream(), watched.get().stream()).toList();
  }

  private @Nullable Client client(ApiRequest request) {
    return ApiKeyHandler.client(request, keys);
  }

  /** Returns the handler of the API, with the limits of each client. */
  OpenAiHandler limited(OpenAiKServe openai) {
    watchers.status().models(openai::checkAsync, backends());
    LimitOptions limits = config.server().rateLimits();
    return config.needsKey() || !limits.equals(LimitOptions.DEFAULT)
        ? watchers
            .limits()
            .around(
                limits,
                this::client,
                with -> openai.with(with).httpHandler(),
                config.defaultModel().map(ModelConfig::id).orElse(null))
        : openai.httpHandler();
  }

  /** Returns the name of the backend of each model, by the id of the model. */
  private Map<String, String> backends() {
    Map<String, String> names = new HashMap<>();
    for (ModelConfig model : config.models()) {
      names.put(model.id(), config.backend(model.backend().orElse("")).name());
    }
    return names;
  }

  OpenAiHandler around(OpenAiHandler handler) {
    ScopeRule access =
        config.needsKey()
            ? ScopeRule.forKeys(this::client)
            : ScopeRule.withoutKeys(config.server().isOnLoopback());
    OpenAiHandler controlled =
        config.server().modelControl() ? new ModelControlHandler(handler, access) : handler;
    OpenAiHandler inner = new StatusHandler(controlled, watchers.status(), access);
    if (config.server().metrics().isEmpty()) {
      ScopeRule readers = config.needsKey() ? access : ScopeRule.open();
      inner = MetricsHandler.around(inner, watchers.metrics(), readers);
    }
    OpenAiHandler keyed = config.needsKey() ? new ApiKeyHandler(inner, keys) : inner;
    return config.server().ui() ? new PageHandler(keyed) : keyed;
  }
}
