package io.github.openaikserve.server.service;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.server.config.CheckMode;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the models against their servers' metadata before the server listens. */
public final class StartCheck {
  private static final Logger log = LoggerFactory.getLogger(StartCheck.class);

  private StartCheck() {}

  /**
   * Checks the models, unless the check is off, and logs differences.
   *
   * @throws IllegalStateException if a model differs and the check is required; names all
   *     differences
   */
  static void run(CheckMode mode, OpenAiKServe openai) {
    if (mode == CheckMode.OFF) {
      return;
    }
    List<String> wrong =
        openai.check().stream().filter(check -> !check.isGood()).map(StartCheck::line).toList();
    if (mode == CheckMode.REQUIRE && !wrong.isEmpty()) {
      throw new IllegalStateException(String.join("; ", wrong));
    }
    wrong.forEach(line -> log.warn("model check failed finding=\"{}\"", line));
  }

  /** Returns the outcome of a check in one line. */
  public static String line(ModelCheck check) {
    String model = check.model().isEmpty() ? "a server" : "model '" + check.model() + "'";
    String outcome = check.outcome().value();
    return model
        + ": "
        + outcome
        + (check.findings().isEmpty() ? "" : ": " + String.join("; ", check.findings()));
  }
}
