package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.TestSubscriber;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients of a {@link BackendService} over Netty receive, in addition to the contract. */
final class BackendServiceTest {
  private static final InferRequest REQUEST =
      InferRequest.of("m", "1", List.of(Tensor.text("prompt", "Hi"), Tensor.ints("max", 3)));

  // Set by each test.
  private @Nullable Server server;
  private @Nullable GrpcBackend client;

  private GrpcBackend serve(InferenceBackend backend) throws IOException {
    return serve(backend, service -> service, client -> client);
  }

  private GrpcBackend serve(
      InferenceBackend backend,
      UnaryOperator<BackendService> form,
      UnaryOperator<GrpcBackendBuilder> settings)
      throws IOException {
    Server started = Servers.start(form.apply(BackendService.of(backend)));
    server = started;
    GrpcBackend connected =
        settings.apply(GrpcBackend.builder().target(Servers.target(started))).build();
    client = connected;
    return connected;
  }

  @AfterEach
  void end() throws InterruptedException {
    Objects.requireNonNull(client).close();
    Objects.requireNonNull(server).shutdownNow().awaitTermination();
  }

  private static List<InferResponse> responses(InferenceBackend backend, InferCall call) {
    var signals = new TestSubscriber<InferResponse>(Long.MAX_VALUE);
    backend.infer(call).subscribe(signals);
    return signals.awaitCompletion();
  }

  @Test
  void theBackendReceivesTheRequestItsHeadersAndItsTimeLimit() throws IOException {
    FakeBackend backend = FakeBackend.tokens("x");
    GrpcBackend client = serve(backend);

    responses(
        client,
        InferCall.of(Rpc.MODEL_INFER, REQUEST)
            .withMetadata(Map.of("x-tenant", "a"))
            .withTimeout(Duration.ofMinutes(1)));

    InferCall call = backend.calls().get(0);
    assertThat(call.rpc()).isEqualTo(Rpc.MODEL_INFER);
    assertThat(call.request()).isEqualTo(REQUEST);
    assertThat(call.metadata()).containsEntry("x-tenant", "a");
    assertThat(call.timeout()).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @EnumSource
  void failuresBecomeStatusesWithTheSameCode(BackendCode code) throws IOException {
    GrpcBackend client = serve(FakeBackend.failing(code, "No."));
    var signals = new TestSubscriber<InferResponse>(1);

    client.infer(InferCall.of(Rpc.MODEL_INFER, REQUEST)).subscribe(signals);

    BackendCode expected =
        switch (code) {
          case CONTEXT_LENGTH_EXCEEDED, REQUEST_TOO_LARGE -> BackendCode.INVALID_ARGUMENT;
          case RESPONSE_TOO_LARGE -> BackendCode.RESOURCE_EXHAUSTED;
          default -> code;
        };
    assertThat(((BackendException) signals.awaitFailure()).backendCode()).isEqualTo(expected);
  }

  @Test
  void metadataAndReadinessComeFromTheBackend() throws IOException {
    var server = new ServerMetadata("triton", "2.60.0", List.of("statistics"));
    var metadata =
        new ModelMetadata(
            "m",
            List.of("1"),
            "python",
            List.of(new TensorMetadata("text_input", "BYTES", List.of(1L))),
            List.of(new TensorMetadata("text_output", "BYTES", List.of(-1L))));
    var config = new ModelConfig("m", "", "vllm", 0, true, Map.of("a", "b"), List.of());
    FakeBackend backend =
        FakeBackend.tokens("x")
            .repository("m")
            .serverMetadata(server)
            .describe(
                new ModelDescription(
                    "m", Optional.empty(), Optional.of(metadata), Optional.of(config)));
    GrpcBackend client = serve(backend);

    ModelDescription read = ModelDescription.read(client, "m", "").join();

    assertThat(read.server()).contains(server);
    assertThat(read.metadata()).contains(metadata);
    assertThat(read.config()).contains(config);
    assertThat(client.ready().toCompletableFuture().join()).contains(true);
    assertThat(client.repositoryIndex().toCompletableFuture().join())
        .isEqualTo(backend.repositoryIndex().toCompletableFuture().join());
    assertThat(client.modelReady("m", "").toCompletableFuture().join()).isEmpty();
  }

  @Test
  void streamsCanHavePlainResponses() throws IOException {
    GrpcBackend client =
        serve(FakeBackend.tokens("a", "b"), BackendService::unwrappedStreams, settings -> settings);

    assertThat(responses(client, InferCall.of(Rpc.MODEL_STREAM_INFER_UNWRAPPED, REQUEST)))
        .hasSize(3);
  }

  @Test
  void theServiceMayHaveAnotherName() throws IOException {
    GrpcBackend client =
        serve(
            FakeBackend.tokens("a"),
            service -> service.named("other.Inference"),
            settings -> settings.service("other.Inference"));

    assertThat(responses(client, InferCall.of(Rpc.MODEL_STREAM_INFER, REQUEST))).hasSize(2);
  }

  @Test
  void aMalformedRequestIsAnInvalidArgument() throws IOException {
    serve(FakeBackend.tokens("a"));
    var channel =
        NettyChannelBuilder.forTarget(Servers.target(Objects.requireNonNull(server)))
            .usePlaintext()
            .build();
    try {
      var stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
      var request =
          ModelInferRequest.newBuilder()
              .addInputs(
                  ModelInferRequest.InferInputTensor.newBuilder().setName("p").setDatatype("TEXT"))
              .build();

      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> stub.modelInfer(request))
          .withMessageContaining("INVALID_ARGUMENT")
          .withMessageContaining("'p'");
    } finally {
      channel.shutdownNow();
    }
  }
}
