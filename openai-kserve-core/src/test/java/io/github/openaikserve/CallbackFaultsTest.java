package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.GenerationDelta;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.LimitedBackend;
import io.github.openaikserve.resilience.RetryBackend;
import io.github.openaikserve.resilience.RetryPolicy;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.DelegatingDialect;
import io.github.openaikserve.testsupport.RelayedCall;
import io.github.openaikserve.testsupport.Requests;
import io.github.openaikserve.testsupport.TestSubscriber;
import io.github.openaikserve.time.Scheduler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an application's function throws, a call ends once and leaves nothing behind. */
final class CallbackFaultsTest {
  /** Functions in Kotlin throw checked exceptions too. */
  private static final List<Supplier<Throwable>> FAULTS =
      List.of(
          () -> new IllegalStateException("expected"),
          () -> new AssertionError("expected"),
          () -> new StackOverflowError("expected"),
          () -> new IOException("expected"));

  private final ManualScheduler time = new ManualScheduler();
  private final CallDiary diary = new CallDiary();

  /** Goes on after the stop sequence of each request, so that each call is cancelled. */
  private final FakeBackend server =
      FakeBackend.answering(call -> ScriptedResponse.tokens(call, "a", "b").thenHangs());

  private String faultySite = "";
  private Supplier<Throwable> fault = IllegalStateException::new;
  private boolean reached;

  /** The functions of an application, and what they throw. */
  static Stream<Arguments> faults() {
    Stream<String> sites =
        Stream.of(
            "listener start",
            "listener response",
            "listener completed",
            "scheduler schedule",
            "scheduler cancel",
            "scheduler nanoTime",
            "ids",
            "hook",
            "template",
            "counter",
            "dialect encode",
            "dialect decode",
            "dialect textOnlyDelta",
            "dialect carries",
            "infer",
            "subscribe",
            "request",
            "cancel",
            "executor");
    return sites.flatMap(
        site ->
            FAULTS.stream()
                .flatMap(
                    fault ->
                        Stream.of("whole", "stream", "java", "java stream")
                            .filter(kind -> !site.equals("executor") || !kind.startsWith("java"))
                            .map(kind -> Arguments.of(site, fault, kind))));
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void raise(Throwable failure) throws E {
    throw (E) failure;
  }

  private void visit(String site) {
    if (site.equals(faultySite)) {
      reached = true;
      CallbackFaultsTest.<RuntimeException>raise(fault.get());
    }
  }

  private final class FaultyListener implements CallListener, CallObserver {
    @Override
    public CallObserver start(CallInfo call) {
      visit("listener start");
      return this;
    }

    @Override
    public void response(long elapsedNanos) {
      visit("listener response");
    }

    @Override
    public void completed(
        long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> reasons) {
      visit("listener completed");
    }
  }

  private final class FaultyScheduler implements Scheduler {
    @Override
    public long nanoTime() {
      visit("scheduler nanoTime");
      return time.nanoTime();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
      visit("scheduler schedule");
      Cancellable timer = time.schedule(delay, task);
      return () -> {
        timer.cancel();
        visit("scheduler cancel");
      };
    }
  }

  private final class FaultyDialect extends DelegatingDialect {
    FaultyDialect() {
      super(Dialects.ANYSERVE);
    }

    @Override
    public boolean carries(RequestField field) {
      visit("dialect carries");
      return super.carries(field);
    }

    @Override
    public InferCall encode(Generation generation) {
      visit("dialect encode");
      return super.encode(generation);
    }

    @Override
    public GenerationDelta decode(InferResponse response) {
      visit("dialect decode");
      return super.decode(response);
    }

    @Override
    public @Nullable Tensor textOnlyDelta(InferResponse response) {
      visit("dialect textOnlyDelta");
      return faultySite.equals("dialect decode") ? null : super.textOnlyDelta(response);
    }
  }

  private final class FaultyBackend implements InferenceBackend {
    @SuppressWarnings("NullAway")
    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      visit("infer");
      if (faultySite.equals("no publisher")) {
        return null;
      }
      Flow.Publisher<InferResponse> made = server.infer(call);
      return subscriber -> {
        visit("subscribe");
        made.subscribe(new FaultyCall(subscriber));
      };
    }

    @Override
    public CompletionStage<Optional<List<RepositoryIndexEntry>>> repositoryIndex() {
      visit("index");
      return CompletableFuture.completedFuture(
          Optional.of(List.of(new RepositoryIndexEntry("m", "", "READY", ""))));
    }
  }

  private final class FaultyCall extends RelayedCall {
    FaultyCall(Flow.Subscriber<? super InferResponse> subscriber) {
      super(subscriber);
    }

    @Override
    public void request(long n) {
      visit("request");
      super.request(n);
    }

    @Override
    public void cancel() {
      super.cancel();
      visit("cancel");
    }
  }

  private OpenAiKServe openai() {
    return openai(new FaultyBackend());
  }

  private OpenAiKServe openai(InferenceBackend backend) {
    TokenCounter counter =
        text -> {
          visit("counter");
          return text.length();
        };
    return OpenAiKServe.builder(backend)
        .scheduler(new FaultyScheduler())
        .listener(new FaultyListener())
        .listener(diary)
        .ids(
            () -> {
              visit("ids");
              return "id";
            })
        .chatRequests(
            request -> {
              visit("hook");
              return request;
            })
        .executor(
            task -> {
              visit("executor");
              task.run();
            })
        .model(
            "m",
            m ->
                m.dialect(new FaultyDialect())
                    .chatTemplate(
                        conversation -> {
                          visit("template");
                          return ChatTemplates.CHATML.render(conversation);
                        })
                    .reasoningFormat(ReasoningFormats.THINK)
                    .tokenCounter(counter)
                    .concurrencyLimit(ConcurrencyLimit.of(1)))
        .build();
  }

