package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.util.List;
import java.util.Optional;

/** A name that distributes requests over several models by weight. Immutable. */
public record RouteConfig(String id, List<TargetConfig> targets, Optional<String> fallback) {
  /** Checks that there is a target. */
  public RouteConfig {
    if (targets.isEmpty()) {
      throw new Mistake("targets", "'targets' is missing or empty");
    }
  }

  /** A model and its share of the requests. */
  public record TargetConfig(String model, @Setting(max = 1_000_000) int weight) {}
}
