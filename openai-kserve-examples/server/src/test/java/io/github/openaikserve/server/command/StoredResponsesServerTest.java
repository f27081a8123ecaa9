package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.server.testing.ScriptedModel;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Responses that the running server stores: in memory, in H2 and in PostgreSQL. */
final class StoredResponsesServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RESPONSES = "/v1/responses";

  private final Logger log =
      (Logger) LoggerFactory.getLogger("io.github.openaikserve.server.service.ConfiguredStore");
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @SuppressWarnings("NullAway.Init")
  private ScriptedModel model;

  @BeforeEach
  void start() throws Exception {
    model = new ScriptedModel();
    logged.list = new CopyOnWriteArrayList<>();
    logged.start();
    log.setLevel(Level.INFO);
    log.addAppender(logged);
  }

  @AfterEach
  void end() {
    model.close();
    log.detachAppender(logged);
    log.setLevel(null);
  }

  private RunningCommand server(String settings) throws Exception {
    return server(settings, "");
  }

  private RunningCommand server(String settings, String more) throws Exception {
    Path file = Files.createTempFile(directory, "server", ".yaml");
    Files.writeString(
        file,
        """
        server: {port: 0, grace_period: 1s, SETTINGS}
        backends: [{name: one, target: "TARGET"}]
        models: [{id: m, dialect: anyserve, chat_template: chatml}]
        MORE
        """
            .replace("MORE", more)
            .replace("SETTINGS", settings)
            .replace("TARGET", model.target()));
    return new RunningCommand("--config", file.toString());
  }

  private static String database(String url) {
    return "response_store: jdbc, response_database: {url: '" + url + "'}";
  }

  private static JsonNode created(RunningCommand server, String body, String... headers)
      throws Exception {
    HttpResponse<String> answer = server.post(RESPONSES, body, headers).get(30, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /** Returns a response once one is stored: a database may need longer than the first request. */
  private static JsonNode stored(RunningCommand server, String body) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    JsonNode response;
    do {
      assertThat(System.nanoTime()).as("the store answers").isLessThan(deadline);
      response = created(server, body);
    } while (!response.get("store").asBoolean());
    return response;
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void twoServersContinueEachOthersResponses(String kind) throws Exception {
    try (EmbeddedPostgres postgres = kind.equals("h2") ? null : EmbeddedPostgres.builder().start();
        RunningCommand first = server(database(url(postgres)));
        RunningCommand second = server(database(url(postgres)))) {
      String id = stored(first, "{'input':'My name is Ada.'}").get("id").asText();
      JsonNode next = stored(second, "{'input':'And?','previous_response_id':'" + id + "'}");

      assertThat(model.lastPrompt()).containsSubsequence("My name is Ada.", "done", "And?");
      String last = next.get("id").asText();
      assertThat(first.get(RESPONSES + "/" + last).statusCode()).isEqualTo(200);
      assertThat(second.delete(RESPONSES + "/" + id).statusCode()).isEqualTo(200);
      assertThat(first.get(RESPONSES + "/" + id).statusCode()).isEqualTo(404);
    }
  }

  private static String url(@Nullable EmbeddedPostgres postgres) {
    return postgres == null
        ? "jdbc:h2:mem:shared;DB_CLOSE_DELAY=-1"
        : postgres.getJdbcUrl("postgres", "postgres");
  }

  @Tag("slow")
  @Test
  void whileTheDatabaseIsDownRequestsWithoutItAreServed() throws Exception {
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (RunningCommand server =
        server(database("jdbc:postgresql://localhost:" + port + "/postgres?user=postgres"))) {
      assertServesWithoutDatabase(server);
      assertThat(logged.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .singleElement()
          .asString()
          .startsWith("response store unavailable")
          .contains("refused");

      String id;
      try (var postgres = EmbeddedPostgres.builder().setPort(port).start()) {
        assertThat(postgres.getPort()).isEqualTo(port);
        id = stored(server, "{'input':'Hi'}").get("id").asText();
        assertThat(server.get(RESPONSES + "/" + id).statusCode()).isEqualTo(200);
      }
      assertThat(server.get(RESPONSES + "/" + id).statusCode()).isEqualTo(503);
      assertServesWithoutDatabase(server);
    }
  }

  private static void assertServesWithoutDatabase(RunningCommand server) throws Exception {
    HttpResponse<String> down = server.get(RESPONSES + "/resp_1");
    assertThat(down.statusCode()).isEqualTo(503);
    assertThat(down.body()).contains("\"code\":\"response_store_unavailable\"");
    created(server, "{'input':'Hi','store':false}");
    assertThat(created(server, "{'input':'Hi'}").get("store").asBoolean()).isFalse();
  }

  @Test
  void whatOneKeyStoresDoesNotExistForAnother() throws Exception {
    try (RunningCommand server = server("response_store: memory", "api_keys: [alice, bob]")) {
      String[] alice = {"authorization", "Bearer alice"};
      String[] bob = {"authorization", "Bearer bob"};
      String id = created(server, "{'input':'A secret'}", alice).get("id").asText();
      String conversation =
          JSON.readTree(server.post("/v1/conversations", "{}", alice).get().body())
              .get("id")
              .asText();

      for (String path :
          new String[] {
            RESPONSES + "/" + id,
            RESPONSES + "/" + id + "/input_items",
            "/v1/conversations/" + conversation
          }) {
        assertThat(server.get(path, bob).statusCode()).as(path).isEqualTo(404);
        assertThat(server.get(path, alice).statusCode()).as(path).isEqualTo(200);
      }
      assertThat(server.delete(RESPONSES + "/" + id, bob).statusCode()).isEqualTo(404);
      assertThat(
              server
                  .post(RESPONSES, "{'input':'Hi','previous_response_id':'" + id + "'}", bob)
                  .get(20, TimeUnit.SECONDS)
                  .statusCode())
          .isEqualTo(404);
      assertThat(server.delete(RESPONSES + "/" + id, alice).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void theStartWarnsOfAMemoryThatReplicasDoNotShare() throws Exception {
    try (RunningCommand server = server("response_store: memory")) {
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }

    assertThat(logged.list)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.WARN);
              assertThat(line.getFormattedMessage())
                  .contains("other replicas do not share", "server.response_store", "jdbc");
            });
  }

  @Test
  void withoutAStoreNothingIsKept() throws Exception {
    try (RunningCommand server = server("response_store: none")) {
      JsonNode response = created(server, "{'input':'Hi'}");

      assertThat(response.get("store").asBoolean()).isFalse();
      assertThat(server.get(RESPONSES + "/" + response.get("id").asText()).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void aMissingDriverIsNamedAndNoPasswordIs() {
    assertThatThrownBy(
            () -> {
              try (RunningCommand server =
                  server(database("jdbc:nowhere://db/x?password=secret"))) {
                server.get("/health/live");
              }
            })
        .rootCause()
        .hasMessageContaining("no JDBC driver for 'jdbc:nowhere:' in the class path")
        .hasMessageContaining("server.response_database.driver")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "response_store: jdbc | 'jdbc' requires 'response_database'",
        "response_database: {url: 'jdbc:h2:mem:x'} | requires 'response_store: jdbc'",
        "response_store: jdbc, response_database: {url: 'postgres://db'} | begins with 'jdbc:'",
        "response_store: jdbc, response_database: {url: 'jdbc:h2:mem:x', password: p, password_file: /etc/hosts} | not both",
        "response_store: jdbc, response_database: {url: 'jdbc:h2:mem:x', driver: /nowhere.jar} | /nowhere.jar",
        "response_store: jdbc, response_database: {url: 'jdbc:h2:mem:x', password_file: /nowhere} | /nowhere",
      })
  void aContradictionIsRefusedAtTheStart(String row) {
    String[] parts = row.split(" \\| ");

    assertThatThrownBy(
            () -> {
              try (RunningCommand server = server(parts[0])) {
                server.get("/health/live");
              }
            })
        .rootCause()
        .hasMessageContaining(parts[1]);
  }

  @Test
  void theDriverMayBeInAJarAndThePasswordInAFile() throws Exception {
    Path jar =
        Path.of(org.h2.Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path password = Files.writeString(directory.resolve("password"), "s3cret\n");
    String settings =
        "response_store: jdbc, response_database: {url: 'jdbc:h2:"
            + directory.resolve("protected")
            + "', user: ada, password_file: "
            + password
            + ", driver: "
            + jar
            + ", time_to_live: 1h}";

    try (RunningCommand server = server(settings)) {
      stored(server, "{'input':'Hi'}");
    }
    try (RunningCommand server =
        server(settings.replace("password_file: " + password, "password: wrong"))) {
      assertThat(created(server, "{'input':'Hi'}").get("store").asBoolean()).isFalse();
    }
  }
}
