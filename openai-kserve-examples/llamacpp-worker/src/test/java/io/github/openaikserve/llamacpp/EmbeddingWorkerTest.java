package io.github.openaikserve.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import io.github.openaikserve.llamacpp.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.llamacpp.proto.ModelInferRequest;
import io.github.openaikserve.llamacpp.proto.ModelInferResponse;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The capability {@code embed} over real llama.cpp and real netty. */
final class EmbeddingWorkerTest {
  private static LlamaCppWorker worker;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() throws IOException {
    worker = LlamaCppWorker.builder().slots(2).start();
    channel = channelTo(worker);
  }

  @AfterAll
  static void end() {
    channel.shutdownNow();
    worker.close();
  }

  @Test
  void aVectorIsOneTensor() {
    ModelInferResponse answer = embed(request("hello"));

    assertThat(answer.getModelName()).isEqualTo("embed");
    assertThat(answer.getOutputsCount()).isEqualTo(1);
    assertThat(answer.getOutputs(0).getName()).isEqualTo("embedding");
    assertThat(answer.getOutputs(0).getDatatype()).isEqualTo("FP32");
    assertThat(answer.getOutputs(0).getShapeList()).containsExactly(256L);
    assertThat(vector(answer)).hasSize(256).isEqualTo(vector(embed(request("hello"))));
  }

  @Test
  void theCapabilityIsFoundWithAndWithoutAVersion() {
    assertThat(
            embed(request("x").toBuilder().setModelVersion("llamacpp").build()).getOutputsCount())
        .isEqualTo(1);
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> embed(request("x").toBuilder().setModelVersion("other").build()))
        .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
  }

  @Test
  void strangeTextsHaveVectors() {
    for (String text : List.of(" ", "\n", "\u0000", "\uFFFD", "<|im_end|>", "\uD83D\uDD25", "a")) {
      assertThat(vector(embed(request(text)))).hasSize(256);
    }
  }

  @Test
  void inputsThatCannotBeEmbeddedAreErrorsAndTheWorkerContinues() {
    refused("Missing required input 'text'", ModelInferRequest.newBuilder());
    refused("no tokens", request("").toBuilder());
    refused("context", request("word ".repeat(3000)).toBuilder());

    aVectorIsOneTensor();
  }

  @Test
  void theLongestTextThatFitsIsEmbeddedAndNoLongerOne() {
    // A further line break is a further token.
    int tooMany = tokens(refusalOf("hello" + "\n".repeat(2000)));
    int fitting = 2000 - (tooMany - 1022);

    assertThat(vector(embed(request("hello" + "\n".repeat(fitting))))).hasSize(256);
    assertThat(refusalOf("hello" + "\n".repeat(fitting + 1)))
        .hasMessageContaining("The text has 1023 tokens, but the context holds 1022");
  }

  @Test
  void manyAtOnceWaitForEachOther() throws Exception {
    List<Float> alone = vector(embed(request("hello")));
    List<ListenableFuture<ModelInferResponse>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(GRPCInferenceServiceGrpc.newFutureStub(channel).modelInfer(request("hello")));
    }

    for (ListenableFuture<ModelInferResponse> one : all) {
      assertThat(vector(one.get(60, TimeUnit.SECONDS))).isEqualTo(alone);
    }
  }

  @Test
  void cancelledCallsAreForgotten() {
    for (int i = 0; i < 100; i++) {
      GRPCInferenceServiceGrpc.newFutureStub(channel)
          .modelInfer(request("word ".repeat(200)))
          .cancel(true);
    }

    aVectorIsOneTensor();
  }

  @Test
  void closingFailsWaitingCalls() throws Exception {
    LlamaCppWorker other = LlamaCppWorker.builder().slots(1).start();
    ManagedChannel toOther = channelTo(other);
    var stub = GRPCInferenceServiceGrpc.newFutureStub(toOther);
    stub.modelInfer(request("hello")).get(60, TimeUnit.SECONDS);
    List<ListenableFuture<ModelInferResponse>> waiting = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      waiting.add(stub.modelInfer(request("word ".repeat(200))));
    }

    CompletableFuture.runAsync(other::close).get(30, TimeUnit.SECONDS);

    CountDownLatch settled = new CountDownLatch(waiting.size());
    waiting.forEach(one -> one.addListener(settled::countDown, Runnable::run));
    assertThat(settled.await(30, TimeUnit.SECONDS)).isTrue();
    toOther.shutdownNow();
  }

  private static StatusRuntimeException refusalOf(String text) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> embed(request(text)));
  }

  private static int tokens(StatusRuntimeException refusal) {
    return Integer.parseInt(String.valueOf(refusal.getMessage()).replaceAll("\\D+(\\d+).*", "$1"));
  }

  private static void refused(String words, ModelInferRequest.Builder request) {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> embed(request.setModelName("embed").build()))
        .withMessageContaining(words)
        .satisfies(
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
  }

  private static ModelInferResponse embed(ModelInferRequest request) {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel).modelInfer(request);
  }

  private static List<Float> vector(ModelInferResponse response) {
    return response.getOutputs(0).getContents().getFp32ContentsList();
  }

  private static ModelInferRequest request(String text) {
    return ModelInferRequest.newBuilder()
        .setModelName("embed")
        .addInputs(InputTensors.text("text", text))
        .build();
  }

  private static ManagedChannel channelTo(LlamaCppWorker worker) {
    return Grpc.newChannelBuilder("127.0.0.1:" + worker.port(), InsecureChannelCredentials.create())
        .build();
  }
}
