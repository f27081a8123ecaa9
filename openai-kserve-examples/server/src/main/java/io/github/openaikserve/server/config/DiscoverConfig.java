package io.github.openaikserve.server.config;

import java.util.List;

/**
 * A model server all of whose models are served. Immutable.
 *
 * @param backend the name of the backend
 * @param chat how all of them are talked to
 * @param patience how long one call may take
 */
public record DiscoverConfig(String backend, ChatConfig chat, Patience patience) {
  static DiscoverConfig read(Section section, List<BackendConfig> backends) {
    return new DiscoverConfig(
        ModelReader.backend(section, backends).name(),
        ChatConfig.read(section),
        Patience.read(section));
  }
}
