package io.github.openaikserve.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.Embedding;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FakeBackendTest {
  @Test
  void delayedRepliesComeThoughTheCommonPoolIsBlocked() throws Exception {
    var release = new CountDownLatch(1);
    List<CompletableFuture<Void>> blockers = new ArrayList<>();
    for (int i = 0; i <= ForkJoinPool.getCommonPoolParallelism(); i++) {
      blockers.add(
          CompletableFuture.runAsync(() -> awaitQuietly(release), ForkJoinPool.commonPool()));
    }
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(
                        List.of(
                            InferResponse.of(Tensor.text("token", "a")),
                            InferResponse.of(Tensor.text("token", "b"))))
                    .every(Duration.ofMillis(5)));

    try {
      assertThat(
              OpenAiKServe.builder(backend)
                  .model("m", Dialects.ANYSERVE)
                  .build()
                  .completions()
                  .createAsync(r -> r.prompt("p"))
                  .get(20, TimeUnit.SECONDS)
                  .text())
          .isEqualTo("ab");
    } finally {
      release.countDown();
      CompletableFuture.allOf(blockers.toArray(CompletableFuture<?>[]::new)).join();
    }
  }

  @Test
  void answersAreReturnedInTurnAndTheLastOneRepeats() {
    var openai =
        OpenAiKServe.builder(FakeBackend.answers(List.of("a", "b"), List.of("c")))
            .model("m", Dialects.ANYSERVE)
            .build();

    List<String> texts =
        IntStream.range(0, 3)
            .mapToObj(i -> openai.completions().create(r -> r.prompt("p")).text())
            .toList();

    assertThat(texts).containsExactly("ab", "c", "c");
  }

  @Test
  void aScriptedBackendUsesAnotherDialect() {
    var openai =
        OpenAiKServe.builder(
                FakeBackend.answering(
                    call -> ScriptedResponse.texts("text_output", "Hello", " world")))
            .model("m", Dialects.TRITON_VLLM)
            .build();

    assertThat(openai.completions().stream(r -> r.prompt("p")).asStream().map(Completion::text))
        .contains("Hello", " world");
  }

  @Test
  void aSignalWaitsForItsRelease() {
    var release = new CompletableFuture<Void>();
    var backend =
        FakeBackend.answering(
            call -> ScriptedResponse.tokens(call, "a", "b").waitsBefore(1, release));
    var signals = new TestSubscriber<InferResponse>(Long.MAX_VALUE);

    backend
        .infer(
            InferCall.of(
                Rpc.MODEL_STREAM_INFER, new InferRequest("m", "", "", Map.of(), List.of())))
        .subscribe(signals);
    assertThat(signals.items()).hasSize(1);
    release.complete(null);

    assertThat(signals.awaitCompletion()).hasSize(3);
  }

  @Test
  void describesItsServerAndItsModels() {
    var metadata = new ModelMetadata("m", List.of("1"), "python", List.of(), List.of());
    var server = new ServerMetadata("triton", "2.60.0", List.of());
    FakeBackend backend =
        FakeBackend.tokens("x")
            .serverMetadata(server)
            .describe(
                new ModelDescription(
                    "m", Optional.empty(), Optional.of(metadata), Optional.empty()));

    ModelDescription read = ModelDescription.read(backend, "m", "").join();

    assertThat(read.server()).contains(server);
    assertThat(read.metadata()).contains(metadata);
    assertThat(read.config()).isEmpty();
    assertThat(ModelDescription.read(backend, "other", "").join().metadata()).isEmpty();
  }

  @Test
  void vectorsHaveOneLength() {
    var openai =
        OpenAiKServe.builder(
                FakeBackend.answering(
                    call ->
                        ScriptedResponse.vectors(
                            "embedding_output", new float[] {1, 2}, new float[] {3, 4})))
            .model("m", Dialects.EMBEDDINGS)
            .build();

    assertThat(openai.embeddings().create(r -> r.input("a", "b")).data())
        .containsExactly(Embedding.of(0, 1, 2), Embedding.of(1, 3, 4));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> ScriptedResponse.vectors("v", new float[] {1}, new float[] {}));
  }

  @Test
  void aClosedBackendIsUnavailableAndNotReady() {
    FakeBackend backend = FakeBackend.tokens("x");
    backend.close();

    assertThat(backend.isClosed()).isTrue();
    assertThat(backend.ready().toCompletableFuture().join()).contains(false);
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(
            () ->
                OpenAiKServe.builder(backend)
                    .model("m", Dialects.ANYSERVE)
                    .build()
                    .completions()
                    .create(r -> r.prompt("p")))
        .satisfies(e -> assertThat(e.backendCode()).isEqualTo(BackendCode.UNAVAILABLE));
  }

  @Test
  void onlyRequestWantsExactlyOneCall() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> FakeBackend.tokens("x").onlyRequest())
        .withMessageContaining("0");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
