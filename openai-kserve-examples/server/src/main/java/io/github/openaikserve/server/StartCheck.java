package io.github.openaikserve.server;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.server.config.CheckMode;
import java.io.PrintWriter;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds what is served against what the model servers declare, before anything is served. */
final class StartCheck {
  private static final Logger log = LoggerFactory.getLogger(StartCheck.class);

  private StartCheck() {}

  /**
   * Does as the configuration says.
   *
   * @throws IllegalStateException naming all that is wrong, if that is not to be served
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
    wrong.forEach(line -> log.warn("{}", line));
  }

  /** Prints a line for each model; whether all of them are good. */
  static boolean print(OpenAiKServe openai, PrintWriter out) {
    List<ModelCheck> checks = openai.check();
    checks.forEach(check -> out.println(line(check)));
    if (checks.isEmpty()) {
      out.println("no model is configured or discovered");
    }
    out.flush();
    return !checks.isEmpty() && checks.stream().allMatch(ModelCheck::isGood);
  }

  private static String line(ModelCheck check) {
    String model = check.model().isEmpty() ? "a server" : "model '" + check.model() + "'";
    String outcome = check.outcome().value();
    return model
        + ": "
        + outcome
        + (check.findings().isEmpty() ? "" : ": " + String.join("; ", check.findings()));
  }
}
