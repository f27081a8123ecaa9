package io.github.openaikserve.server.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.options.Inputs;
import io.github.openaikserve.server.service.DisabledModels;
import io.github.openaikserve.server.service.Resources;
import io.github.openaikserve.server.service.ServerFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;

/**
 * The command {@code check}: asks every model server, and reports for each model its dialect and
 * whether the configuration matches the server's metadata.
 */
final class CheckCommand {
  static final String JSON = "--json";
  private static final int BAD = 1;
  private static final int PROGRESS_SECONDS = 1;

  private CheckCommand() {}

  static int run(CommandLine command, Inputs inputs) throws IOException, InterruptedException {
    ServerConfig config = Configuration.read(inputs).values();
    try (var resources = new Resources()) {
      OpenAiKServe openai = ServerFactory.open(config, resources);
      List<ModelCheck> checks = answers(openai, config.backends().size(), command.getErr());
      List<ModelReport> reports =
          checks.stream().map(check -> ModelReport.of(check, openai, config)).toList();
      List<String> disabled = DisabledModels.lines(config);
      boolean good =
          !checks.isEmpty() && checks.stream().allMatch(ModelCheck::isGood) && disabled.isEmpty();
      PrintWriter out = command.getOut();
      if (command.getParseResult().hasMatchedOption(JSON)) {
        out.println(json(good, reports, disabled));
      } else {
        print(out, reports, disabled);
      }
      out.flush();
      return good ? 0 : BAD;
    }
  }

  /** Waits for the servers, and prints the progress every second. */
  private static List<ModelCheck> answers(OpenAiKServe openai, int servers, PrintWriter err)
      throws InterruptedException {
    CompletableFuture<List<ModelCheck>> answers = openai.checkAsync();
    for (int seconds = 0; ; seconds += PROGRESS_SECONDS) {
      try {
        return answers.get(PROGRESS_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        err.println(
            "waiting for %d model server%s, %d s so far"
                .formatted(servers, servers == 1 ? "" : "s", seconds + PROGRESS_SECONDS));
        err.flush();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  private static void print(PrintWriter out, List<ModelReport> reports, List<String> disabled) {
    disabled.forEach(out::println);
    reports.forEach(report -> report.lines().forEach(out::println));
    if (reports.isEmpty()) {
      out.println("no model is configured or discovered");
    }
  }

  private static String json(boolean good, List<ModelReport> reports, List<String> disabled)
      throws IOException {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("ok", good);
    report.put("models", reports.stream().map(ModelReport::json).toList());
    report.put("disabled", disabled);
    return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report);
  }
}
