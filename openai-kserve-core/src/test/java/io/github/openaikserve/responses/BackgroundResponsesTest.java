package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseStatus;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.LogCapture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Responses that are generated in the background. */
final class BackgroundResponsesTest {
  private static final String BODY = "{'input':'Hi','background':true}";

  /** What only the preparation of a response refuses. */
  private static final String WRONG =
      "{'input':'Hi','background':true,'tool_choice':{'type':'web_search'}}";

  @RegisterExtension
  final LogCapture log = new LogCapture("io.github.openaikserve.internal.responses", Level.INFO);

  private final ManualScheduler time = new ManualScheduler();
  private final SteeredStore store = new SteeredStore();
  private final FakeBackend slow =
      FakeBackend.answering(
              call -> ScriptedResponse.tokens(call, "Hel", "lo").every(Duration.ofSeconds(1)))
          .scheduler(time);
  private final Api api = api(slow);

  private Api api(FakeBackend backend) {
    return new Api(
        Api.builder(backend)
            .responseStore(store)
            .scheduler(time)
            .shutdownTimeout(Duration.ZERO)
            .build());
  }

  private JsonNode polled(String id) {
    return api.get("/v1/responses/" + id).json();
  }

  @Test
  void isAnsweredAtOnceAndPolled() {
    JsonNode queued = api.create(BODY).json();

    assertThat(queued.get("status").asText()).isEqualTo("queued");
    assertThat(queued.get("background").asBoolean()).isTrue();
    assertThat(queued.get("output")).isEmpty();
    String id = queued.get("id").asText();
    assertThat(polled(id).get("status").asText()).isEqualTo("in_progress");
    time.advance(Duration.ofSeconds(30));
    JsonNode last = polled(id);
    assertThat(last.get("status").asText()).isEqualTo("completed");
    assertThat(last.at("/output/0/content/0/text").asText()).isEqualTo("Hello");
    assertThat(last.get("id").asText()).isEqualTo(id);
    assertThat(last.get("store").asBoolean()).isTrue();
  }

  @Test
  void isContinuedWhenItIsComplete() {
    String id = api.create(BODY).id();

    JsonNode error = api.create("{'input':'x','previous_response_id':'" + id + "'}").error(400);
    assertThat(error.get("code").asText()).isEqualTo("response_in_progress");
    time.advance(Duration.ofSeconds(30));
    api.create("{'input':'And then?','background':true,'previous_response_id':'" + id + "'}")
        .json();

    assertThat(Api.lastPrompt(slow)).containsSubsequence("Hi", "Hello", "And then?");
  }

  @Test
  void isCancelledAndStaysSo() {
    String id = api.create(BODY).id();
    time.advance(Duration.ofSeconds(1));

    JsonNode cancelled = api.send("POST", "/v1/responses/" + id + "/cancel", "").json();

    assertThat(cancelled.get("status").asText()).isEqualTo("cancelled");
    assertThat(slow.cancellations()).isEqualTo(1);
    time.advance(Duration.ofSeconds(30));
    assertThat(polled(id)).isEqualTo(cancelled);
    assertThat(api.send("POST", "/v1/responses/" + id + "/cancel", "").json()).isEqualTo(cancelled);
  }

  @Test
  void cancellingACompletedResponseChangesNothing() {
    String id = api.create(BODY).id();
    time.advance(Duration.ofSeconds(30));
    JsonNode complete = polled(id);

    assertThat(api.send("POST", "/v1/responses/" + id + "/cancel", "").json()).isEqualTo(complete);
  }

  @Test
  void isCancelledBeforeItHasBegun() {
    CompletableFuture<Void> gate = store.hold();
    CompletableFuture<Api.Answer> created = api.sent("POST", "/v1/responses", BODY);
    assertThat(created).isNotDone();
    gate.complete(null);
    var second = store.hold();
    String id = created.join().id();
    CompletableFuture<Api.Answer> cancel = api.sent("POST", "/v1/responses/" + id + "/cancel", "");

    second.complete(null);

    assertThat(cancel.join().json().get("status").asText()).isEqualTo("cancelled");
    time.advance(Duration.ofSeconds(30));
    assertThat(polled(id).get("status").asText()).isEqualTo("cancelled");
  }

  @Test
  void isCancelledByAnotherServer() {
    Api other = api(FakeBackend.tokens("x"));
    String id = api.create(BODY).id();

    JsonNode cancelled = other.send("POST", "/v1/responses/" + id + "/cancel", "").json();
    time.advance(Duration.ofSeconds(30));

    assertThat(cancelled.get("status").asText()).isEqualTo("cancelled");
    assertThat(polled(id)).isEqualTo(cancelled);
  }

  @Test
  void isCancelledWhenItIsDeleted() {
    String id = api.create(BODY).id();

    api.delete("/v1/responses/" + id).json();
    time.advance(Duration.ofSeconds(30));

    assertThat(slow.cancellations()).isEqualTo(1);
    api.get("/v1/responses/" + id).error(404);
  }

  @Test
  void aResponseDeletedByAnotherServerIsNotStoredAgain() {
    Api other = api(FakeBackend.tokens("x"));
    String id = api.create(BODY).id();

    other.delete("/v1/responses/" + id).json();
    time.advance(Duration.ofSeconds(30));

    api.get("/v1/responses/" + id).error(404);
  }

