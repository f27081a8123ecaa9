package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelConfigRequest;
import io.github.openaikserve.grpc.proto.ModelConfigResponse;
import io.github.openaikserve.grpc.proto.ModelInput;
import io.github.openaikserve.grpc.proto.ModelMetadataRequest;
import io.github.openaikserve.grpc.proto.ModelMetadataResponse;
import io.github.openaikserve.grpc.proto.ModelParameter;
import io.github.openaikserve.grpc.proto.ModelReadyRequest;
import io.github.openaikserve.grpc.proto.ModelReadyResponse;
import io.github.openaikserve.grpc.proto.ModelTransactionPolicy;
import io.github.openaikserve.grpc.proto.RepositoryIndexRequest;
import io.github.openaikserve.grpc.proto.RepositoryIndexResponse;
import io.github.openaikserve.grpc.proto.ServerMetadataRequest;
import io.github.openaikserve.grpc.proto.ServerMetadataResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.TensorMetadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The metadata of a server such as Triton and of its models. */
final class ServerKnowledgeTest {
  private static Server server;
  private static GrpcBackend backend;

  @BeforeAll
  static void start() throws Exception {
    server = Servers.start(new TalkativeService());
    backend = Servers.connect(Servers.target(server));
  }

  @AfterAll
  static void end() throws Exception {
    backend.close();
    server.shutdownNow().awaitTermination();
  }

  @Test
  void theServerMetadataIsRead() throws Exception {
    assertThat(get(backend.serverMetadata()))
        .isEqualTo(
            java.util.Optional.of(
                new ServerMetadata("triton", "2.68.0", List.of("model_repository"))));
  }

  @Test
  void theModelMetadataIsRead() throws Exception {
    assertThat(get(backend.modelMetadata("m", "1")))
        .contains(
            new ModelMetadata(
                "m",
                List.of("1"),
                "vllm",
                List.of(new TensorMetadata("text_input", "BYTES", List.of(-1L, 1L))),
                List.of()));
  }

  @Test
  void datatypesMayHaveTheNamesOfTritonConfigurations() throws Exception {
    assertThat(get(backend.modelMetadata("configured", "1")).orElseThrow().inputs())
        .extracting(TensorMetadata::datatype)
        .containsExactly("BYTES", "FP32");
  }

  @Test
  void theModelConfigIsRead() throws Exception {
    assertThat(get(backend.modelConfig("m", "")))
        .contains(
            new ModelConfig(
                "m", "", "vllm", 8, true, Map.of("max_tokens", "64"), List.of("text_input")));
  }

  @Test
  void theRepositoryIndexIsRead() throws Exception {
    assertThat(get(backend.repositoryIndex()))
        .contains(List.of(new RepositoryIndexEntry("m", "1", "READY", "")));
  }

  @Test
  void unknownModelsAreEmptyAndOtherFailuresFail() throws Exception {
    assertThat(get(backend.modelMetadata("nope", ""))).isEmpty();
    assertThat(backend.modelMetadata("broken", "").toCompletableFuture())
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableThat()
        .withCauseInstanceOf(BackendException.class);
    assertThat(get(backend.modelReady("broken", ""))).contains(false);
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static final class TalkativeService
      extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
    @Override
    public void serverMetadata(
        ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> responses) {
      answer(
          responses,
          ServerMetadataResponse.newBuilder()
              .setName("triton")
              .setVersion("2.68.0")
              .addExtensions("model_repository")
              .build());
    }

    @Override
    public void modelReady(
        ModelReadyRequest request, StreamObserver<ModelReadyResponse> responses) {
      responses.onError(Status.INTERNAL.asRuntimeException());
    }

    @Override
    public void modelMetadata(
        ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
      switch (request.getName()) {
        case "nope" -> responses.onError(Status.NOT_FOUND.asRuntimeException());
        case "broken" -> responses.onError(Status.INTERNAL.asRuntimeException());
        case "configured" ->
            answer(
                responses,
                ModelMetadataResponse.newBuilder()
                    .addInputs(
                        ModelMetadataResponse.TensorMetadata.newBuilder()
                            .setDatatype("TYPE_STRING"))
                    .addInputs(
                        ModelMetadataResponse.TensorMetadata.newBuilder().setDatatype("TYPE_FP32"))
                    .build());
        default ->
            answer(
                responses,
                ModelMetadataResponse.newBuilder()
                    .setName(request.getName())
                    .addVersions(request.getVersion())
                    .setPlatform("vllm")
                    .addInputs(
                        ModelMetadataResponse.TensorMetadata.newBuilder()
                            .setName("text_input")
                            .setDatatype("BYTES")
                            .addShape(-1)
                            .addShape(1))
                    .build());
      }
    }

    @Override
    public void modelConfig(
        ModelConfigRequest request, StreamObserver<ModelConfigResponse> responses) {
      answer(
          responses,
          ModelConfigResponse.newBuilder()
              .setConfig(
                  io.github.openaikserve.grpc.proto.ModelConfig.newBuilder()
                      .setName(request.getName())
                      .setBackend("vllm")
                      .setMaxBatchSize(8)
                      .addInput(ModelInput.newBuilder().setName("text_input"))
                      .addInput(ModelInput.newBuilder().setName("stream").setOptional(true))
                      .setModelTransactionPolicy(
                          ModelTransactionPolicy.newBuilder().setDecoupled(true))
                      .putParameters(
                          "max_tokens", ModelParameter.newBuilder().setStringValue("64").build()))
              .build());
    }

    @Override
    public void repositoryIndex(
        RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> responses) {
      answer(
          responses,
          RepositoryIndexResponse.newBuilder()
              .addModels(
                  RepositoryIndexResponse.ModelIndex.newBuilder()
                      .setName("m")
                      .setVersion("1")
                      .setState("READY"))
              .build());
    }

    private static <T> void answer(StreamObserver<T> responses, T answer) {
      responses.onNext(answer);
      responses.onCompleted();
    }
  }
}
