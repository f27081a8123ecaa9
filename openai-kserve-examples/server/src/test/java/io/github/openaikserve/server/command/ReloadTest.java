package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.openaikserve.server.testing.ScriptedModel;
import io.github.openaikserve.server.testing.Wait;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A changed file is applied to the running server, or changes nothing. */
final class ReloadTest {
  private static final String RESPONSES = "/v1/responses";
  private static final String COMPLETIONS = "/v1/completions";

  private final Logger log = (Logger) LoggerFactory.getLogger(Reloader.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @SuppressWarnings("NullAway.Init")
  private ScriptedModel first;

  @SuppressWarnings("NullAway.Init")
  private ScriptedModel second;

  @SuppressWarnings("NullAway.Init")
  private RunningCommand server;

  @BeforeEach
  void start() throws Exception {
    logged.list = new CopyOnWriteArrayList<>();
    logged.start();
    log.setLevel(Level.INFO);
    log.addAppender(logged);
    first = new ScriptedModel();
    second = new ScriptedModel();
    write("port: 0", first, "old");
    server = new RunningCommand("--config", directory.resolve("server.yaml").toString());
    assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
  }

  @AfterEach
  void end() {
    server.close();
    first.close();
    second.close();
    log.detachAppender(logged);
    log.setLevel(null);
  }

  @Test
  void runningCallsFinishOnTheirBackendAfterAReload() throws Exception {
    CompletableFuture<HttpResponse<String>> whole = ask("old", "hang");
    var heldWhole = first.awaitHeld();
    CompletableFuture<HttpResponse<String>> stream =
        server.post(COMPLETIONS, "{'model':'old','prompt':'begin','stream':true}");
    var heldStream = first.awaitHeld();

    write("port: 0", second, "new");
    Wait.until(() -> answers("new"));

    assertThat(ask("old", "quick").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
    assertThat(second.calls()).isPositive();
    assertThat(first.calls()).isEqualTo(2);
    ScriptedModel.answer(heldWhole);
    ScriptedModel.answer(heldStream);
    assertThat(whole.get(20, TimeUnit.SECONDS).body()).contains("done");
    assertThat(stream.get(20, TimeUnit.SECONDS).body()).contains("begun", "done", "[DONE]");
  }

  @Test
  void noRequestIsLostWhileFilesChange() throws Exception {
    var changing = new AtomicBoolean(true);
    var clients =
        CompletableFuture.supplyAsync(
            () -> {
              int answered = 0;
              while (changing.get()) {
                try {
                  assertThat(ask("old", "quick").get(20, TimeUnit.SECONDS).statusCode())
                      .isEqualTo(200);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
                answered++;
              }
              return answered;
            });

    for (ScriptedModel model : List.of(second, first, second)) {
      int before = reloads();
      write("port: 0", model, "old");
      Wait.until(() -> reloads() > before);
      int calls = model.calls();
      Wait.until(() -> model.calls() > calls);
    }
    changing.set(false);

    assertThat(clients.get(30, TimeUnit.SECONDS)).isPositive();
    assertThat(second.calls()).isPositive();
  }

  @Test
  void storedResponsesSurviveAChangedFile() throws Exception {
    String first = server.post(RESPONSES, "{'model':'old','input':'quick'}").get().body();
    String id = first.substring(first.indexOf("resp_"), first.indexOf('"', first.indexOf("resp_")));
    int before = reloads();
    write("port: 0", second, "old");
    Wait.until(() -> reloads() > before);

    var next =
        server
            .post(
                RESPONSES,
                "{'model':'old','input':'quick','previous_response_id':'%s'}".formatted(id))
            .get(20, TimeUnit.SECONDS);

    assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
    assertThat(server.get(RESPONSES + "/" + id).statusCode()).isEqualTo(200);
  }

  @Test
  void anInvalidFileIsRejectedWithItsPlaceAndChangesNothing() throws Exception {
    Files.writeString(directory.resolve("server.yaml"), "server: {port: 0, keep_alive: soon}\n");
    Wait.until(
        () -> messages().stream().anyMatch(line -> line.startsWith("configuration rejected")));

    assertThat(messages())
        .singleElement()
        .asString()
        .contains("server.yaml:1:31: server.keep_alive: expected a duration", "found 'soon'");
    assertThat(answers("old")).isTrue();

    write("port: 0", second, "new");
    Wait.until(() -> answers("new"));
  }

  @Test
  void aFileWhoseBackendCannotBeOpenedIsRejectedWithTheReason() throws Exception {
    Path file = directory.resolve("server.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("name: one,", "name: one, tls: {trusted_certificates: server.yaml},"));
    Wait.until(
        () -> messages().stream().anyMatch(line -> line.startsWith("configuration rejected")));

    assertThat(messages())
        .singleElement()
        .asString()
        .contains("backend 'one': cannot use " + file)
        .contains("o certificate");
    assertThat(answers("old")).isTrue();
  }

  @Test
  void keysAndLimitsAreReloadedAndOptionsThatRequireARestartAreLogged() throws Exception {
    write("port: 1, host: localhost, limits: {stop: 1}", first, "old");
    Files.writeString(
        directory.resolve("server.yaml"),
        Files.readString(directory.resolve("server.yaml")) + "api_keys: [secret]\n");
    Wait.until(() -> server.get("/v1/models").statusCode() == 401);

    assertThat(server.get("/v1/models", "authorization", "Bearer secret").statusCode())
        .isEqualTo(200);
    Wait.until(() -> reloads() == 1);
    assertThat(messages())
        .contains("configuration changes require a restart options=server.host,server.port");
  }

  @Test
  void metricsFollowTheBackends() throws Exception {
    assertThat(answers("old")).isTrue();
    assertThat(server.get("/metrics").body()).contains("endpoint=\"" + first.target() + "\"");

    write("port: 0", second, "new");
    Wait.until(() -> answers("new"));

    assertThat(server.get("/metrics").body())
        .contains("endpoint=\"" + second.target() + "\"", "openai_kserve_limit_max{name=\"one\"}")
        .doesNotContain("endpoint=\"" + first.target() + "\"");
  }

  @Test
  void metricsContinueWhenTheSettingsOfABackendChange() throws Exception {
    assertThat(answers("old")).isTrue();
    Path file = directory.resolve("server.yaml");
    Files.writeString(
        file, Files.readString(file).replace("name: one,", "name: one, limit: {max: 7},"));
    Wait.until(() -> reloads() == 1);
    assertThat(answers("old")).isTrue();

    awaitPreviousClosed();

    assertThat(server.get("/metrics").body())
        .contains("openai_kserve_endpoint_available{endpoint=\"" + first.target() + "\"")
        .contains("openai_kserve_limit_max{name=\"one\"} 7.0");
  }

  private static void awaitPreviousClosed() throws Exception {
    Wait.until(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("previous-configuration")));
  }

  private int reloads() {
    return (int) messages().stream().filter(l -> l.startsWith("configuration reloaded")).count();
  }

  private List<String> messages() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private boolean answers(String id) throws Exception {
    return ask(id, "quick").get(20, TimeUnit.SECONDS).statusCode() == 200;
  }

  private CompletableFuture<HttpResponse<String>> ask(String id, String prompt) throws Exception {
    return server.post(COMPLETIONS, "{'model':'%s','prompt':'%s'}".formatted(id, prompt));
  }

  private void write(String options, ScriptedModel model, String id) throws IOException {
    Files.writeString(
        directory.resolve("server.yaml"),
        """
        server: {grace_period: 1s, shutdown_delay: 0, OPTIONS}
        backends: [{name: one, target: "TARGET"}]
        models: [{id: ID, dialect: anyserve}]
        """
            .replace("OPTIONS", options)
            .replace("TARGET", model.target())
            .replace("ID", id));
  }
}
