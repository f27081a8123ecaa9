package io.github.openaikserve.internal.answer.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.CallDiary;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time limits while the model is found and while an answer waits for its reader. */
final class CallDeadlineTest {
  private static final Duration LIMIT = Duration.ofMillis(200);
  private static final byte[] PROMPT =
      "{\"prompt\":\"p\",\"model\":\"m\"}".getBytes(StandardCharsets.UTF_8);

  private final ManualScheduler time = new ManualScheduler();
  private final CallDiary diary = new CallDiary();

  /** A server that never describes or lists its models. */
  private static final class SilentServer implements InferenceBackend {
    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      throw new AssertionError("no model was found");
    }

    @Override
    public CompletionStage<Optional<ModelMetadata>> modelMetadata(String name, String version) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Optional<List<RepositoryIndexEntry>>> repositoryIndex() {
      return new CompletableFuture<>();
    }
  }

  private OpenAiKServe silent(boolean discovers) {
    var builder = OpenAiKServe.builder(new SilentServer()).scheduler(time).listener(diary);
    return discovers
        ? builder.discover().build()
        : builder.model("m", m -> m.detect(true).timeout(LIMIT.multipliedBy(4))).build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theCallersLimitCoversFindingTheModel(boolean discovers) {
    var answer =
        silent(discovers)
            .with(o -> o.timeout(LIMIT))
            .completions()
            .createAsync(r -> r.prompt("p").model("m"));

    time.advance(LIMIT.minusNanos(1));
    assertThat(answer).isNotDone();
    time.advance(Duration.ofNanos(1));

    assertThat(answer).isDone();
    ExecutionException failed = catchThrowableOfType(ExecutionException.class, answer::get);
    assertThat(((BackendException) Objects.requireNonNull(failed.getCause())).status())
        .isEqualTo(504);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theLimitOfAnHttpClientCoversFindingTheModel(boolean discovers) {
    var headers = Map.of("x-stainless-timeout", List.of("0.2"));
    CompletableFuture<ApiResponse> response =
        silent(discovers)
            .httpHandler()
            .handle(new ApiRequest("POST", "/v1/completions", headers, PROMPT));

    time.advance(LIMIT.minusNanos(1));
    assertThat(response).isNotDone();
    time.advance(Duration.ofNanos(1));

    assertThat(response).isDone();
    assertThat(response.join().status()).isEqualTo(504);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRequestWithoutALimitFailsWhenTheServerDoesNotDescribeTheModel(boolean discovers) {
    OpenAiKServe openai = silent(discovers);
    for (int i = 0; i < 2; i++) { // the second request does not wait for the first question
      CompletableFuture<ApiResponse> response =
          openai.httpHandler().handle(new ApiRequest("POST", "/v1/completions", Map.of(), PROMPT));

      time.advance(Duration.ofSeconds(20));

      assertThat(response).isDone();
      assertThat(response.join().status()).isGreaterThanOrEqualTo(400);
      assertThat(time.waiting()).as("the next listing").isEqualTo(discovers ? 1 : 0);
    }
  }

  @Test
  void aRequestThatIsCancelledWhileItsModelIsFoundDoesNotFailTheOthers() {
    OpenAiKServe openai = silent(false);
    var first = openai.with(o -> o.timeout(LIMIT)).completions().createAsync(r -> r.prompt("p"));
    var second = openai.completions().createAsync(r -> r.prompt("p"));

    first.cancel(false);

    assertThat(second).isNotDone();
  }

  private FakeBackend talkative() {
    InferResponse token = InferResponse.of(Tensor.text("token", "a token of some length"));
    return FakeBackend.answering(
        call -> ScriptedResponse.of(Collections.nCopies(5000, token)).thenHangs());
  }

  private CompletableFuture<ApiResponse> stream(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .scheduler(time)
        .listener(diary)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).timeout(Duration.ofMinutes(10)))
        .build()
        .httpHandler()
        .handle(Requests.post("/v1/completions", "{\"prompt\":\"p\",\"stream\":true}"));
  }

  private List<String> ends() {
    return diary.received().stream().filter(CallDiary::isAnEnd).toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 3})
  void aReaderThatStallsEndsWithTheTotalLimit(long buffers) {
    FakeBackend backend = talkative();
    var reader = new TestSubscriber<ByteBuffer>(buffers);
    stream(backend).join().body().subscribe(reader);
    time.advance(Duration.ofMinutes(10).minusNanos(1));
    assertThat(ends()).isEmpty();
    assertThat(backend.cancellations()).isZero();

    time.advance(Duration.ofNanos(1));

    assertThat(ends()).singleElement().asString().startsWith("failed 504");
    assertThat(backend.cancellations()).isEqualTo(1);
    assertThat(time.waiting()).isZero();
    time.advance(Duration.ofHours(24));
    assertThat(ends()).hasSize(1);
    reader.request(Long.MAX_VALUE);
    assertThat(reader.isCompleted()).isTrue();
    ByteBuffer last = reader.items().get(reader.items().size() - 1);
    assertThat(StandardCharsets.UTF_8.decode(last).toString()).contains("event: error");
  }

  @Test
  void aBodyThatIsNotReadIsClosedAfter30Seconds() {
    FakeBackend backend = talkative();
    ApiResponse response = stream(backend).join();
    time.advance(Duration.ofSeconds(30).minusNanos(1));
    assertThat(backend.cancellations()).isZero();

    time.advance(Duration.ofNanos(1));

    assertThat(ends()).singleElement().asString().startsWith("cancelled");
    assertThat(backend.cancellations()).isEqualTo(1);
    assertThat(time.waiting()).isZero();
    response.body().close();
    assertThat(ends()).hasSize(1);
  }

  @Test
  void aBodyThatIsReadWithin30SecondsIsNotClosed() {
    FakeBackend backend = talkative();
    ApiResponse response = stream(backend).join();
    time.advance(Duration.ofSeconds(30).minusNanos(1));
    response.body().subscribe(new TestSubscriber<>());

    time.advance(Duration.ofMinutes(5));

    assertThat(backend.cancellations()).isZero();
    assertThat(ends()).isEmpty();
  }

  @Test
  void aBodyOfACompletedCallMayBeReadLater() {
    ApiResponse response = stream(FakeBackend.tokens("a", "b")).join();

    time.advance(Duration.ofHours(1));

    assertThat(ends()).singleElement().asString().startsWith("completed");
    assertThat(Bodies.text(response)).endsWith("data: [DONE]\n\n");
    assertThat(time.waiting()).isZero();
  }
}
