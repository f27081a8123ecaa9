package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Requests;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However a caller abandons an answer, the backend's call is cancelled. */
final class AbandonedCallsTest {
  private static final InferResponse A = InferResponse.of(Tensor.text("token", "a"));

  private final ManualScheduler time = new ManualScheduler();
  private final CallDiary diary = new CallDiary();

  /** A way to abandon an answer. */
  @SuppressWarnings("ImmutableEnumChecker") // its functions hold nothing
  enum Way {
    RESPONSE_TIMES_OUT(o -> whole(o).orTimeout(1, TimeUnit.MILLISECONDS)),
    RESPONSE_IS_CANCELLED(o -> whole(o).cancel(false)),
    RESPONSE_IS_REPLACED(o -> whole(o).completeOnTimeout(null, 1, TimeUnit.MILLISECONDS)),
    RESPONSE_IS_FAILED(o -> whole(o).completeExceptionally(new IllegalStateException("expected"))),
    STAGE_OF_RESPONSE_IS_CANCELLED(o -> whole(o).thenApply(ApiResponse::status).cancel(false)),
    STAGE_OF_RESPONSE_TIMES_OUT(
        o -> whole(o).thenApply(ApiResponse::status).orTimeout(1, TimeUnit.MILLISECONDS)),
    EMBEDDINGS_RESPONSE_TIMES_OUT(
        o ->
            o.httpHandler()
                .handle(Requests.post("/v1/embeddings", "{\"input\":\"x\"}"))
                .orTimeout(1, TimeUnit.MILLISECONDS)),
    ANSWER_TIMES_OUT(o -> answer(o).orTimeout(1, TimeUnit.MILLISECONDS)),
    ANSWER_IS_CANCELLED(o -> answer(o).cancel(true)),
    ANSWER_IS_COMPLETED(o -> answer(o).complete(null)),
    STAGE_OF_ANSWER_IS_CANCELLED(o -> answer(o).thenApply(Completion::text).cancel(false)),
    CHAT_TIMES_OUT(
        o ->
            o.chatCompletions().createAsync(r -> r.user("Hi")).orTimeout(1, TimeUnit.MILLISECONDS)),
    EMBEDDINGS_TIME_OUT(
        o -> o.embeddings().createAsync(r -> r.input("x")).orTimeout(1, TimeUnit.MILLISECONDS)),
    BODY_IS_CLOSED(o -> streamed(o).body().close()),
    INPUT_STREAM_IS_CLOSED(
        o -> {
          try (var in = streamed(o).body().inputStream()) {
            assertThat(in.read()).isEqualTo('d');
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }),
    SUBSCRIPTION_OF_BODY_IS_CANCELLED(
        o -> {
          var reader = new TestSubscriber<ByteBuffer>(1);
          streamed(o).body().subscribe(reader);
          reader.cancel();
        }),
    CHUNKS_ARE_CLOSED(
        o -> {
          try (var chunks = o.completions().stream(r -> r.prompt("p"))) {
            assertThat(chunks.iterator().next().text()).isEqualTo("a");
          }
        }),
    SUBSCRIPTION_OF_CHUNKS_IS_CANCELLED(
        o -> {
          var reader = new TestSubscriber<Completion>(1);
          o.completions().streamAsync(r -> r.prompt("p")).subscribe(reader);
          reader.cancel();
        });

    private final Consumer<OpenAiKServe> abandon;

    Way(Consumer<OpenAiKServe> abandon) {
      this.abandon = abandon;
    }

    private static CompletableFuture<ApiResponse> whole(OpenAiKServe openai) {
      return openai.httpHandler().handle(Requests.post("/v1/completions", "{\"prompt\":\"p\"}"));
    }

    private static ApiResponse streamed(OpenAiKServe openai) {
      return openai
          .httpHandler()
          .answer(Requests.post("/v1/completions", "{\"prompt\":\"p\",\"stream\":true}"));
    }

    private static CompletableFuture<Completion> answer(OpenAiKServe openai) {
      return openai.completions().createAsync(r -> r.prompt("p"));
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void theCallOfAnAbandonedAnswerIsCancelledOnce(Way way) {
    boolean embeds = way.name().startsWith("EMBEDDINGS");
    var backend =
        FakeBackend.answering(
            call -> ScriptedResponse.of(embeds ? List.of() : List.of(A)).thenHangs());
    var openai =
        OpenAiKServe.builder(backend)
            .scheduler(time)
            .listener(diary)
            .model("m", Dialects.ANYSERVE)
            .build();

    way.abandon.accept(openai);

    await(() -> diary.received().stream().anyMatch(CallDiary::isAnEnd));
    await(() -> time.waiting() == 0);
    assertThat(backend.calls()).hasSize(1);
    assertThat(backend.cancellations()).isEqualTo(1);
    assertThat(diary.received())
        .filteredOn(CallDiary::isAnEnd)
        .singleElement()
        .asString()
        .startsWith("cancelled");
  }

  private static void await(BooleanSupplier reached) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
