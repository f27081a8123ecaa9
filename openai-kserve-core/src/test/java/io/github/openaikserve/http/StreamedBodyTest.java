package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.LogCapture;
import io.github.openaikserve.testsupport.Requests;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the body of a stream ends, and which thread hands it over. */
final class StreamedBodyTest {
  private static final ScriptedResponse HANGS =
      ScriptedResponse.of(List.of(InferResponse.of(Tensor.text("token", "a")))).thenHangs();
  private static final ScriptedResponse FAILS =
      ScriptedResponse.of(List.of(InferResponse.of(Tensor.text("token", "a"))))
          .thenFails(new BackendException(BackendCode.UNAVAILABLE, "The server went away."));

  @RegisterExtension
  final LogCapture log = new LogCapture("io.github.openaikserve.internal.http.Router", Level.WARN);

  private final ManualScheduler time = new ManualScheduler();

  private CompletableFuture<ApiResponse> ask(
      FakeBackend backend, String fields, UnaryOperator<OpenAiKServe.Builder> settings) {
    return settings
        .apply(OpenAiKServe.builder(backend).scheduler(time).keepAlive(null))
        .model("m", Dialects.ANYSERVE)
        .build()
        .httpHandler()
        .handle(Requests.post("/v1/completions", "{" + fields + "\"prompt\":\"p\"}"));
  }

  private CompletableFuture<ApiResponse> stream(
      FakeBackend backend, UnaryOperator<OpenAiKServe.Builder> settings) {
    return ask(backend, "\"stream\":true,", settings);
  }

  private static String text(TestSubscriber<ByteBuffer> reader) {
    return reader.items().stream()
        .map(buffer -> StandardCharsets.UTF_8.decode(buffer.duplicate()).toString())
        .collect(Collectors.joining());
  }

  @Test
  void aBodyThatIsNotReadWithin30SecondsIsClosed() {
    var backend = FakeBackend.answering(call -> HANGS);
    ApiResponse response = stream(backend, UnaryOperator.identity()).join();

    time.advance(Duration.ofMillis(29_999));
    assertThat(backend.cancellations()).isZero();
    time.advance(Duration.ofMillis(1));

    assertThat(backend.cancellations()).isEqualTo(1);
    var late = new TestSubscriber<ByteBuffer>(Long.MAX_VALUE);
    response.body().subscribe(late);
    assertThat(late.items()).isEmpty();
  }

  @Test
  void aBodyThatIsReadStaysOpenHoweverSilentItsServerIs() {
    var backend = FakeBackend.answering(call -> HANGS);
    var reader = new TestSubscriber<ByteBuffer>(Long.MAX_VALUE);
    stream(backend, UnaryOperator.identity()).join().body().subscribe(reader);

    time.advance(Duration.ofMinutes(5));

    assertThat(backend.cancellations()).isZero();
    assertThat(reader.isOpen()).isTrue();
  }

  @Test
  void aStreamThatFailsCompletesAfterItsErrorEvent() {
    var reader = new TestSubscriber<ByteBuffer>(Long.MAX_VALUE);
    stream(FakeBackend.answering(call -> FAILS), UnaryOperator.identity())
        .join()
        .body()
        .subscribe(reader);

    reader.awaitCompletion();
    assertThat(text(reader)).contains("event: error\n").doesNotContain("[DONE]");
  }

  @Test
  void aServiceThatAbortsFailedStreamsFailsTheBodyAfterTheErrorEvent() {
    var reader = new TestSubscriber<ByteBuffer>(Long.MAX_VALUE);
    stream(FakeBackend.answering(call -> FAILS), b -> b.abortFailedStreams(true))
        .join()
        .body()
        .subscribe(reader);

    assertThat(reader.awaitFailure()).isInstanceOf(BackendException.class);
    assertThat(text(reader)).contains("event: error\n").doesNotContain("[DONE]");
  }

  @Test
  void theChoicesOfARequestShareTheLimitOfGeneratedText() {
    var limits = RequestLimits.builder().generatedText(5).build();
    var backend = FakeBackend.answering(call -> ScriptedResponse.tokens(call, "abc"));

    ApiResponse one = ask(backend, "", b -> b.requestLimits(limits)).join();
    ApiResponse two = ask(backend, "\"n\":2,", b -> b.requestLimits(limits)).join();

    assertThat(one.status()).isEqualTo(200);
    assertThat(two.status()).isEqualTo(502);
    assertThat(Bodies.text(two))
        .contains("response_too_large", "more than 5 bytes of text, the limit for one request");
  }

  @Test
  void theExecutorHandsTheResponseOver() {
    Queue<Runnable> tasks = new ArrayDeque<>();
    CompletableFuture<ApiResponse> response =
        stream(FakeBackend.tokens("a"), b -> b.executor(tasks::add));

    assertThat(response).isNotDone();
    tasks.remove().run();

    assertThat(response.join().status()).isEqualTo(200);
  }

  @Test
  void anExecutorThatRejectsTasksLosesNoResponseAndIsLoggedOnce() {
    OpenAiHandler handler =
        OpenAiKServe.builder(FakeBackend.tokens("a"))
            .executor(
                task -> {
                  throw new RejectedExecutionException("full");
                })
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler();

    for (int i = 0; i < 3; i++) {
      ApiResponse response =
          handler.answer(Requests.post("/v1/completions", "{\"prompt\":\"p\",\"stream\":true}"));
      assertThat(Bodies.text(response)).endsWith("data: [DONE]\n\n");
    }

    assertThat(log.messages())
        .containsExactly("executor of responses failed, further failures are not logged");
  }
}
