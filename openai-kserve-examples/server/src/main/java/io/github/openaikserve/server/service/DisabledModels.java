package io.github.openaikserve.server.service;

import io.github.openaikserve.server.config.ChatConfig;
import io.github.openaikserve.server.config.CheckMode;
import io.github.openaikserve.server.config.ServerConfig;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Models that are not served because their chat template is not usable. */
public final class DisabledModels {
  private static final Logger log = LoggerFactory.getLogger(DisabledModels.class);

  private DisabledModels() {}

  /** Returns a line for each disabled model, and for each server whose models are all disabled. */
  public static List<String> lines(ServerConfig config) {
    Stream<String> models =
        config.models().stream().flatMap(model -> line("model '" + model.id() + "'", model.chat()));
    Stream<String> servers =
        config.discover().stream()
            .flatMap(
                each ->
                    line(
                        "models of '" + config.backend(each.backend().orElse("")).name() + "'",
                        each.chat()));
    return Stream.concat(models, servers).toList();
  }

  private static Stream<String> line(String what, ChatConfig chat) {
    return chat.unusable().map(why -> what + ": disabled: " + why).stream();
  }

  /**
   * Checks that at least one model is not disabled.
   *
   * @throws IllegalStateException if all models are disabled; names them with the reasons
   */
  static void requireOthers(ServerConfig config) {
    List<String> lines = lines(config);
    if (!lines.isEmpty() && lines.size() == config.models().size() + config.discover().size()) {
      throw new IllegalStateException("no model can be served: " + String.join("; ", lines));
    }
  }

  /**
   * Logs the disabled models.
   *
   * @throws IllegalStateException if there is one and the configuration requires the check of all
   *     models
   */
  static void report(ServerConfig config) {
    List<String> lines = lines(config);
    if (config.check() == CheckMode.REQUIRE && !lines.isEmpty()) {
      throw new IllegalStateException(String.join("; ", lines));
    }
    lines.forEach(line -> log.error("model not served reason=\"{}\"", line));
  }
}
