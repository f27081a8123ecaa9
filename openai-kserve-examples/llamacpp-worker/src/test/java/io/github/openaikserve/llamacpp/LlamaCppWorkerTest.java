package io.github.openaikserve.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.github.openaikserve.llamacpp.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.llamacpp.proto.ModelInferRequest;
import io.github.openaikserve.llamacpp.proto.ModelInferRequest.InferInputTensor;
import io.github.openaikserve.llamacpp.proto.ModelInferResponse;
import io.github.openaikserve.llamacpp.proto.ModelMetadataRequest;
import io.github.openaikserve.llamacpp.proto.ModelReadyRequest;
import io.github.openaikserve.llamacpp.proto.ModelStreamInferResponse;
import io.github.openaikserve.llamacpp.proto.ServerLiveRequest;
import io.github.openaikserve.llamacpp.proto.ServerMetadataRequest;
import io.github.openaikserve.llamacpp.proto.ServerReadyRequest;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real llama.cpp behind real netty. */
final class LlamaCppWorkerTest {
  private static final String GREETING =
      "<|im_start|>user\nHello, how are you?<|im_end|>\n<|im_start|>assistant\n";
  private static final String IMPOSSIBLE =
      "{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"enum\":[]}}}";
  private static LlamaCppWorker worker;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() throws IOException {
    worker = LlamaCppWorker.builder().slots(2).start();
    channel =
        Grpc.newChannelBuilder("127.0.0.1:" + worker.port(), InsecureChannelCredentials.create())
            .build();
  }

  @AfterAll
  static void end() {
    channel.shutdownNow();
    worker.close();
    worker.close();
  }

  @Test
  void aWholeAnswerHasTextAndModel() {
    ModelInferResponse answer = infer(request("generate", GREETING, 50));

    assertThat(output(answer, "text")).isNotBlank().doesNotContain("<|im_end|>");
    assertThat(output(answer, "model")).isEqualTo("tiny-chat");
    assertThat(answer.getModelVersion()).isEqualTo("llamacpp");
  }

  @Test
  void aStreamSaysNullUntilItSaysStop() {
    List<ModelInferResponse> chunks = stream(request("generate_stream", GREETING, 50));

    assertThat(chunks).hasSizeGreaterThan(2);
    for (ModelInferResponse chunk : chunks.subList(0, chunks.size() - 1)) {
      assertThat(output(chunk, "token")).isNotEmpty();
      assertThat(output(chunk, "finish_reason")).isEqualTo("null");
      assertThat(chunk.getModelName()).isEqualTo("generate_stream");
      assertThat(chunk.getModelVersion()).isEmpty();
    }
    ModelInferResponse last = chunks.get(chunks.size() - 1);
    assertThat(output(last, "token")).isEmpty();
    assertThat(output(last, "finish_reason")).isEqualTo("stop");
  }

  @Test
  void theStreamIsTheWholeAnswerInPieces() {
    String streamed = text(stream(request("generate_stream", GREETING, 50)));

    assertThat(streamed).isEqualTo(output(infer(request("generate", GREETING, 50)), "text"));
  }

  @Test
  void theLimitEndsItWithLength() {
    List<ModelInferResponse> chunks = stream(request("generate_stream", "Once upon a time", 10));

    assertThat(chunks).hasSize(11);
    assertThat(output(chunks.get(10), "finish_reason")).isEqualTo("length");
  }

  @Test
  void charactersOfSeveralTokensComeWhole() {
    String text =
        text(
            stream(
                request(
                    "generate_stream",
                    "<|im_start|>user\nShow me a fire emoji<|im_end|>\n<|im_start|>assistant\n",
                    50)));

    assertThat(text).contains("\uD83D\uDD25").doesNotContain("\uFFFD");
  }

  @Test
  void theModelIsNamed() {
    ModelInferResponse info =
        infer(ModelInferRequest.newBuilder().setModelName("model_info").build());

    assertThat(output(info, "model_name")).isEqualTo("tiny-chat");
    assertThat(info.getOutputs(1).getContents().getIntContents(0)).isEqualTo(1024);
  }

  @Test
  void theWorkerReportsTheSameMetadataAsAnyServe() {
    var stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);

    assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
    assertThat(stub.modelReady(ModelReadyRequest.getDefaultInstance()).getReady()).isTrue();
    assertThat(stub.serverMetadata(ServerMetadataRequest.getDefaultInstance()).getName())
        .isEqualTo("anyserve");
    assertThat(
            stub.modelMetadata(ModelMetadataRequest.newBuilder().setName("x").build())
                .getInputsCount())
        .isZero();
  }

  @Test
  void manyAtOnceAreServedOrWait() throws Exception {
    List<CompletableFuture<String>> answers =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> text(stream(request("generate_stream", GREETING, 30)))))
            .toList();

    for (CompletableFuture<String> answer : answers) {
      assertThat(answer.get(60, TimeUnit.SECONDS)).isNotBlank();
    }
  }

  @Test
  @Timeout(10)
  void aPromptOfOnlySpecialTokensIsRejectedImmediately() {
    refused("context", request("generate", "<|im_end|>x".repeat(200_000), 5).toBuilder());
  }

  @Test
  void badRequestsAreNamedAndTheWorkerContinues() {
    refused("Missing required input 'prompt'", ModelInferRequest.newBuilder());
    refused(
        "Missing required input 'prompt'",
        ModelInferRequest.newBuilder()
            .addInputs(InferInputTensor.newBuilder().setName("prompt"))
            .addRawInputContents(ByteString.copyFromUtf8("raw")));
    refused("context", request("generate", "word ".repeat(3000), 5).toBuilder());
    refused(
        "not a finite number",
        request("generate", "x", 5).toBuilder().addInputs(InputTensors.number("top_p", Float.NaN)));
    refused(
        "no value can match",
        request("generate", "x", 5).toBuilder()
            .addInputs(InputTensors.text("response_format", IMPOSSIBLE)));
    assertThat(output(infer(request("generate", "", 5)), "text")).isNotNull();
    assertThat(output(infer(request("generate", "\u0000 \uFFFD {\"}", 5)), "text")).isNotNull();

    aWholeAnswerHasTextAndModel();
  }

  @Test
  void anUnknownCapabilityIsNotFoundOrAnErrorOnTheStream() {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> infer(request("paint", "x", 5)))
        .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    ModelStreamInferResponse error =
        GRPCInferenceServiceGrpc.newBlockingStub(channel)
            .modelStreamInfer(request("paint", "x", 5))
            .next();
    assertThat(error.getErrorMessage()).contains("paint");
  }

  @Test
  void cancelledGenerationsFreeTheirSlots() {
    for (int i = 0; i < 20; i++) {
      Context.CancellableContext context = Context.current().withCancellation();
      context.run(
          () -> {
            Iterator<ModelStreamInferResponse> endless =
                GRPCInferenceServiceGrpc.newBlockingStub(channel)
                    .modelStreamInfer(request("generate_stream", "Once upon a time", -1));
            endless.next();
          });
      context.cancel(null);
    }

    assertThat(text(stream(request("generate_stream", GREETING, 30)))).isNotBlank();
  }

  @Test
  void closingEndsRunningGenerations() throws Exception {
    LlamaCppWorker other = LlamaCppWorker.builder().slots(1).start();
    ManagedChannel toOther =
        Grpc.newChannelBuilder("127.0.0.1:" + other.port(), InsecureChannelCredentials.create())
            .build();
    Iterator<ModelStreamInferResponse> story =
        GRPCInferenceServiceGrpc.newBlockingStub(toOther)
            .modelStreamInfer(request("generate_stream", "Once upon a time", -1));
    story.next();

    CompletableFuture.runAsync(other::close).get(30, TimeUnit.SECONDS);

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(
            () ->
                GRPCInferenceServiceGrpc.newBlockingStub(toOther)
                    .modelInfer(request("generate", "x", 1)));
    toOther.shutdownNow();
  }

  @Test
  void onlyAModelThatCannotBeLoadedIsReportedAsSuch(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("broken.gguf"), "GGUF and no more");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> LlamaCppWorker.builder().gguf(file).start())
        .withMessageStartingWith("cannot load the model " + file + ": ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LlamaCppWorker.builder().slots(1).port(65536).start())
        .withMessageContaining("port out of range");
  }

  private static void refused(String words, ModelInferRequest.Builder request) {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> infer(request.setModelName("generate").build()))
        .withMessageContaining(words)
        .satisfies(
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> stream(request.setModelName("generate_stream").build()))
        .withMessageContaining(words);
  }

  private static ModelInferResponse infer(ModelInferRequest request) {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel).modelInfer(request);
  }

  private static List<ModelInferResponse> stream(ModelInferRequest request) {
    List<ModelInferResponse> chunks = new ArrayList<>();
    GRPCInferenceServiceGrpc.newBlockingStub(channel)
        .modelStreamInfer(request)
        .forEachRemaining(
            chunk -> {
              assertThat(chunk.getErrorMessage()).isEmpty();
              chunks.add(chunk.getInferResponse());
            });
    return chunks;
  }

  private static String text(List<ModelInferResponse> chunks) {
    var text = new StringBuilder();
    chunks.forEach(chunk -> text.append(output(chunk, "token")));
    return text.toString();
  }

  private static String output(ModelInferResponse response, String name) {
    return response.getOutputsList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .map(tensor -> tensor.getContents().getBytesContents(0).toStringUtf8())
        .findFirst()
        .orElseThrow();
  }

  private static ModelInferRequest request(String capability, String prompt, int maxTokens) {
    return ModelInferRequest.newBuilder()
        .setModelName(capability)
        .setModelVersion("llamacpp")
        .addInputs(InputTensors.text("prompt", prompt))
        .addInputs(InputTensors.integer("max_tokens", maxTokens))
        .addInputs(InputTensors.number("temperature", 0))
        .build();
  }
}
