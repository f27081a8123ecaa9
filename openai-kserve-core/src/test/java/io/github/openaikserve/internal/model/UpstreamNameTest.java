package io.github.openaikserve.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The model name that a busy server reports after its generations. */
final class UpstreamNameTest {
  private static final Duration BUSY = Duration.ofSeconds(4);
  private static final Duration PAUSE = BUSY.dividedBy(2); // before the response, and the end

  private final ManualScheduler time = new ManualScheduler();
  private final FakeBackend backend =
      FakeBackend.answering(
              call ->
                  ScriptedResponse.of(
                          List.of(InferResponse.of(Tensor.text("model_name", "reported"))))
                      .every(PAUSE))
          .scheduler(time);
  private final OpenAiHandler handler =
      OpenAiKServe.builder(backend)
          .scheduler(time)
          .model("configured", Dialects.ANYSERVE)
          .build()
          .httpHandler();

  private CompletableFuture<ApiResponse> list() {
    return handler.handle(Requests.get("/v1/models"));
  }

  private CompletableFuture<ApiResponse> ask(String model) {
    String body =
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}".formatted(model);
    return handler.handle(Requests.post("/v1/chat/completions", body));
  }

  private static String body(CompletableFuture<ApiResponse> response) {
    assertThat(response).isDone();
    return Bodies.text(response.join());
  }

  @Test
  void theFirstListWaitsHalfASecondAndLaterOnesNotAtAll() {
    CompletableFuture<ApiResponse> first = list();
    assertThat(first).isNotDone();
    time.advance(Duration.ofMillis(500));
    assertThat(body(first)).contains("configured").doesNotContain("reported");

    assertThat(body(list())).contains("configured").doesNotContain("reported");
    assertThat(backend.calls()).hasSize(1);

    time.advance(BUSY);
    assertThat(body(list())).contains("configured", "reported");

    time.advance(BUSY); // it is asked again, and not waited for
    assertThat(body(list())).contains("configured", "reported");
    assertThat(backend.calls()).hasSize(2);
  }

  @Test
  void aRequestForAnUnknownModelIsRefusedWithoutTheServer() {
    CompletableFuture<ApiResponse> first = ask("unknown");
    time.advance(Duration.ofMillis(500));
    assertThat(first).isCompletedWithValueMatching(refused -> refused.status() == 404);

    assertThat(ask("unknown")).isCompletedWithValueMatching(refused -> refused.status() == 404);
    assertThat(ask("reported")).isCompletedWithValueMatching(early -> early.status() == 404);

    time.advance(BUSY);
    assertThat(ask("reported")).isNotDone(); // it is found, and the server asked
    assertThat(ask("unknown")).isCompletedWithValueMatching(refused -> refused.status() == 404);
  }
}
