package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Requests;
import io.github.openaikserve.testsupport.TestSubscriber;
import io.github.openaikserve.time.Scheduler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A scheduler that throws gives each client one failure, and no call is left running. */
final class FaultySchedulerTest {
  private static final InferResponse A = InferResponse.of(Tensor.text("token", "a"));
  private static final String STREAM = "{\"prompt\":\"p\",\"stream\":true}";

  private final ManualScheduler time = new ManualScheduler();
  private final CallDiary diary = new CallDiary();

  /** Passes everything on until a number of timers have been set; the next ones are rejected. */
  private final class Rejecting implements Scheduler {
    private int accepted;
    private boolean clockFails;
    private boolean cancelFails;

    Rejecting(int accepted) {
      this.accepted = accepted;
    }

    @Override
    public long nanoTime() {
      if (clockFails) {
        throw new AssertionError("expected");
      }
      return time.nanoTime();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
      if (accepted-- <= 0) {
        throw new RejectedExecutionException("shut down");
      }
      Cancellable timer = time.schedule(delay, task);
      return () -> {
        timer.cancel();
        if (cancelFails) {
          throw new AssertionError("expected");
        }
      };
    }
  }

  private CompletableFuture<ApiResponse> ask(
      FakeBackend backend, Scheduler scheduler, String path, String body) {
    return OpenAiKServe.builder(backend)
        .scheduler(scheduler)
        .listener(diary)
        .model(
            "m",
            m ->
                m.dialect(Dialects.ANYSERVE)
                    .timeout(Duration.ofMinutes(10))
                    .firstTokenTimeout(Duration.ofMinutes(1))
                    .interTokenTimeout(Duration.ofSeconds(40)))
        .build()
        .httpHandler()
        .handle(Requests.post(path, body));
  }

  /** A path, a body, and after how many timers the scheduler rejects. */
  static Stream<Arguments> rejections() {
    return Stream.of(
            List.of("/v1/completions", "{\"prompt\":\"p\"}"),
            List.of("/v1/completions", "{\"prompt\":\"p\",\"n\":4}"),
            List.of("/v1/completions", STREAM),
            List.of("/v1/completions", "{\"prompt\":\"p\",\"stream\":true,\"n\":4}"),
            List.of("/v1/embeddings", "{\"input\":[\"x\",\"y\"]}"))
        .flatMap(
            request ->
                IntStream.range(0, 12)
                    .mapToObj(n -> Arguments.of(request.get(0), request.get(1), n)));
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void whereverTimersAreRejectedTheClientGetsOneEndAndNoCallIsLeft(
      String path, String body, int accepted) {
    boolean embeds = path.contains("embeddings");
    // Responses arrive for two minutes, then the server is silent.
    var backend =
        FakeBackend.answering(
                call ->
                    ScriptedResponse.of(embeds ? List.of() : Collections.nCopies(12, A))
                        .every(Duration.ofSeconds(10))
                        .thenHangs())
            .scheduler(time);

    CompletableFuture<ApiResponse> response = ask(backend, new Rejecting(accepted), path, body);
    var reader = new TestSubscriber<ByteBuffer>(Long.MAX_VALUE);
    response.thenAccept(begun -> begun.body().subscribe(reader));
    time.advance(Duration.ofHours(1));

    assertThat(response).isDone();
    assertThat(reader.isCompleted()).isTrue();
    String text =
        String.join(
            "",
            reader.items().stream().map(b -> StandardCharsets.UTF_8.decode(b).toString()).toList());
    assertThat(text.split("\"error\":", -1)).hasSize(2);
    assertThat(backend.cancellations()).isEqualTo(backend.calls().size());
    assertThat(diary.received().stream().filter(CallDiary::isAnEnd).count())
        .isEqualTo(diary.received().stream().filter(line -> line.startsWith("start")).count())
        .isLessThanOrEqualTo(1);
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aKeepAliveThatCouldNotBeTimedDoesNotAffectLaterStreams() {
    var backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of(A)).thenHangs());
    var scheduler = new Rejecting(0);
    var handler =
        OpenAiKServe.builder(backend)
            .scheduler(scheduler)
            .keepAlive(Duration.ofSeconds(10))
            .model("m", m -> m.dialect(Dialects.ANYSERVE).timeout(null))
            .build()
            .httpHandler();
    assertThat(handler.handle(Requests.post("/v1/completions", STREAM)).join().status())
        .isEqualTo(500);

    scheduler.accepted = Integer.MAX_VALUE;
    var reader = new TestSubscriber<ByteBuffer>(Long.MAX_VALUE);
    handler.handle(Requests.post("/v1/completions", STREAM)).join().body().subscribe(reader);
    time.advance(Duration.ofSeconds(20));

    ByteBuffer last = reader.items().get(reader.items().size() - 1);
    assertThat(StandardCharsets.UTF_8.decode(last).toString()).isEqualTo(": keep-alive\n\n");
  }

  @Test
  void aKeepAliveThatCannotBeTimedAgainEndsItsStreams() {
    var backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of(A)).thenHangs());
    var scheduler = new Rejecting(1);
    var reader = new TestSubscriber<ByteBuffer>(Long.MAX_VALUE);
    OpenAiKServe.builder(backend)
        .scheduler(scheduler)
        .keepAlive(Duration.ofSeconds(10))
        .listener(diary)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).timeout(null))
        .build()
        .httpHandler()
        .handle(Requests.post("/v1/completions", STREAM))
        .thenAccept(response -> response.body().subscribe(reader));

    time.advance(Duration.ofHours(1));

    assertThat(backend.cancellations()).isEqualTo(backend.calls().size());
    assertThat(diary.received()).filteredOn(CallDiary::isAnEnd).hasSize(1);
    assertThat(time.waiting()).isZero();
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void aCallEndsAlthoughItsTimerCannotBeCancelledAndTheClockFails(String body, int faults) {
    var scheduler = new Rejecting(Integer.MAX_VALUE);
    var backend =
        FakeBackend.answering(
                call -> ScriptedResponse.tokens(call, "a", "b").every(Duration.ofSeconds(1)))
            .scheduler(time);
    CompletableFuture<ApiResponse> response = ask(backend, scheduler, "/v1/completions", body);
    var reader = new TestSubscriber<ByteBuffer>(Long.MAX_VALUE);
    response.thenAccept(begun -> begun.body().subscribe(reader));
    scheduler.cancelFails = faults != 2;
    scheduler.clockFails = faults != 1;

    time.advance(Duration.ofSeconds(10));

    assertThat(response.join().status()).isEqualTo(200);
    assertThat(reader.isCompleted()).isTrue();
    assertThat(diary.received())
        .filteredOn(CallDiary::isAnEnd)
        .singleElement()
        .asString()
        .startsWith("completed");
    assertThat(time.waiting()).isZero();
  }

  static Stream<Arguments> bodies() {
    return Stream.of("{\"prompt\":\"p\"}", STREAM)
        .flatMap(body -> IntStream.of(1, 2, 3).mapToObj(faults -> Arguments.of(body, faults)));
  }
}
