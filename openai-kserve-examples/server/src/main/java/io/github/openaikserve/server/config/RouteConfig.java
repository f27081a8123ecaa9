package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.util.List;
import java.util.Optional;

/** A name that distributes requests over several models by weight. Immutable. */
public record RouteConfig(
    @Setting("Name of the route for clients.") String id,
    @Setting("Models that share the requests while they are ready.") List<TargetConfig> targets,
    @Setting(value = "Model for requests while no target is ready.", unset = "none")
        Optional<String> fallback) {
  /** Checks that there is a target. */
  public RouteConfig {
    if (targets.isEmpty()) {
      throw new Mistake("targets", "'targets' is missing or empty");
    }
  }

  /** A model and its share of the requests. */
  public record TargetConfig(
      @Setting("Id of a model in `models`.") String model,
      @Setting(
              value = "Share of the requests, relative to the other weights.",
              initial = "1",
              max = 1_000_000)
          int weight) {}
}
