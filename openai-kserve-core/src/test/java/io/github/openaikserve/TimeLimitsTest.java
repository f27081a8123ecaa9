package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.CircuitState;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a call may take, and who says so. */
final class TimeLimitsTest {
  private static final CreateChatCompletionRequest HELLO =
      CreateChatCompletionRequest.builder().user("Hi").build();
  private static final InferResponse A = InferResponse.of(Tensor.text("token", "a"));

  private final ManualScheduler time = new ManualScheduler();

  private OpenAiKServe openai(InferenceBackend backend, Consumer<ModelBuilder> model) {
    return OpenAiKServe.builder(backend)
        .scheduler(time)
        .model(
            "m",
            m -> {
              m.dialect(Dialects.ANYSERVE);
              model.accept(m);
            })
        .build();
  }

  private static FakeBackend silentAfter(InferResponse... responses) {
    return FakeBackend.answering(call -> ScriptedResponse.of(List.of(responses)).thenHangs());
  }

  private static BackendException failure(CompletableFuture<?> answer) {
    ExecutionException failed = catchThrowableOfType(ExecutionException.class, answer::get);
    return (BackendException) Objects.requireNonNull(failed.getCause());
  }

  @Test
  void aWholeCallThatTimesOutIsCancelledAndCarriesThePartialText() {
    FakeBackend server = silentAfter(A, A);
    CompletableFuture<ChatCompletion> answer =
        openai(server, m -> m.timeout(Duration.ofSeconds(30))).chatCompletions().createAsync(HELLO);

    time.advance(Duration.ofMillis(29_999));
    assertThat(answer).isNotDone();
    time.advance(Duration.ofMillis(1));

    BackendException failure = failure(answer);
    assertThat(failure.status()).isEqualTo(504);
    assertThat(failure.code()).isEqualTo("deadline_exceeded");
    assertThat(failure.partialText()).isEqualTo("aa");
    assertThat(server.cancellations()).isEqualTo(1);
    assertThat(time.waiting()).isZero();
  }

