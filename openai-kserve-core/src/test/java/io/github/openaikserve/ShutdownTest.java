package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.ShuttingDownException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ShutdownTest {
  private static final InferResponse TOKEN =
      InferResponse.of(Tensor.text("token", "a"), Tensor.text("finish_reason", "null"));
  private static final InferResponse END =
      InferResponse.of(Tensor.text("token", ""), Tensor.text("finish_reason", "stop"));

  private final FakeBackend endless =
      FakeBackend.answering(call -> ScriptedResponse.of(List.of(TOKEN)).thenHangs());

  private static OpenAiKServe openai(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model("m", Dialects.ANYSERVE)
        .shutdownTimeout(Duration.ZERO)
        .build();
  }

  private static ApiResponse get(OpenAiKServe openai, String path) {
    return openai.httpHandler().answer(new ApiRequest("GET", path, Map.of(), new byte[0]));
  }

  private static ApiResponse post(OpenAiKServe openai, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return openai.httpHandler().answer(new ApiRequest("POST", "/v1/completions", Map.of(), body));
  }

  @Test
  void newRequestsAreRefusedAfterAShutdown() {
    var backend = FakeBackend.tokens("a");
    OpenAiKServe openai = openai(backend);

    openai.shutdown();

    assertThatExceptionOfType(ShuttingDownException.class)
        .isThrownBy(() -> openai.completions().create(r -> r.prompt("p")))
        .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(503));
    assertThat(openai.isShutdown()).isTrue();
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void aRefusalOverHttpIsAnErrorOfOpenAi() {
    OpenAiKServe openai = openai(FakeBackend.tokens("a"));
    openai.shutdown();

    ApiResponse response = post(openai, "{\"prompt\":\"p\"}");

    assertThat(response.status()).isEqualTo(503);
    assertThat(new String(response.body().bytes(), StandardCharsets.UTF_8))
        .contains("\"code\":\"server_shutting_down\"", "\"type\":\"server_error\"");
  }

  @ParameterizedTest
  @CsvSource({"/health/live,200", "/health/ready,503", "/health,503", "/v1/models,503"})
  void aProcessThatShutsDownIsAliveButNotReady(String path, int status) {
    OpenAiKServe openai = openai(FakeBackend.tokens("a"));
    openai.shutdown();

    assertThat(get(openai, path).status()).isEqualTo(status);
  }

  @Test
  void aCallThatRunsIsWaitedFor() throws Exception {
    OpenAiKServe openai = openai(endless);
    var stream = openai.completions().stream(r -> r.prompt("p"));
    stream.iterator().next();

    openai.shutdown();

    assertThat(openai.awaitTermination(Duration.ZERO)).isFalse();
    stream.close();
    assertThat(openai.awaitTermination(Duration.ZERO)).isTrue();
  }

  @Test
  void aShutdownWithoutCallsHasTerminated() throws Exception {
    OpenAiKServe openai = openai(FakeBackend.tokens("a"));
    openai.completions().create(r -> r.prompt("p"));

    assertThat(openai.awaitTermination(Duration.ZERO)).isFalse();
    openai.shutdown();

    assertThat(openai.awaitTermination(Duration.ZERO)).isTrue();
  }

  @Test
  void aCloseWaitsForTheCallsThatEnd() {
    var time = new ManualScheduler();
    var backend =
        FakeBackend.answering(
                call -> ScriptedResponse.of(List.of(TOKEN, END)).every(Duration.ofSeconds(1)))
            .scheduler(time);
    var openai =
        OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).scheduler(time).build();
    CompletableFuture<Completion> answer = openai.completions().createAsync(r -> r.prompt("p"));

    CompletableFuture<Void> closing = CompletableFuture.runAsync(openai::close);
    while (!openai.isShutdown()) {
      Thread.onSpinWait();
    }
    time.advance(Duration.ofSeconds(10));

    closing.join();
    assertThat(answer).isCompletedWithValueMatching(completion -> completion.text().equals("a"));
  }

  @Test
  void aCallHasEndedWhenItsListenersKnow() throws Exception {
    var time = new ManualScheduler();
    List<Boolean> terminated = new ArrayList<>();
    var service = new AtomicReference<OpenAiKServe>();
    CallListener listener =
        call ->
            new CallObserver() {
              @Override
              public void completed(
                  long nanos, @Nullable CompletionUsage usage, List<FinishReason> reasons) {
                try {
                  terminated.add(
                      Objects.requireNonNull(service.get()).awaitTermination(Duration.ZERO));
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }
            };
    var backend =
        FakeBackend.answering(
                call -> ScriptedResponse.of(List.of(TOKEN, END)).every(Duration.ofSeconds(1)))
            .scheduler(time);
    var openai =
        OpenAiKServe.builder(backend)
            .model("m", Dialects.ANYSERVE)
            .scheduler(time)
            .listener(listener)
            .build();
    service.set(openai);
    CompletableFuture<Completion> answer = openai.completions().createAsync(r -> r.prompt("p"));

    openai.shutdown();
    time.advance(Duration.ofSeconds(10));

    assertThat(answer).isCompleted();
    assertThat(terminated).containsExactly(false);
    assertThat(openai.awaitTermination(Duration.ZERO)).isTrue();
  }

  @Test
  void aCloseEndsTheCallsThatDoNotEnd() throws Exception {
    OpenAiKServe openai = openai(endless);
    CompletableFuture<Completion> answer = openai.completions().createAsync(r -> r.prompt("p"));
    Iterator<Completion> chunks = openai.completions().stream(r -> r.prompt("p")).iterator();
    ApiResponse events = post(openai, "{\"prompt\":\"p\",\"stream\":true}");
    chunks.next();

    openai.close();

    assertThat(catchThrowable(answer::get))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ShuttingDownException.class);
    assertThatExceptionOfType(ShuttingDownException.class).isThrownBy(chunks::hasNext);
    assertThat(new String(events.body().bytes(), StandardCharsets.UTF_8))
        .contains("\"text\":\"a\"", "server_shutting_down");
    assertThat(endless.cancellations()).isEqualTo(3);
    assertThat(openai.awaitTermination(Duration.ZERO)).isTrue();
    assertThat(endless.isClosed()).isFalse();
  }

  @Test
  void aCallThatBeginsAfterAShutdownIsRefused() throws Exception {
    OpenAiKServe openai = openai(endless);
    var stream = openai.completions().stream(r -> r.prompt("p"));

    openai.shutdown();

    Iterator<Completion> chunks = stream.iterator();
    assertThatExceptionOfType(ShuttingDownException.class).isThrownBy(chunks::hasNext);
    assertThat(endless.calls()).isEmpty();
    assertThat(openai.awaitTermination(Duration.ZERO)).isTrue();
  }

  @Test
  void aViewIsClosedWithItsOrigin() {
    OpenAiKServe openai = openai(FakeBackend.tokens("a"));
    OpenAiKServe view = openai.with(o -> o.requestId("id"));

    openai.close();

    assertThat(view.isShutdown()).isTrue();
  }

  @Test
  void anInterruptEndsTheWaitOfAClose() throws Exception {
    var openai = OpenAiKServe.builder(endless).model("m", Dialects.ANYSERVE).build();
    CompletableFuture<Completion> answer = openai.completions().createAsync(r -> r.prompt("p"));

    Thread.currentThread().interrupt();
    openai.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(answer).isCompletedExceptionally();
  }
}
