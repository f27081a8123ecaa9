package io.github.openaikserve.server.service;

import io.github.openaikserve.server.config.CheckMode;
import io.github.openaikserve.server.config.ServerConfig;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Models of a configuration that are not served because their chat template cannot be used. */
public final class DisabledModels {
  private static final Logger log = LoggerFactory.getLogger(DisabledModels.class);

  private DisabledModels() {}

  /** Returns a line for each model that is not served, and for each server whose models are not. */
  public static List<String> lines(ServerConfig config) {
    List<String> lines = new ArrayList<>();
    config
        .models()
        .forEach(
            model ->
                model
                    .chat()
                    .unusable()
                    .ifPresent(why -> lines.add("model '" + model.id() + "': disabled: " + why)));
    config
        .discover()
        .forEach(
            discovery ->
                discovery
                    .chat()
                    .unusable()
                    .ifPresent(
                        why ->
                            lines.add(
                                "models of '"
                                    + config.backend(discovery.backend().orElse("")).name()
                                    + "': disabled: "
                                    + why)));
    return lines;
  }

  /**
   * Checks that something is served.
   *
   * @throws IllegalStateException naming all that is not
   */
  static void requireOthers(ServerConfig config) {
    List<String> lines = lines(config);
    if (!lines.isEmpty() && lines.size() == config.models().size() + config.discover().size()) {
      throw new IllegalStateException("nothing can be served: " + String.join("; ", lines));
    }
  }

  /**
   * Logs what is not served.
   *
   * @throws IllegalStateException naming it, if the configuration requires that all models are good
   */
  static void report(ServerConfig config) {
    List<String> lines = lines(config);
    if (config.check() == CheckMode.REQUIRE && !lines.isEmpty()) {
      throw new IllegalStateException(String.join("; ", lines));
    }
    lines.forEach(line -> log.error("{}", line));
  }
}