  /** Returns whether the call has ended for its caller. */
  private static boolean ends(OpenAiKServe openai, String kind) {
    boolean stream = kind.endsWith("stream");
    if (kind.equals("java")) {
      return openai.chatCompletions().createAsync(r -> r.user("Hi").stop("b")).isDone();
    }
    if (kind.equals("java stream")) {
      var reader = new TestSubscriber<Object>(Long.MAX_VALUE);
      openai.chatCompletions().streamAsync(r -> r.user("Hi").stop("b")).subscribe(reader);
      return reader.hasEnded();
    }
    CompletableFuture<ApiResponse> response =
        openai
            .httpHandler()
            .handle(
                Requests.post(
                    "/v1/chat/completions",
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                        + "\"stop\":\"b\",\"stream\":%s}".formatted(stream)));
    var reader = new TestSubscriber<ByteBuffer>(Long.MAX_VALUE);
    response.thenAccept(begun -> begun.body().subscribe(reader));
    return response.isDone() && reader.isCompleted();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void theCallEndsOnceAndTheNextOneSucceeds(String site, Supplier<Throwable> thrown, String kind) {
    OpenAiKServe openai = openai();
    faultySite = site;
    fault = thrown;

    assertThat(ends(openai, kind)).isTrue();

    assertThat(reached).isTrue();
    faultySite = "";
    long starts = diary.received().stream().filter(line -> line.startsWith("start")).count();
    assertThat(diary.received().stream().filter(CallDiary::isAnEnd).count()).isEqualTo(starts);
    assertThat(openai.loads()).hasEntrySatisfying("m", l -> assertThat(l.running()).isZero());
    assertThat(time.waiting()).isZero();
    assertThat(openai.chatCompletions().create(r -> r.user("Hi").stop("b")).text()).isEqualTo("a");
    assertThat(time.waiting()).isZero();
  }

  static Stream<Arguments> decorations() {
    return Stream.of("retries", "balancing", "limit")
        .flatMap(
            decoration ->
                Stream.of("infer", "subscribe", "request", "cancel")
                    .flatMap(site -> FAULTS.stream().map(f -> Arguments.of(decoration, site, f))));
  }

  @ParameterizedTest
  @MethodSource("decorations")
  void aDecoratedBackendEndsTheCallAtOnce(
      String decoration, String site, Supplier<Throwable> thrown) {
    OpenAiKServe openai = openai(decorated(decoration));
    faultySite = site;
    fault = thrown;

    assertThat(ends(openai, "java")).isTrue();

    assertThat(reached).isTrue();
    assertThat(diary.received().stream().filter(CallDiary::isAnEnd).count()).isEqualTo(1);
    assertThat(openai.loads()).hasEntrySatisfying("m", l -> assertThat(l.running()).isZero());
  }

  private InferenceBackend decorated(String decoration) {
    InferenceBackend backend = new FaultyBackend();
    return switch (decoration) {
      case "retries" -> RetryBackend.around(backend, RetryPolicy.of(2), time);
      case "balancing" -> BalancedBackend.around("e", backend);
      default -> LimitedBackend.around(backend, ConcurrencyLimit.of(1), time);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"retries", "balancing", "limit"})
  void aDecoratedBackendWithoutAPublisherEndsTheCallAtOnce(String decoration) {
    OpenAiKServe openai = openai(decorated(decoration));
    faultySite = "no publisher";

    assertThat(ends(openai, "java")).isTrue();

    assertThat(diary.received().stream().filter(CallDiary::isAnEnd).count()).isEqualTo(1);
    assertThat(openai.loads()).hasEntrySatisfying("m", l -> assertThat(l.running()).isZero());
  }

  static Stream<Arguments> discoveries() {
    return Stream.of("index", "model")
        .flatMap(site -> FAULTS.stream().map(fault -> Arguments.of(site, fault)));
  }

  @ParameterizedTest
  @MethodSource("discoveries")
  void aDiscoveryThatThrowsFailsTheRequestAndIsRepeated(String site, Supplier<Throwable> thrown) {
    var openai =
        OpenAiKServe.builder(new FaultyBackend())
            .scheduler(time)
            .listener(diary)
            .discover(
                m -> {
                  visit("model");
                  m.dialect(Dialects.ANYSERVE);
                })
            .build();
    faultySite = site;
    fault = thrown;
    var request =
        Requests.post("/v1/completions", "{\"model\":\"m\",\"prompt\":\"p\",\"stop\":\"b\"}");

    CompletableFuture<ApiResponse> failed = openai.httpHandler().handle(request);

    assertThat(failed).isDone();
    assertThat(reached).isTrue();
    assertThat(failed.join().status()).isGreaterThanOrEqualTo(400);
    faultySite = "";
    time.advance(Duration.ofMinutes(5));
    assertThat(openai.httpHandler().handle(request).join().status()).isEqualTo(200);
    openai.shutdown();
    assertThat(time.waiting()).isZero();
  }
}
