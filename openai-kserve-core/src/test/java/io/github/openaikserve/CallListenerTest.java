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
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.openai.Prompt;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.FakeReply;
import io.github.openaikserve.testing.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What listeners hear of calls, in which order, and how often. */
final class CallListenerTest {
  private static final InferResponse A = InferResponse.of(Tensor.text("token", "a"));
  private static final CreateChatCompletionRequest HELLO =
      CreateChatCompletionRequest.builder().user("Hi").build();

  private final ManualScheduler time = new ManualScheduler();
  private final Diary diary = new Diary();

  private OpenAiKServe openai(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .scheduler(time)
        .listener(diary)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).alias("other"))
        .build();
  }

  @Test
  void aWholeAnswerIsHeardFromStartToEnd() {
    FakeBackend server =
        FakeBackend.answering(call -> FakeReply.of(List.of(A, A)).every(Duration.ofNanos(5)))
            .scheduler(time);
    CompletableFuture<ChatCompletion> answer =
        openai(server).chatCompletions().createAsync(r -> r.model("other").user("Hi").seed(1L));

    time.advance(Duration.ofSeconds(1));

    assertThat(answer.join().text()).isEqualTo("aa");
    assertThat(diary.heard)
        .containsExactly(
            "start m/other CHAT false",
            "dropped [seed]",
            "first 5",
            "token 5",
            "usage 5 2",
            "end [STOP]");
  }

  @Test
  void aStreamIsHeardFromTheMomentItIsRead() {
    var chunks = openai(FakeBackend.tokens("a", "b")).chatCompletions().stream(HELLO);
    assertThat(diary.heard).isEmpty();

    chunks.forEach(chunk -> {});

    assertThat(diary.heard)
        .startsWith("start m/null CHAT true", "first 0", "token 0")
        .endsWith("end [STOP]");
    chunks.close();
    assertThat(diary.heard).filteredOn(Diary::isAnEnd).hasSize(1);
  }

  @Test
  void aTokenCounterThatThrowsTakesNoEndAway() {
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
    assertThat(diary.heard).filteredOn(Diary::isAnEnd).hasSize(1);
  }

  @Test
  void aStreamThatNobodyReadsIsNoCall() {
    openai(FakeBackend.tokens("a")).chatCompletions().stream(HELLO).close();

    assertThat(diary.heard).isEmpty();
  }

  @Test
  void aFailureIsHeardWithoutItsWords() {
    FakeBackend server =
        FakeBackend.answering(
            call ->
                FakeReply.of(List.of(A))
                    .thenFails(new BackendException(BackendCode.INTERNAL, "secret words")));

    openai(server).chatCompletions().createAsync(HELLO);

    assertThat(diary.heard)
        .containsExactly(
            "start m/null CHAT false", "first 0", "so far 5 1 true", "error 502 internal");
  }

  @Test
  void aRequestThatCannotBeServedIsHeardAsAnError() {
    openai(FakeBackend.tokens("a")).chatCompletions().createAsync(r -> r.user("Hi").logprobs(true));

    assertThat(diary.heard).hasSize(2).first().isEqualTo("start m/null CHAT false");
    assertThat(diary.heard.get(1)).startsWith("error 400");
  }

  @Test
  void aCancelledCallIsHeardAsOne() {
    FakeBackend server = FakeBackend.answering(call -> FakeReply.of(List.of(A)).thenHangs());
    CompletableFuture<ChatCompletion> answer = openai(server).chatCompletions().createAsync(HELLO);

    answer.cancel(false);

    assertThat(diary.heard)
        .containsExactly("start m/null CHAT false", "first 0", "so far 5 1 true", "cancelled");
  }

  @Test
  void whatAServerCountedIsToldOfACallThatWasCancelled() {
    InferResponse counted =
        InferResponse.of(
            Tensor.text("text_output", "a b c"),
            Tensor.ints("num_input_tokens", 7),
            Tensor.ints("num_output_tokens", 3));
    FakeBackend server = FakeBackend.answering(call -> FakeReply.of(List.of(counted)).thenHangs());
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

    assertThat(diary.heard).contains("so far 7 3 false").last().isEqualTo("cancelled");
  }

  @Test
  void allChoicesCountTogetherThatHadBegunAndTheirPromptsOnce() {
    FakeBackend server = FakeBackend.answering(call -> FakeReply.of(List.of(A)).thenHangs());

    openai(server)
        .completions()
        .createAsync(r -> r.prompt(new Prompt.Texts(List.of("p", "q"))).n(2))
        .cancel(false);

    assertThat(diary.heard).contains("so far 2 4 true").last().isEqualTo("cancelled");
  }

  @Test
  void aCallThatGotNoResponseHasUsedNothing() {
    FakeBackend server = FakeBackend.answering(call -> FakeReply.of(List.of()).thenHangs());

    openai(server).chatCompletions().createAsync(HELLO).cancel(false);

    assertThat(diary.heard).containsExactly("start m/null CHAT false", "cancelled");
  }

  @Test
  void timeThatRanOutIsHeardAsAnError() {
    FakeBackend server = FakeBackend.answering(call -> FakeReply.of(List.of(A)).thenHangs());
    openai(server).chatCompletions().createAsync(HELLO);

    time.advance(Duration.ofMinutes(10));

    assertThat(diary.heard)
        .containsExactly(
            "start m/null CHAT false", "first 0", "so far 5 1 true", "error 504 deadline_exceeded");
  }

  @Test
  void severalChoicesAreOneCall() {
    openai(FakeBackend.tokens("a")).completions().create(r -> r.prompt("p").n(3));

    assertThat(diary.heard).filteredOn(what -> what.startsWith("start")).hasSize(1);
    assertThat(diary.heard).filteredOn(what -> what.startsWith("first")).hasSize(1);
    assertThat(diary.heard).endsWith("usage 1 3", "end [STOP, STOP, STOP]");
  }

  @Test
  void theEndIsHeardOnceThoughCancellationRacesWithIt() throws Exception {
    FakeBackend server =
        FakeBackend.answering(call -> FakeReply.of(List.of(A, A)).every(Duration.ofNanos(20_000)));
    var starts = new AtomicInteger();
    var ends = new AtomicInteger();
    var late = new AtomicInteger();
    CallListener counting =
        new CallListener() {
          @Override
          public CallListener start(CallInfo call) {
            starts.incrementAndGet();
            return new OneCall(ends, late);
          }
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
  void whatAListenerThrowsHurtsNobody() {
    CallListener broken =
        new CallListener() {
          @Override
          public CallListener start(CallInfo call) {
            throw new IllegalStateException("broken");
          }

          @Override
          public Map<String, String> metadata(CallInfo call) {
            return Map.of("bad\r\nname", "x");
          }

          @Override
          public void firstToken(CallInfo call, long nanos) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void end(CallInfo call, long nanos, List<FinishReason> reasons) {
            throw new NoClassDefFoundError("broken");
          }
        };
    FakeBackend server = FakeBackend.tokens("a");
    var openai =
        OpenAiKServe.builder(server)
            .listener(broken)
            .listener(diary)
            .model("m", Dialects.ANYSERVE)
            .build();

    assertThat(openai.chatCompletions().create(HELLO).text()).isEqualTo("a");
    assertThat(diary.heard).last().isEqualTo("end [STOP]");
  }

  @Test
  void headersOfAListenerAndOptionsOfACallerReachTheServer() {
    FakeBackend server = FakeBackend.tokens("a");
    CallListener tracing =
        new CallListener() {
          @Override
          public Map<String, String> metadata(CallInfo call) {
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
          public CallListener start(CallInfo call) {
            diary.heard.add("headers " + new TreeMap<>(call.headers()));
            return this;
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
    assertThat(diary.heard).contains("headers {traceparent=00-1, tracestate=s, x-two=a, b}");
  }

  /** Counts ends, and what comes after one. */
  private static final class OneCall implements CallListener {
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
    public void token(CallInfo call, long nanos) {
      late.addAndGet(over ? 1 : 0);
    }

    @Override
    public void end(CallInfo call, long nanos, List<FinishReason> reasons) {
      end();
    }

    @Override
    public void error(CallInfo call, long nanos, CallFailure failure) {
      end();
    }

    @Override
    public void cancelled(CallInfo call, long nanos) {
      end();
    }
  }

  /** Writes down what it hears. */
  private static final class Diary implements CallListener {
    final List<String> heard = new CopyOnWriteArrayList<>();

    static boolean isAnEnd(String what) {
      return what.startsWith("end") || what.startsWith("error") || what.equals("cancelled");
    }

    @Override
    public CallListener start(CallInfo call) {
      CallKind kind = call.kind();
      heard.add(
          "start " + call.routeId() + "/" + call.model() + " " + kind + " " + call.streamed());
      return this;
    }

    @Override
    public void droppedFields(CallInfo call, List<String> fields) {
      heard.add("dropped " + fields);
    }

    @Override
    public void firstToken(CallInfo call, long nanos) {
      heard.add("first " + nanos);
    }

    @Override
    public void token(CallInfo call, long nanos) {
      heard.add("token " + nanos);
    }

    @Override
    public void usage(CallInfo call, CompletionUsage usage) {
      heard.add("usage " + usage.promptTokens() + " " + usage.completionTokens());
    }

    @Override
    public void usageSoFar(CallInfo call, CompletionUsage usage) {
      heard.add(
          "so far %d %d %s"
              .formatted(usage.promptTokens(), usage.completionTokens(), usage.estimated()));
    }

    @Override
    public void end(CallInfo call, long nanos, List<FinishReason> reasons) {
      heard.add("end " + reasons);
    }

    @Override
    public void error(CallInfo call, long nanos, CallFailure failure) {
      heard.add("error " + failure.status() + " " + failure.code());
    }

    @Override
    public void cancelled(CallInfo call, long nanos) {
      heard.add("cancelled");
    }
  }
}
