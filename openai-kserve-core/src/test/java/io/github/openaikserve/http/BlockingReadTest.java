package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Requests;
import io.github.openaikserve.time.Scheduler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are read with blocking calls where the backend has one thread. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BlockingReadTest {
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService readers = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    thread.shutdownNow();
    readers.shutdownNow();
  }

  /** Schedules on the only thread of the backend. */
  private final class OneThread implements Scheduler {
    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
      var timer = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> timer.cancel(false);
    }
  }

  /** A way to read a body with blocking calls. */
  @SuppressWarnings("ImmutableEnumChecker") // its functions hold nothing
  enum Way {
    WRITE_TO(
        body -> {
          var out = new ByteArrayOutputStream();
          try {
            body.writeTo(out);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return out.toString(StandardCharsets.UTF_8);
        }),
    BYTES(body -> new String(body.bytes(), StandardCharsets.UTF_8)),
    INPUT_STREAM(
        body -> {
          try (InputStream in = body.inputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });

    private final Function<ApiBody, String> read;

    Way(Function<ApiBody, String> read) {
      this.read = read;
    }
  }

  /** Lets the backend respond only after the continuation was attached. */
  private <T> CompletableFuture<T> attached(Supplier<CompletableFuture<T>> continuation) {
    var attached = new CountDownLatch(1);
    thread.execute(
        () -> {
          try {
            attached.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    CompletableFuture<T> future = continuation.get();
    attached.countDown();
    return future;
  }

  private FakeBackend backend() {
    return FakeBackend.answering(
            call -> ScriptedResponse.tokens(call, "a", "b", "c").every(Duration.ofMillis(1)))
        .scheduler(new OneThread());
  }

  /** The stream notices that it was closed after the continuation has returned. */
  private static void awaitCancellation(FakeBackend backend) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (backend.cancellations() == 0) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static ApiRequest stream() {
    return Requests.post("/v1/completions", "{\"prompt\":\"p\",\"stream\":true}");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aContinuationMayBlockOnAnExecutorForResponses(Way way) throws Exception {
    CompletableFuture<String> text =
        OpenAiKServe.builder(backend())
            .executor(readers)
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler()
            .handle(stream())
            .thenApply(response -> way.read.apply(response.body()));

    assertThat(text.get(20, TimeUnit.SECONDS)).contains("\"a\"", "\"c\"").endsWith("[DONE]\n\n");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aContinuationThatBlocksOnTheThreadOfTheBackendFailsAtOnce(Way way) {
    FakeBackend backend = backend();
    var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();

    CompletableFuture<String> text =
        attached(
            () ->
                openai
                    .httpHandler()
                    .handle(stream())
                    .thenApply(response -> way.read.apply(response.body())));

    assertThat(catchThrowable(() -> text.get(20, TimeUnit.SECONDS)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("blocking", "executor");
    awaitCancellation(backend);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aContinuationThatWaitsForAnotherAnswerFailsAtOnce(boolean http) {
    FakeBackend backend = backend();
    var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();

    CompletableFuture<Object> second =
        attached(
            () ->
                openai
                    .completions()
                    .createAsync(r -> r.prompt("p"))
                    .thenApply(
                        first ->
                            http
                                ? openai.httpHandler().answer(stream())
                                : openai.completions().create(r -> r.prompt("p"))));

    assertThat(catchThrowable(() -> second.get(20, TimeUnit.SECONDS)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("blocking", "executor");
    awaitCancellation(backend);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aContinuationThatBlocksTheTimerOfKeepAliveFailsAtOnce(Way way) {
    var time = new ManualScheduler();
    var backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    CompletableFuture<String> text =
        OpenAiKServe.builder(backend)
            .scheduler(time)
            .keepAlive(Duration.ofSeconds(10))
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler()
            .handle(stream())
            .thenApply(response -> way.read.apply(response.body()));

    time.advance(Duration.ofSeconds(10));

    assertThat(text).isCompletedExceptionally();
    assertThat(catchThrowable(text::get)).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anyOtherThreadMayBlock(Way way) {
    ApiResponse response =
        OpenAiKServe.builder(backend())
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler()
            .answer(stream());

    assertThat(way.read.apply(response.body())).endsWith("[DONE]\n\n");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aWholeAnswerIsReadOnAnyThread(Way way) throws Exception {
    CompletableFuture<String> text =
        OpenAiKServe.builder(backend())
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler()
            .handle(Requests.post("/v1/completions", "{\"prompt\":\"p\"}"))
            .thenApply(response -> way.read.apply(response.body()));

    assertThat(text.get(20, TimeUnit.SECONDS)).contains("\"text\":\"abc\"");
  }

  @Test
  void chunksAreReadWhereTheExecutorForResponsesRuns() throws Exception {
    var openai =
        OpenAiKServe.builder(backend()).executor(readers).model("m", Dialects.ANYSERVE).build();

    CompletableFuture<String> text =
        openai.httpHandler().handle(stream()).thenApply(response -> chunks(openai));

    assertThat(text.get(20, TimeUnit.SECONDS)).isEqualTo("abc");
  }

  @Test
  void chunksThatAreReadOnTheThreadOfTheBackendFailAtOnce() {
    var openai = OpenAiKServe.builder(backend()).model("m", Dialects.ANYSERVE).build();

    CompletableFuture<String> text =
        attached(() -> openai.httpHandler().handle(stream()).thenApply(r -> chunks(openai)));
    CompletableFuture<String> afterAnswer =
        attached(
            () ->
                openai
                    .completions()
                    .createAsync(r -> r.prompt("p"))
                    .thenApply(answer -> chunks(openai)));

    assertThat(catchThrowable(() -> afterAnswer.get(20, TimeUnit.SECONDS)))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(catchThrowable(() -> text.get(20, TimeUnit.SECONDS)))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  private static String chunks(OpenAiKServe openai) {
    var text = new StringBuilder();
    try (var chunks = openai.completions().stream(r -> r.prompt("p"))) {
      chunks.forEach(chunk -> text.append(chunk.text()));
    }
    return text.toString();
  }

  @Test
  void aStreamWithoutAnotherThreadIsReadWhereItIsDelivered() {
    InferResponse a = InferResponse.of(Tensor.text("token", "a"));
    var openai =
        OpenAiKServe.builder(FakeBackend.responses(a)).model("m", Dialects.ANYSERVE).build();

    assertThat(chunks(openai)).isEqualTo("a");
  }
}
