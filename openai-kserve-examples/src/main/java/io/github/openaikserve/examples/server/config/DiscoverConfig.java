package io.github.openaikserve.examples.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A model server all of whose models are served. Immutable.
 *
 * @param backend the name of the backend
 * @param chat how all of them are talked to
 * @param timeout of one call
 */
public record DiscoverConfig(String backend, ChatConfig chat, Optional<Duration> timeout) {
  static DiscoverConfig read(Section section, List<BackendConfig> backends) {
    return new DiscoverConfig(
        ModelReader.backend(section, backends).name(),
        ChatConfig.read(section),
        section.find("timeout").map(Value::positiveDuration));
  }
}
