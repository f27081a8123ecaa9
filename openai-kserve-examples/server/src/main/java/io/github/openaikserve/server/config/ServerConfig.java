package io.github.openaikserve.server.config;

import java.util.List;

/**
 * All that can be said to the reference server. Immutable.
 *
 * @param listen how it listens
 * @param apiKeys the keys of which clients must bring one; empty for none
 * @param backends the model servers, each by a name of its own
 * @param models what is served, in order
 * @param discoveries the servers all of whose models are served besides
 * @param check what is done at the start about models that are not as they are declared
 */
public record ServerConfig(
    ListenConfig listen,
    List<String> apiKeys,
    List<BackendConfig> backends,
    List<ModelConfig> models,
    List<DiscoverConfig> discoveries,
    CheckMode check) {
  /** Copies the lists. */
  public ServerConfig {
    apiKeys = List.copyOf(apiKeys);
    backends = List.copyOf(backends);
    models = List.copyOf(models);
    discoveries = List.copyOf(discoveries);
  }

  /** The same, listening elsewhere. */
  public ServerConfig withListen(ListenConfig other) {
    return new ServerConfig(other, apiKeys, backends, models, discoveries, check);
  }

  /** The same with other keys. */
  public ServerConfig withApiKeys(List<String> others) {
    return new ServerConfig(listen, others, backends, models, discoveries, check);
  }
}
