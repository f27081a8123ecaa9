package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.openai.Prompt;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What observers of calls receive, in which order, and how often. */
final class CallListenerTest {
  private static final InferResponse A = InferResponse.of(Tensor.text("token", "a"));
  private static final CreateChatCompletionRequest HELLO =
      CreateChatCompletionRequest.builder().user("Hi").build();

  private final ManualScheduler time = new ManualScheduler();
  private final CallDiary diary = new CallDiary();

  private OpenAiKServe openai(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .scheduler(time)
        .listener(diary)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).alias("other"))
        .build();
  }

  @Test
  void aWholeAnswerIsObservedFromStartToEnd() {
    FakeBackend server =
        FakeBackend.answering(call -> ScriptedResponse.of(List.of(A, A)).every(Duration.ofNanos(5)))
            .scheduler(time);
    CompletableFuture<ChatCompletion> answer =
        openai(server).chatCompletions().createAsync(r -> r.model("other").user("Hi").seed(1L));

    time.advance(Duration.ofSeconds(1));

    assertThat(answer.join().text()).isEqualTo("aa");
    assertThat(diary.received())
        .containsExactly(
            "start m/other CHAT false",
            "dropped [seed]",
            "response 5",
            "response 10",
            "completed [STOP] 5 2 true");
  }

  @Test
  void aStreamIsObservedFromTheMomentItIsRead() {
    var chunks = openai(FakeBackend.tokens("a", "b")).chatCompletions().stream(HELLO);
    assertThat(diary.received()).isEmpty();

    chunks.forEach(chunk -> {});

    assertThat(diary.received())
        .startsWith("start m/null CHAT true", "response 0", "response 0")
        .endsWith("completed [STOP] 5 2 true");
    chunks.close();
    assertThat(diary.received()).filteredOn(CallDiary::isAnEnd).hasSize(1);
  }

  @Test
  void aTokenCounterThatThrowsDoesNotSuppressTheEnd() {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("a"))
            .listener(diary)
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .tokenCounter(
                            text -> {
                              throw new IllegalStateException("expected by this test");
                            }))
            .build();

    assertThat(openai.chatCompletions().createAsync(HELLO)).isCompletedExceptionally();
    assertThat(diary.received()).filteredOn(CallDiary::isAnEnd).hasSize(1);
  }

  @Test
  void aStreamThatIsNeverReadMakesNoCall() {
    openai(FakeBackend.tokens("a")).chatCompletions().stream(HELLO).close();

    assertThat(diary.received()).isEmpty();
  }

  @Test
  void aFailureIsReportedWithoutItsMessage() {
    FakeBackend server =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(List.of(A))
                    .thenFails(new BackendException(BackendCode.INTERNAL, "secret words")));

    openai(server).chatCompletions().createAsync(HELLO);

    assertThat(diary.received())
        .containsExactly("start m/null CHAT false", "response 0", "failed 502 internal 5 1 true");
  }

  @Test
  void aRequestThatCannotBeServedFails() {
    openai(FakeBackend.tokens("a")).chatCompletions().createAsync(r -> r.user("Hi").logprobs(true));

    assertThat(diary.received()).hasSize(2).first().isEqualTo("start m/null CHAT false");
    assertThat(diary.received().get(1)).startsWith("failed 400");
  }

  @Test
  void aCancelledCallIsReportedAsCancelled() {
    FakeBackend server = FakeBackend.answering(call -> ScriptedResponse.of(List.of(A)).thenHangs());
    CompletableFuture<ChatCompletion> answer = openai(server).chatCompletions().createAsync(HELLO);

    answer.cancel(false);

    assertThat(diary.received())
        .containsExactly("start m/null CHAT false", "response 0", "cancelled 5 1 true");
  }

  @Test
  void theCountsOfTheServerAreReportedForACancelledCall() {
    InferResponse counted =
        InferResponse.of(
            Tensor.text("text_output", "a b c"),
            Tensor.ints("num_input_tokens", 7),
            Tensor.ints("num_output_tokens", 3));
    FakeBackend server =
        FakeBackend.answering(call -> ScriptedResponse.of(List.of(counted)).thenHangs());
    var dialect =
        Dialect.builder("counting")
            .input("text_input", Datatype.BYTES, RequestField.PROMPT)
            .output("text_output", ResponseField.TEXT)
            .output("num_input_tokens", ResponseField.PROMPT_TOKENS)
            .output("num_output_tokens", ResponseField.COMPLETION_TOKENS)
            .decoupled()
            .build();
    var openai = OpenAiKServe.builder(server).listener(diary).model("m", dialect).build();

    openai.chatCompletions().createAsync(HELLO).cancel(false);

    assertThat(diary.received()).last().isEqualTo("cancelled 7 3 false");
  }

  @Test
  void allChoicesCountTogetherThatHadBegunAndTheirPromptsOnce() {
    FakeBackend server = FakeBackend.answering(call -> ScriptedResponse.of(List.of(A)).thenHangs());

    openai(server)
        .completions()
        .createAsync(r -> r.prompt(new Prompt.Texts(List.of("p", "q"))).n(2))
        .cancel(false);

    assertThat(diary.received()).last().isEqualTo("cancelled 2 4 true");
  }

  @Test
  void aCallThatGotNoResponseHasUsedNothing() {
    FakeBackend server = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());

    openai(server).chatCompletions().createAsync(HELLO).cancel(false);

    assertThat(diary.received()).containsExactly("start m/null CHAT false", "cancelled null");
  }

  @Test
  void anExpiredTimeLimitIsAFailure() {
    FakeBackend server = FakeBackend.answering(call -> ScriptedResponse.of(List.of(A)).thenHangs());
    openai(server).chatCompletions().createAsync(HELLO);

    time.advance(Duration.ofMinutes(10));

    assertThat(diary.received())
        .containsExactly(
            "start m/null CHAT false", "response 0", "failed 504 deadline_exceeded 5 1 true");
  }

  @Test
  void severalChoicesAreOneCall() {
    openai(FakeBackend.tokens("a")).completions().create(r -> r.prompt("p").n(3));

    assertThat(diary.received()).filteredOn(what -> what.startsWith("start")).hasSize(1);
    assertThat(diary.received()).endsWith("completed [STOP, STOP, STOP] 1 3 true");
  }

  @Test
  void theEndIsReportedOnceThoughCancellationRacesWithIt() throws Exception {
    FakeBackend server =
        FakeBackend.answering(
            call -> ScriptedResponse.of(List.of(A, A)).every(Duration.ofNanos(20_000)));
    var starts = new AtomicInteger();
    var ends = new AtomicInteger();
    var late = new AtomicInteger();
    CallListener counting =
        call -> {
          starts.incrementAndGet();
          return new OneCall(ends, late);
        };
    var openai =
        OpenAiKServe.builder(server).listener(counting).model("m", Dialects.ANYSERVE).build();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 300; i++) {
        CompletableFuture<ChatCompletion> answer = openai.chatCompletions().createAsync(HELLO);
        var barrier = new CyclicBarrier(2);
        int spins = i * 50;
        Future<?> cancelling =
            threads.submit(
                () -> {
                  barrier.await();
                  for (int spin = 0; spin < spins; spin++) {
                    Thread.onSpinWait();
                  }
                  return answer.cancel(false);
                });
        barrier.await(10, TimeUnit.SECONDS);
        cancelling.get(10, TimeUnit.SECONDS);
        assertThat(answer).isDone();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(starts.get()).isEqualTo(300);
    assertThat(ends.get()).isEqualTo(300);
    assertThat(late.get()).isZero();
  }

  @Test
  void anObserverMayCancelTheCallFromACallback() {
    var answer = new AtomicReference<CompletableFuture<ChatCompletion>>();
    CallObserver cancelling =
        new CallObserver() {
          @Override
          public void response(long elapsedNanos) {
            Objects.requireNonNull(answer.get()).cancel(false);
            diary.received().add("returned");
          }
        };
    FakeBackend server =
        FakeBackend.answering(call -> ScriptedResponse.of(List.of(A, A)).every(Duration.ofNanos(5)))
            .scheduler(time);
    var openai =
        OpenAiKServe.builder(server)
            .scheduler(time)
            .listener(call -> cancelling)
            .listener(diary)
            .model("m", Dialects.ANYSERVE)
            .build();
    answer.set(openai.chatCompletions().createAsync(HELLO));

    time.advance(Duration.ofSeconds(1));

    assertThat(diary.received())
        .containsExactly("start m/null CHAT false", "returned", "response 5", "cancelled null");
  }

  @Test
  void headersOfAListenerAndOptionsOfACallerReachTheServer() {
    FakeBackend server = FakeBackend.tokens("a");
    CallListener tracing =
        call ->
            new CallObserver() {
              @Override
              public Map<String, String> metadata() {
                return Map.of("traceparent", "00-" + call.attributes().get("tenant"));
              }
            };
    var openai =
        OpenAiKServe.builder(server).listener(tracing).model("m", Dialects.ANYSERVE).build();
    var options =
        RequestOptions.builder()
            .requestId("id-1")
            .header("x-tier", "gold")
            .attribute("tenant", "t1")
            .build();

    openai.with(options).chatCompletions().create(HELLO);

    assertThat(server.calls().get(0).metadata())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("x-request-id", "id-1", "x-tier", "gold", "traceparent", "00-t1"));
  }

  @Test
  void onlyHeadersThatAreNamedAreForwarded() {
    FakeBackend server = FakeBackend.tokens("a");
    CallListener curious =
        new CallListener() {
          @Override
          public List<String> reads() {
            return List.of("TraceState");
          }

          @Override
          public CallObserver start(CallInfo call) {
            diary.received().add("headers " + new TreeMap<>(call.headers()));
            return CallObserver.NONE;
          }
        };
    var openai =
        OpenAiKServe.builder(server)
            .forwardHeaders("TraceParent", "x-two", "x-bad")
            .listener(curious)
            .model("m", Dialects.ANYSERVE)
            .build();

    openai
        .httpHandler()
        .handle(
            new ApiRequest(
                "POST",
                "/v1/completions",
                Map.of(
                    "Traceparent", List.of("00-1"),
                    "tracestate", List.of("s"),
                    "X-Two", List.of("a", "b"),
                    "x-bad", List.of("a\r\nx-admin: true"),
                    "authorization", List.of("Bearer secret"),
                    "x-request-id", List.of("mine")),
                "{\"prompt\":\"p\"}".getBytes(StandardCharsets.UTF_8)))
        .join();

    assertThat(server.calls().get(0).metadata())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("x-request-id", "mine", "traceparent", "00-1", "x-two", "a, b"));
    assertThat(diary.received()).contains("headers {traceparent=00-1, tracestate=s, x-two=a, b}");
  }

  /** Counts ends, and what comes after one. */
  private static final class OneCall implements CallObserver {
    private final AtomicInteger ends;
    private final AtomicInteger late;
    private boolean over;

    OneCall(AtomicInteger ends, AtomicInteger late) {
      this.ends = ends;
      this.late = late;
    }

    private void end() {
      ends.incrementAndGet();
      over = true;
    }

    @Override
    public void response(long elapsedNanos) {
      late.addAndGet(over ? 1 : 0);
    }

    @Override
    public void completed(
        long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> reasons) {
      end();
    }

    @Override
    public void failed(long elapsedNanos, CallFailure failure, @Nullable CompletionUsage usage) {
      end();
    }

    @Override
    public void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
      end();
    }
  }
}
