package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
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
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.openai.Prompt;
import io.github.openaikserve.races.Race;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.FakeReply;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.time.Scheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What observers of calls receive, in which order, and how often. */
final class CallListenerTest {
  private static final InferResponse A = InferResponse.of(Tensor.text("token", "a"));
  private static final CreateChatCompletionRequest HELLO =
      CreateChatCompletionRequest.builder().user("Hi").build();

  private final ManualScheduler time = new ManualScheduler();
  private final Diary diary = new Diary();
  private final Logger logger =
      (Logger) LoggerFactory.getLogger("io.github.openaikserve.internal.answer.GuardedListener");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
    logger.setAdditive(false);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
    logger.setAdditive(true);
  }

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
        FakeBackend.answering(call -> FakeReply.of(List.of(A, A)).every(Duration.ofNanos(5)))
            .scheduler(time);
    CompletableFuture<ChatCompletion> answer =
        openai(server).chatCompletions().createAsync(r -> r.model("other").user("Hi").seed(1L));

    time.advance(Duration.ofSeconds(1));

    assertThat(answer.join().text()).isEqualTo("aa");
    assertThat(diary.received)
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
    assertThat(diary.received).isEmpty();

    chunks.forEach(chunk -> {});

    assertThat(diary.received)
        .startsWith("start m/null CHAT true", "response 0", "response 0")
        .endsWith("completed [STOP] 5 2 true");
    chunks.close();
    assertThat(diary.received).filteredOn(Diary::isAnEnd).hasSize(1);
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
    assertThat(diary.received).filteredOn(Diary::isAnEnd).hasSize(1);
  }

  @Test
  void aStreamThatIsNotReadIsNoCall() {
    openai(FakeBackend.tokens("a")).chatCompletions().stream(HELLO).close();

    assertThat(diary.received).isEmpty();
  }

  @Test
  void aFailureIsReportedWithoutItsMessage() {
    FakeBackend server =
        FakeBackend.answering(
            call ->
                FakeReply.of(List.of(A))
                    .thenFails(new BackendException(BackendCode.INTERNAL, "secret words")));

    openai(server).chatCompletions().createAsync(HELLO);

    assertThat(diary.received)
        .containsExactly("start m/null CHAT false", "response 0", "failed 502 internal 5 1 true");
  }

  @Test
  void aRequestThatCannotBeServedFails() {
    openai(FakeBackend.tokens("a")).chatCompletions().createAsync(r -> r.user("Hi").logprobs(true));

    assertThat(diary.received).hasSize(2).first().isEqualTo("start m/null CHAT false");
    assertThat(diary.received.get(1)).startsWith("failed 400");
  }

  @Test
  void aCancelledCallIsReportedAsCancelled() {
    FakeBackend server = FakeBackend.answering(call -> FakeReply.of(List.of(A)).thenHangs());
    CompletableFuture<ChatCompletion> answer = openai(server).chatCompletions().createAsync(HELLO);

    answer.cancel(false);

    assertThat(diary.received)
        .containsExactly("start m/null CHAT false", "response 0", "cancelled 5 1 true");
  }

  @Test
  void theCountsOfTheServerAreReportedForACancelledCall() {
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

    assertThat(diary.received).last().isEqualTo("cancelled 7 3 false");
  }

  @Test
  void allChoicesCountTogetherThatHadBegunAndTheirPromptsOnce() {
    FakeBackend server = FakeBackend.answering(call -> FakeReply.of(List.of(A)).thenHangs());

    openai(server)
        .completions()
        .createAsync(r -> r.prompt(new Prompt.Texts(List.of("p", "q"))).n(2))
        .cancel(false);

    assertThat(diary.received).last().isEqualTo("cancelled 2 4 true");
  }

  @Test
  void aCallThatGotNoResponseHasUsedNothing() {
    FakeBackend server = FakeBackend.answering(call -> FakeReply.of(List.of()).thenHangs());

    openai(server).chatCompletions().createAsync(HELLO).cancel(false);

    assertThat(diary.received).containsExactly("start m/null CHAT false", "cancelled null");
  }

  @Test
  void anExpiredTimeLimitIsAFailure() {
    FakeBackend server = FakeBackend.answering(call -> FakeReply.of(List.of(A)).thenHangs());
    openai(server).chatCompletions().createAsync(HELLO);

    time.advance(Duration.ofMinutes(10));

    assertThat(diary.received)
        .containsExactly(
            "start m/null CHAT false", "response 0", "failed 504 deadline_exceeded 5 1 true");
  }

  @Test
  void severalChoicesAreOneCall() {
    openai(FakeBackend.tokens("a")).completions().create(r -> r.prompt("p").n(3));

    assertThat(diary.received).filteredOn(what -> what.startsWith("start")).hasSize(1);
    assertThat(diary.received).endsWith("completed [STOP, STOP, STOP] 1 3 true");
  }

  @Test
  void theEndIsReportedOnceThoughCancellationRacesWithIt() throws Exception {
    FakeBackend server =
        FakeBackend.answering(call -> FakeReply.of(List.of(A, A)).every(Duration.ofNanos(20_000)));
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

  /** Where a listener throws, and what. */
  static Stream<Arguments> faults() {
    return Stream.of("reads", "start", "metadata", "dropped", "response", "completed")
        .flatMap(
            where ->
                Stream.of(
                        new IllegalStateException("expected"),
                        new AssertionError("expected"),
                        new NoClassDefFoundError("expected"),
                        new StackOverflowError("expected"),
                        new OutOfMemoryError("expected"))
                    .map(failure -> Arguments.of(where, failure)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whateverAListenerThrowsTheCallGoesOnAndOneLineSaysWhere(String where, Throwable failure)
      throws Exception {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("a", "b"))
            .listener(new Throwing(where, failure))
            .listener(diary)
            .model("m", Dialects.ANYSERVE)
            .build();

    for (int i = 0; i < 2; i++) {
      var answer = openai.chatCompletions().createAsync(r -> r.user("Hi").seed(1L));
      assertThat(answer.get(10, TimeUnit.SECONDS).text()).isEqualTo("ab");
    }

    assertThat(diary.received).filteredOn(Diary::isAnEnd).hasSize(2);
    assertThat(log.list)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getFormattedMessage())
                  .contains(
                      "call listener failed",
                      "callback=" + (where.equals("dropped") ? "droppedFields" : where));
              assertThat(((ThrowableProxy) event.getThrowableProxy()).getThrowable())
                  .isSameAs(failure);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"failed", "cancelled"})
  void aListenerThatThrowsAtTheEndOfACallThatDidNotCompleteAffectsNothing(String where) {
    FakeReply hangs = FakeReply.of(List.of(A)).thenHangs();
    var answer =
        OpenAiKServe.builder(FakeBackend.answering(call -> hangs))
            .scheduler(time)
            .listener(new Throwing(where, new AssertionError("expected")))
            .listener(diary)
            .model("m", Dialects.ANYSERVE)
            .build()
            .chatCompletions()
            .createAsync(HELLO);

    if (where.equals("cancelled")) {
      answer.cancel(false);
    } else {
      time.advance(Duration.ofMinutes(10));
    }

    assertThat(answer).isCompletedExceptionally();
    assertThat(diary.received).last().asString().startsWith(where);
    assertThat(log.list).singleElement().asString().contains("callback=" + where);
  }

  @Test
  void aListenerThatReturnsNothingIsLoggedAndIgnored() {
    CallListener careless =
        new CallListener() {
          @Override
          @SuppressWarnings("NullAway")
          public CallObserver start(CallInfo call) {
            return null;
          }
        };
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("a"))
            .listener(careless)
            .model("m", Dialects.ANYSERVE)
            .build();

    assertThat(openai.chatCompletions().create(HELLO).text()).isEqualTo("a");
    assertThat(log.list).singleElement().asString().contains("callback=start");
  }

  @Test
  void anObserverMayCancelTheCallFromACallback() {
    var answer = new AtomicReference<CompletableFuture<ChatCompletion>>();
    CallObserver cancelling =
        new CallObserver() {
          @Override
          public void response(long elapsedNanos) {
            Objects.requireNonNull(answer.get()).cancel(false);
            diary.received.add("returned");
          }
        };
    FakeBackend server =
        FakeBackend.answering(call -> FakeReply.of(List.of(A, A)).every(Duration.ofNanos(5)))
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

    assertThat(diary.received)
        .containsExactly("start m/null CHAT false", "returned", "response 5", "cancelled null");
  }

  @Test
  void timesNeverGoBackwardsThoughChoicesAnswerOnSeveralThreads() {
    var previous = new AtomicLong();
    var backwards = new AtomicInteger();
    var responses = new AtomicInteger();
    var inside = new AtomicInteger();
    var overlaps = new AtomicInteger();
    CallObserver checking =
        new CallObserver() {
          @Override
          public void response(long elapsedNanos) {
            check(elapsedNanos);
            responses.incrementAndGet();
          }

          @Override
          public void completed(
              long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> reasons) {
            check(elapsedNanos);
          }

          private void check(long elapsedNanos) {
            overlaps.addAndGet(inside.getAndIncrement());
            backwards.addAndGet(elapsedNanos < previous.getAndSet(elapsedNanos) ? 1 : 0);
            inside.decrementAndGet();
          }
        };
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      InferResponse token =
          InferResponse.of(Tensor.text("token", "x"), Tensor.text("finish_reason", "null"));
      var openai =
          OpenAiKServe.builder(new EagerBackend(threads, token, 5_000))
              .scheduler(new LateClock())
              .listener(call -> checking)
              .model("m", m -> m.dialect(Dialects.ANYSERVE).concurrency(4))
              .build();

      openai.completions().create(r -> r.prompt("p").n(4).maxTokens(100_000));
    } finally {
      threads.shutdownNow();
    }

    assertThat(responses).hasValue(20_000);
    assertThat(overlaps).hasValue(0);
    assertThat(backwards).hasValue(0);
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

    openai.chatCompletions().create(HELLO, options);

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
            diary.received.add("headers " + new TreeMap<>(call.headers()));
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
    assertThat(diary.received).contains("headers {traceparent=00-1, tracestate=s, x-two=a, b}");
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

  /** Throws in one of its methods. */
  private static final class Throwing implements CallListener, CallObserver {
    private final String where;
    private final Throwable failure;

    Throwing(String where, Throwable failure) {
      this.where = where;
      this.failure = failure;
    }

    private void enter(String method) {
      if (method.equals(where)) {
        if (failure instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) failure;
      }
    }

    @Override
    public List<String> reads() {
      enter("reads");
      return List.of();
    }

    @Override
    public CallObserver start(CallInfo call) {
      enter("start");
      return this;
    }

    @Override
    public Map<String, String> metadata() {
      enter("metadata");
      return Map.of();
    }

    @Override
    public void droppedFields(List<String> fields) {
      enter("dropped");
    }

    @Override
    public void response(long elapsedNanos) {
      enter("response");
    }

    @Override
    public void completed(
        long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> reasons) {
      enter("completed");
    }

    @Override
    public void failed(long elapsedNanos, CallFailure cause, @Nullable CompletionUsage usage) {
      enter("failed");
    }

    @Override
    public void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
      enter("cancelled");
    }
  }

  /** A clock whose readers are often overtaken by others before they use the time. */
  private static final class LateClock implements Scheduler {
    private static final int LATE = 8;

    private final AtomicLong readings = new AtomicLong();

    @Override
    public long nanoTime() {
      long now = System.nanoTime();
      if (readings.incrementAndGet() % LATE == 0) {
        Race.pause();
      }
      return now;
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
      return Scheduler.SHARED.schedule(delay, task);
    }
  }

  /** Answers each call on its own thread, as fast as responses are requested. */
  private record EagerBackend(ExecutorService threads, InferResponse response, int count)
      implements InferenceBackend {
    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      return subscriber -> subscriber.onSubscribe(new Sending(subscriber));
    }

    private final class Sending implements Flow.Subscription {
      private final Flow.Subscriber<? super InferResponse> subscriber;
      private final Semaphore demand = new Semaphore(0);
      private final AtomicBoolean begun = new AtomicBoolean();
      private volatile boolean cancelled;

      Sending(Flow.Subscriber<? super InferResponse> subscriber) {
        this.subscriber = subscriber;
      }

      @Override
      public void request(long n) {
        demand.release((int) Math.min(count, n));
        if (begun.compareAndSet(false, true)) {
          threads.execute(this::send);
        }
      }

      private void send() {
        for (int i = 0; i < count && !cancelled; i++) {
          demand.acquireUninterruptibly();
          subscriber.onNext(response);
        }
        if (!cancelled) {
          subscriber.onComplete();
        }
      }

      @Override
      public void cancel() {
        cancelled = true;
        demand.release(count);
      }
    }
  }

  /** Writes down what it receives. */
  private static final class Diary implements CallListener, CallObserver {
    final List<String> received = new CopyOnWriteArrayList<>();

    static boolean isAnEnd(String what) {
      return what.startsWith("completed")
          || what.startsWith("failed")
          || what.startsWith("cancelled");
    }

    @Override
    public CallObserver start(CallInfo call) {
      CallKind kind = call.kind();
      received.add(
          "start " + call.routeId() + "/" + call.model() + " " + kind + " " + call.streamed());
      return this;
    }

    @Override
    public void droppedFields(List<String> fields) {
      received.add("dropped " + fields);
    }

    @Override
    public void response(long elapsedNanos) {
      received.add("response " + elapsedNanos);
    }

    @Override
    public void completed(
        long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> reasons) {
      received.add("completed " + reasons + " " + tokens(usage));
    }

    @Override
    public void failed(long elapsedNanos, CallFailure failure, @Nullable CompletionUsage usage) {
      received.add("failed " + failure.status() + " " + failure.code() + " " + tokens(usage));
    }

    @Override
    public void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
      received.add("cancelled " + tokens(usage));
    }

    private static String tokens(@Nullable CompletionUsage usage) {
      return usage == null
          ? "null"
          : "%d %d %s".formatted(usage.promptTokens(), usage.completionTokens(), usage.estimated());
    }
  }
}