  @Test
  void survivesTheDisconnectOfItsClient() {
    CompletableFuture<Void> gate = store.hold();
    byte[] body = BODY.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    var response =
        api.openai().httpHandler().handle(new ApiRequest("POST", "/v1/responses", Map.of(), body));

    response.cancel(true);
    gate.complete(null);
    time.advance(Duration.ofSeconds(30));

    assertThat(slow.cancellations()).isZero();
    assertThat(slow.calls()).hasSize(1);
  }

  @Test
  void aFailureIsTheStateOfTheResponse() {
    Api failing = api(FakeBackend.failing(BackendCode.UNAVAILABLE, "gone"));

    String id = failing.create(BODY).id();

    JsonNode failed = failing.get("/v1/responses/" + id).json();
    assertThat(failed.get("status").asText()).isEqualTo("failed");
    assertThat(failed.at("/error/code").asText()).isEqualTo("server_error");
    assertThat(failed.at("/error/message").asText()).isEqualTo("gone");
    assertThat(log.messages()).anyMatch(m -> m.startsWith("background response failed id=" + id));
  }

  @Test
  void anInvalidRequestIsRefusedAtOnce() {
    api.create(WRONG).error(400);
    api.create("{'input':'Hi','background':true,'temperature':9}").error(400);
    assertThat(api.create("{'input':'Hi','background':true,'store':false}").error(400).toString())
        .contains("'background'");
    assertThat(api.create("{'input':'Hi','background':true,'stream':true}").error(400).toString())
        .contains("'stream'");
    assertThat(slow.calls()).isEmpty();
  }

  @Test
  void atMostAHundredRun() {
    for (int i = 0; i < 100; i++) {
      api.create(BODY).json();
    }
    Api.Answer refused = api.create(BODY);

    assertThat(refused.error(429).get("message").asText()).contains("100", "background");
    assertThat(refused.headers()).containsKey("retry-after");
    time.advance(Duration.ofSeconds(30));
    api.create(BODY).json();
  }

  @Test
  void aRejectedRequestTakesNoPermit() {
    for (int i = 0; i < 200; i++) {
      api.create(WRONG).error(400);
    }
    store.fail(150);
    for (int i = 0; i < 150; i++) {
      api.create(BODY).error(503);
    }
    api.create(BODY).json();
  }

  @Test
  void theLastStateIsWrittenAgainWhileTheStoreIsDown() {
    String id = api.create(BODY).id();
    store.fail(3);

    time.advance(Duration.ofSeconds(30));

    assertThat(polled(id).get("status").asText()).isEqualTo("completed");
  }

  @Test
  void aStateThatCannotBeWrittenIsReported() {
    String id = api.create(BODY).id();
    store.fail(5);

    time.advance(Duration.ofSeconds(60));

    assertThat(polled(id).get("status").asText()).isEqualTo("in_progress");
    assertThat(log.messages()).anyMatch(m -> m.startsWith("background response lost id=" + id));
  }

  @Test
  void isStoredAsFailedWhenTheServiceCloses() {
    Api running = api(slow);
    String id = running.create(BODY).id();

    running.openai().close();

    JsonNode failed = polled(id);
    assertThat(failed.get("status").asText()).isEqualTo("failed");
    assertThat(failed.at("/error/message").asText()).contains("shutting down");
    assertThat(slow.cancellations()).isEqualTo(1);
  }

  @Test
  void itsConversationGetsItsItemsAtItsEnd() {
    String conversation = api.send("POST", "/v1/conversations", "").id();
    api.create("{'input':'Hi','background':true,'conversation':'" + conversation + "'}").json();
    String path = "/v1/conversations/" + conversation + "/items";
    assertThat(api.get(path).json().get("data")).isEmpty();

    time.advance(Duration.ofSeconds(30));

    assertThat(api.get(path).json().get("data")).hasSize(2);
  }

  @Test
  void javaCreatesPollsAndCancels() {
    OpenAiKServe openai = api.openai();
    Response queued = openai.responses().create(r -> r.input("Hi").background(true));

    assertThat(queued.status()).isEqualTo(ResponseStatus.QUEUED);
    assertThat(openai.responses().retrieve(queued.id()).status())
        .isEqualTo(ResponseStatus.IN_PROGRESS);
    assertThat(openai.responses().cancel(queued.id()).status()).isEqualTo(ResponseStatus.CANCELLED);
    assertThat(openai.responses().cancel(queued.id()).status()).isEqualTo(ResponseStatus.CANCELLED);
  }

  @Test
  void anEndHasOneWinner() {
    for (int i = 0; i < 50; i++) {
      FakeBackend fast = FakeBackend.tokens("Hi");
      Api racing = new Api(Api.builder(fast).responseStore(new SteeredStore()).build());
      String id = racing.create(BODY).id();
      List<CompletableFuture<String>> cancels =
          List.of(cancelled(racing, id), cancelled(racing, id), cancelled(racing, id));

      String end = racing.get("/v1/responses/" + id).json().get("status").asText();

      cancels.forEach(cancel -> assertThat(cancel.join()).isEqualTo(end));
    }
  }

  private static CompletableFuture<String> cancelled(Api api, String id) {
    return CompletableFuture.supplyAsync(
        () ->
            api.send("POST", "/v1/responses/" + id + "/cancel", "").json().get("status").asText());
  }
}