  @Test
  void theDeadlineTravelsToTheBackend() {
    FakeBackend server = FakeBackend.tokens("a");

    openai(server, m -> m.timeout(Duration.ofSeconds(30))).chatCompletions().create(HELLO);

    assertThat(server.calls().get(0).timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(time.waiting()).isZero();
  }

  @Test
  void theTimeSpentQueueingCountsTowardsTheTimeout() {
    FakeBackend server = silentAfter(A);
    var openai =
        openai(
            server,
            m -> m.timeout(Duration.ofSeconds(30)).concurrencyLimit(ConcurrencyLimit.of(1)));
    CompletableFuture<ChatCompletion> first = openai.chatCompletions().createAsync(HELLO);
    CompletableFuture<ChatCompletion> second = openai.chatCompletions().createAsync(HELLO);

    time.advance(Duration.ofSeconds(10));
    first.cancel(false);

    assertThat(server.calls().get(1).timeout()).isEqualTo(Duration.ofSeconds(20));
    time.advance(Duration.ofSeconds(20));
    assertThat(failure(second).backendCode()).isEqualTo(BackendCode.DEADLINE_EXCEEDED);
  }

  @Test
  void aFirstTokenThatDoesNotComeEndsTheCall() {
    FakeBackend server = silentAfter();
    CompletableFuture<ChatCompletion> answer =
        openai(server, m -> m.firstTokenTimeout(Duration.ofSeconds(5)))
            .chatCompletions()
            .createAsync(HELLO);

    time.advance(Duration.ofSeconds(5));

    assertThat(failure(answer)).hasMessageContaining("did not start");
    assertThat(server.cancellations()).isEqualTo(1);
  }

  @Test
  void aSilenceAfterTheFirstTokenEndsTheCall() {
    FakeBackend server = silentAfter(A);
    CompletableFuture<ChatCompletion> answer =
        openai(
                server,
                m ->
                    m.firstTokenTimeout(Duration.ofSeconds(50))
                        .interTokenTimeout(Duration.ofSeconds(2)))
            .chatCompletions()
            .createAsync(HELLO);

    time.advance(Duration.ofSeconds(2));

    assertThat(failure(answer)).hasMessageContaining("stopped sending");
    assertThat(failure(answer).partialText()).isEqualTo("a");
    assertThat(time.waiting()).isZero();
  }

  @Test
  void tokensThatKeepComingKeepTheCallAlive() {
    FakeBackend server =
        FakeBackend.answering(
                call ->
                    ScriptedResponse.of(List.of(A, A, A, A, A, A)).every(Duration.ofMillis(1900)))
            .scheduler(time);
    CompletableFuture<ChatCompletion> answer =
        openai(server, m -> m.interTokenTimeout(Duration.ofSeconds(2)))
            .chatCompletions()
            .createAsync(HELLO);

    time.advance(Duration.ofSeconds(20));

    assertThat(answer.join().text()).isEqualTo("aaaaaa");
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aReaderThatStopsIsNotAServerFault() {
    List<InferResponse> many = Collections.nCopies(500, A);
    FakeBackend server = FakeBackend.answering(call -> ScriptedResponse.of(many));
    var reader = new TestSubscriber<ChatCompletionChunk>();
    openai(server, m -> m.interTokenTimeout(Duration.ofSeconds(2)))
        .chatCompletions()
        .streamAsync(HELLO)
        .subscribe(reader);
    reader.request(3);

    time.advance(Duration.ofMinutes(5));

    assertThat(reader.failure()).isNull();
    reader.request(Long.MAX_VALUE);
    assertThat(reader.isCompleted()).isTrue();
    assertThat(reader.items()).hasSize(502);
  }

  @Test
  void oneOfSeveralChoicesThatIsSilentDoesNotEndTheOthersButTheirTotalDoes() {
    int[] number = {0};
    FakeBackend server =
        FakeBackend.answering(
                call ->
                    number[0]++ == 0
                        ? ScriptedResponse.of(List.of(A)).thenHangs()
                        : ScriptedResponse.of(Collections.nCopies(100, A))
                            .every(Duration.ofSeconds(1)))
            .scheduler(time);
    CompletableFuture<ChatCompletion> answer =
        openai(
                server,
                m -> m.timeout(Duration.ofSeconds(20)).interTokenTimeout(Duration.ofSeconds(2)))
            .chatCompletions()
            .createAsync(r -> r.user("Hi").n(2));

    time.advance(Duration.ofSeconds(19));
    assertThat(answer).isNotDone();
    time.advance(Duration.ofSeconds(1));

    assertThat(failure(answer)).hasMessageContaining("did not finish");
    assertThat(server.cancellations()).isEqualTo(2);
  }

  @Test
  void aJavaCallerHasItsOwnLimits() {
    FakeBackend server = silentAfter(A);
    var openai = openai(server, m -> m.timeout(Duration.ofSeconds(5)));
    var options = RequestOptions.builder().timeout(Duration.ofMinutes(2)).build();
    CompletableFuture<ChatCompletion> answer =
        openai.with(options).chatCompletions().createAsync(HELLO);

    time.advance(Duration.ofSeconds(119));
    assertThat(answer).isNotDone();
    assertThat(server.calls().get(0).timeout()).isEqualTo(Duration.ofMinutes(2));
    time.advance(Duration.ofSeconds(1));

    assertThat(answer).isCompletedExceptionally();
  }

  @ParameterizedTest
  @CsvSource({
    "x-stainless-read-timeout, 7, 7000",
    "X-Stainless-Read-Timeout, 0.5, 500",
    "x-stainless-timeout, 7, 7000",
    "x-stainless-read-timeout, 3600, 30000",
    "x-stainless-read-timeout, -1, 30000",
    "x-stainless-read-timeout, 1e9, 30000",
    "x-stainless-read-timeout, 1.2.3, 30000",
    "x-stainless-read-timeout, 0, 30000",
    "x-stainless-read-timeout, 99999999999999999999, 30000",
  })
  void anHttpClientMayShortenButNotLengthen(String header, String seconds, long millis) {
    FakeBackend server = silentAfter(A);
    CompletableFuture<ApiResponse> answer =
        openai(server, m -> m.timeout(Duration.ofSeconds(30)))
            .httpHandler()
            .handle(post("", header, seconds));

    assertThat(server.calls().get(0).timeout()).isEqualTo(Duration.ofMillis(millis));
    time.advance(Duration.ofMillis(millis - 1));
    assertThat(answer).isNotDone();
    time.advance(Duration.ofMillis(1));

    assertThat(answer.join().status()).isEqualTo(504);
    assertThat(Bodies.text(answer.join())).contains("\"code\":\"deadline_exceeded\"");
  }

  @Test
  void aStreamsReadTimeoutIsForEveryReadOfIt() {
    FakeBackend server =
        FakeBackend.answering(
                call ->
                    ScriptedResponse.of(List.of(A, A, A)).thenHangs().every(Duration.ofSeconds(4)))
            .scheduler(time);
    CompletableFuture<ApiResponse> answer =
        openai(server, m -> {})
            .httpHandler()
            .handle(post("\"stream\":true,", "x-stainless-read-timeout", "5"));
    time.advance(Duration.ofSeconds(4));
    ApiResponse response = answer.join();
    assertThat(response.status()).isEqualTo(200);
    var reader = new TestSubscriber<ByteBuffer>();
    response.body().subscribe(reader);
    reader.request(Long.MAX_VALUE);

    time.advance(Duration.ofSeconds(13));

    assertThat(reader.items().stream().map(StandardCharsets.UTF_8::decode).toList().toString())
        .contains("\"content\":\"a\"", "\"code\":\"deadline_exceeded\"")
        .doesNotContain("[DONE]");
    assertThat(server.cancellations()).isEqualTo(1);
  }

  @Test
  void aServerThatMissesATimeLimitOfTheServiceHasFailed() {
    BalancedBackend backend = balanced(silentAfter());
    CompletableFuture<ChatCompletion> answer =
        openai(backend, m -> m.firstTokenTimeout(Duration.ofSeconds(5)))
            .chatCompletions()
            .createAsync(HELLO);

    time.advance(Duration.ofSeconds(5));

    assertThat(answer).isCompletedExceptionally();
    assertThat(circuit(backend)).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void aServerThatStopsSendingForLongerThanTheServiceAllowsHasFailed() {
    BalancedBackend backend = balanced(silentAfter(A));
    CompletableFuture<ChatCompletion> answer =
        openai(backend, m -> m.interTokenTimeout(Duration.ofSeconds(5)))
            .chatCompletions()
            .createAsync(HELLO);

    time.advance(Duration.ofSeconds(5));

    assertThat(answer).isCompletedExceptionally();
    assertThat(circuit(backend)).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void aTimeLimitThatTheCallerSetShorterSaysNothingAboutTheServer() {
    BalancedBackend backend = balanced(silentAfter());
    OpenAiKServe openai = openai(backend, m -> m.firstTokenTimeout(Duration.ofSeconds(5)));
    List<RequestOptions> callers =
        List.of(
            RequestOptions.builder().timeout(Duration.ofSeconds(1)).build(),
            RequestOptions.builder().firstTokenTimeout(Duration.ofSeconds(1)).build(),
            RequestOptions.builder().interTokenTimeout(Duration.ofSeconds(1)).build());

    for (RequestOptions caller : callers) {
      CompletableFuture<ChatCompletion> answer =
          openai.with(caller).chatCompletions().createAsync(HELLO);
      time.advance(Duration.ofSeconds(1));
      answer.cancel(false);
    }

    assertThat(circuit(backend)).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void aServerWhoseAnswerCannotBeDecodedHasFailed() {
    BalancedBackend backend =
        balanced(FakeBackend.responses(InferResponse.of(Tensor.text("unexpected", "a"))));

    CompletableFuture<ChatCompletion> answer =
        openai(backend, m -> {}).chatCompletions().createAsync(HELLO);

    assertThat(answer).isCompletedExceptionally();
    assertThat(circuit(backend)).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void anAnswerThatIsTooLongDoesNotCountAgainstTheServer() {
    BalancedBackend backend = balanced(silentAfter(A));
    CompletableFuture<ChatCompletion> answer =
        openai(backend, m -> m.timeout(Duration.ofSeconds(5))).chatCompletions().createAsync(HELLO);

    time.advance(Duration.ofSeconds(5));

    assertThat(answer).isCompletedExceptionally();
    assertThat(circuit(backend)).isEqualTo(CircuitState.CLOSED);
    assertThat(time.waiting()).as("the next health check").isEqualTo(1);
  }

  private BalancedBackend balanced(FakeBackend server) {
    return BalancedBackend.builder(EndpointSource.of("gpu-1:8001"), endpoint -> server)
        .circuitBreaker(CircuitBreakerPolicy.builder().consecutiveFailures(1).build())
        .scheduler(time)
        .build();
  }

  private static CircuitState circuit(BalancedBackend backend) {
    return backend.endpoints().get(0).circuit();
  }

  @Test
  void aCancelledCallLeavesNoTimer() {
    CompletableFuture<ChatCompletion> answer =
        openai(silentAfter(A), m -> m.interTokenTimeout(Duration.ofSeconds(2)))
            .chatCompletions()
            .createAsync(HELLO);

    answer.cancel(false);

    assertThat(time.waiting()).isZero();
  }

  private static ApiRequest post(String fields, String header, String value) {
    String body = "{" + fields + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    return new ApiRequest(
        "POST",
        "/v1/chat/completions",
        Map.of(header, List.of(value)),
        body.getBytes(StandardCharsets.UTF_8));
  }
}
