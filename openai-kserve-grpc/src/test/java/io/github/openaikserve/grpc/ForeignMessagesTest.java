package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.internal.message.InferCodec;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.InferParameter;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.servers.AnyServeServer;
import io.github.openaikserve.grpc.servers.HuggingFaceRuntime;
import io.github.openaikserve.grpc.servers.KServePythonServer;
import io.github.openaikserve.grpc.servers.MlServer;
import io.github.openaikserve.grpc.servers.StreamingRuntime;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Differences between the protocol files of servers. */
final class ForeignMessagesTest {
  private static final long PATIENCE = 20;
  private static final TimeUnit SECONDS = TimeUnit.SECONDS;

  @Test
  void unknownFieldSixOfModelMetadataIsSkipped() throws Exception {
    try (var server = MlServer.start(Map.of("gpt2", new HuggingFaceRuntime()));
        var backend = Servers.connect(server.target())) {
      var told = backend.modelMetadata("gpt2", "").toCompletableFuture().get(PATIENCE, SECONDS);

      assertThat(told.orElseThrow().inputs())
          .containsExactly(new TensorMetadata("array_inputs", "BYTES", List.of(-1L)));
    }
    try (var server = KServePythonServer.start();
        var backend = Servers.connect(server.target())) {
      var told =
          backend
              .modelMetadata(KServePythonServer.ENCODER, "")
              .toCompletableFuture()
              .get(PATIENCE, SECONDS);

      assertThat(told.orElseThrow().name()).isEqualTo(KServePythonServer.ENCODER);
    }
  }

  @Test
  void anOutputThatIsAskedForWithParametersIsUnreadableToAnyServe() throws Exception {
    try (var server = AnyServeServer.start()) {
      ManagedChannel channel =
          Grpc.newChannelBuilder(server.target(), InsecureChannelCredentials.create()).build();
      try {
        var stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
        ModelInferRequest plain =
            InferCodec.encode(
                InferRequest.of("generate", "llamacpp", List.of(Tensor.text("prompt", "Hi"))));
        var asked = ModelInferRequest.InferRequestedOutputTensor.newBuilder().setName("text");
        var binary = InferParameter.newBuilder().setInt64Param(-1).build();

        assertThat(stub.modelInfer(plain.toBuilder().addOutputs(asked).build()).getOutputsCount())
            .isEqualTo(2);
        assertThatExceptionOfType(StatusRuntimeException.class)
            .isThrownBy(
                () ->
                    stub.modelInfer(
                        plain.toBuilder()
                            .addOutputs(asked.putParameters("classification", binary))
                            .build()))
            .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL));
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void requestsDoNotSelectOutputs() {
    var everything =
        new InferRequest(
            "m",
            "1",
            "id",
            Map.of("p", new io.github.openaikserve.kserve.InferParameter.Bool(true)),
            List.of(Tensor.text("prompt", "Hi"), Tensor.ints("max_tokens", 3)));

    assertThat(InferCodec.encode(everything).getOutputsCount()).isZero();
  }

  @Test
  void aBareStreamIsReadByItsOwnRpcAndRejectedByTheEnvelopedOne() throws Exception {
    try (var server = MlServer.start(Map.of("own", new StreamingRuntime()));
        var backend = Servers.connect(server.target())) {
      InferRequest request = InferRequest.of("own", "", List.of(Tensor.text("prompt", "Hi")));

      List<String> texts =
          Recorder.of(backend.infer(InferCall.of(Rpc.MODEL_STREAM_INFER_UNWRAPPED, request)))
              .texts();
      Throwable garbage =
          Recorder.of(backend.infer(InferCall.of(Rpc.MODEL_STREAM_INFER, request))).failure();

      assertThat(String.join("", texts)).isEqualTo("Once upon a time.");
      assertThat(garbage).isInstanceOfAny(BackendException.class, DialectException.class);
    }
  }

  @Test
  void aRawRequestIsAnsweredRawAndRead() throws Exception {
    try (var server = MlServer.start(Map.of("own", new StreamingRuntime()));
        var backend = Servers.connect(server.target())) {
      ByteBuffer three = Tensor.ints("n", 3).rawContents();
      Tensor limit = Tensor.raw("max_tokens", Datatype.INT32, new long[] {1}, three);
      InferRequest request =
          InferRequest.of("own", "", List.of(Tensor.text("prompt", "Hi"), limit));

      InferResponse response =
          Recorder.of(backend.infer(InferCall.of(Rpc.MODEL_INFER, request))).first();

      assertThat(server.requests().get(0).getRawInputContentsCount()).isEqualTo(2);
      Tensor output = response.output("output").orElseThrow();
      assertThat(output.shape()).containsExactly(1, 1);
      assertThat(output.texts()).containsExactly("Once upon a");
    }
  }
}
