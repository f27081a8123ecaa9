package io.github.openaikserve.examples.server.config;

import java.util.List;

/**
 * All that can be said to the reference server. Immutable.
 *
 * @param listen how it listens
 * @param apiKeys the keys of which clients must bring one; empty for none
 * @param backends the model servers, each by a name of its own
 * @param models what is served, in order
 */
public record ServerConfig(
    ListenConfig listen,
    List<String> apiKeys,
    List<BackendConfig> backends,
    List<ModelConfig> models) {
  /** Copies the lists. */
  public ServerConfig {
    apiKeys = List.copyOf(apiKeys);
    backends = List.copyOf(backends);
    models = List.copyOf(models);
  }

  /** The same, listening elsewhere. */
  public ServerConfig withListen(ListenConfig other) {
    return new ServerConfig(other, apiKeys, backends, models);
  }

  /** The same with other keys. */
  public ServerConfig withApiKeys(List<String> others) {
    return new ServerConfig(listen, others, backends, models);
  }
}
