package io.github.openaikserve.internal.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.DelegatingDialect;
import io.github.openaikserve.testsupport.Requests;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which calls are made for an answer, and when their requests are encoded. */
final class GenerationCallTest {
  private static final int CONCURRENCY = 4;

  private final ManualScheduler time = new ManualScheduler();

  private static FakeBackend withoutStreams() {
    return FakeBackend.answering(
        call ->
            call.rpc() == Rpc.MODEL_STREAM_INFER
                ? ScriptedResponse.of(List.of())
                    .thenFails(new BackendException(BackendCode.UNIMPLEMENTED, "no streams"))
                : ScriptedResponse.of(List.of(InferResponse.of(Tensor.text("text", "whole")))));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aUnaryCallThatCannotBeEncodedFailsTheAnswerAtOnce(boolean encodesStreams) {
    var streamsOnly =
        new DelegatingDialect(Dialects.ANYSERVE) {
          @Override
          public InferCall encode(Generation generation) {
            if (generation.stream() && encodesStreams) {
              return super.encode(generation);
            }
            throw new UnsupportedOperationException("this dialect only streams");
          }
        };
    FakeBackend backend = withoutStreams();
    var openai = OpenAiKServe.builder(backend).scheduler(time).model("m", streamsOnly).build();

    var answer = openai.completions().createAsync(r -> r.prompt("p"));

    assertThat(answer).isCompletedExceptionally();
    assertThat(catchThrowable(answer::get))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(UnsupportedOperationException.class);
    assertThat(backend.calls()).hasSize(encodesStreams ? 1 : 0);
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aServerWithoutStreamsGetsOneCallPerRequestAfterTheFirst() {
    FakeBackend backend = withoutStreams();
    var openai =
        OpenAiKServe.builder(backend).scheduler(time).model("m", Dialects.ANYSERVE).build();

    for (int i = 0; i < 5; i++) {
      assertThat(openai.completions().create(r -> r.prompt("p")).text()).isEqualTo("whole");
    }

    assertThat(backend.calls())
        .extracting(InferCall::rpc)
        .startsWith(Rpc.MODEL_STREAM_INFER, Rpc.MODEL_INFER)
        .hasSize(6);
  }

  @Test
  void aServerWithoutStreamsIsAskedForThemAgainAfterFiveMinutes() {
    FakeBackend backend = withoutStreams();
    var openai =
        OpenAiKServe.builder(backend).scheduler(time).model("m", Dialects.ANYSERVE).build();
    openai.completions().create(r -> r.prompt("p"));

    time.advance(Duration.ofMinutes(5).minusNanos(1));
    openai.completions().create(r -> r.prompt("p"));
    time.advance(Duration.ofNanos(1));
    openai.completions().create(r -> r.prompt("p"));

    assertThat(backend.calls())
        .extracting(InferCall::rpc)
        .containsExactly(
            Rpc.MODEL_STREAM_INFER,
            Rpc.MODEL_INFER,
            Rpc.MODEL_INFER,
            Rpc.MODEL_STREAM_INFER,
            Rpc.MODEL_INFER);
  }

  /** Keeps weak references to what it has encoded. */
  private static final class CountingDialect extends DelegatingDialect {
    private final List<WeakReference<Tensor>> encoded = new ArrayList<>();

    CountingDialect() {
      super(Dialects.ANYSERVE);
    }

    @Override
    public InferCall encode(Generation generation) {
      InferCall call = super.encode(generation);
      encoded.add(new WeakReference<>(call.request().inputs().get(0)));
      return call;
    }

    /** Returns how many encoded prompts are reachable, once they are at most so many. */
    long awaitHeld(int atMost) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      long held;
      do {
        System.gc();
        held = encoded.stream().filter(prompt -> prompt.get() != null).count();
      } while (held > atMost && System.nanoTime() < deadline);
      return held;
    }
  }

  /** A server whose calls end when a test says so; it keeps nothing of them. */
  private static final class SteppedServer implements InferenceBackend {
    private final ArrayDeque<Flow.Subscriber<? super InferResponse>> running = new ArrayDeque<>();
    private int calls;

    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      return new Flow.Publisher<>() {
        private final InferCall held = call; // as a real backend does

        @Override
        public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
          calls++;
          subscriber.onSubscribe(
              new Flow.Subscription() {
                @Override
                public void request(long n) {
                  assertThat(held.rpc().streams()).isTrue();
                }

                @Override
                public void cancel() {}
              });
          running.add(subscriber);
        }
      };
    }

    void respondToFirst(String text, boolean completes) {
      Flow.Subscriber<? super InferResponse> first = running.remove();
      first.onNext(InferResponse.of(Tensor.text("token", text)));
      if (completes) {
        first.onComplete();
      }
    }
  }

  private static CompletableFuture<ApiResponse> ask128(
      InferenceBackend backend, CountingDialect dialect) {
    return OpenAiKServe.builder(backend)
        .model("m", m -> m.dialect(dialect).maxConcurrentChoices(CONCURRENCY))
        .build()
        .httpHandler()
        .handle(Requests.post("/v1/completions", "{\"prompt\":\"p\",\"n\":128,\"stop\":\"END\"}"));
  }

  @Test
  void thePromptsOfManyChoicesAreEncodedWhenTheirCallsBegin() {
    var dialect = new CountingDialect();
    FakeBackend backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());

    CompletableFuture<ApiResponse> response = ask128(backend, dialect);

    assertThat(backend.calls()).hasSize(CONCURRENCY);
    assertThat(dialect.encoded).hasSizeLessThanOrEqualTo(CONCURRENCY + 1);
    response.cancel(false);
    assertThat(dialect.encoded).hasSizeLessThanOrEqualTo(CONCURRENCY + 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void thePromptOfAChoiceIsReleasedWhenTheChoiceCompletes(boolean completes) {
    var dialect = new CountingDialect();
    var server = new SteppedServer();
    CompletableFuture<ApiResponse> response = ask128(server, dialect);

    for (int finished = 1; finished < 128; finished++) {
      server.respondToFirst(completes ? "a" : "a END", completes);
      assertThat(dialect.encoded).hasSizeLessThanOrEqualTo(finished + CONCURRENCY + 1);
      if (finished % 40 == 0) {
        assertThat(dialect.awaitHeld(CONCURRENCY + 1)).isLessThanOrEqualTo(CONCURRENCY + 1);
      }
    }

    assertThat(response).isNotDone();
    server.respondToFirst(completes ? "a" : "a END", completes);
    assertThat(response.join().status()).isEqualTo(200);
    assertThat(server.calls).isEqualTo(128);
  }
}
