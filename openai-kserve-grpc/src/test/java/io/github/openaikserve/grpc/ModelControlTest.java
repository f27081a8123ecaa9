package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.RepositoryModelLoadRequest;
import io.github.openaikserve.grpc.proto.RepositoryModelLoadResponse;
import io.github.openaikserve.grpc.proto.RepositoryModelUnloadRequest;
import io.github.openaikserve.grpc.proto.RepositoryModelUnloadResponse;
import io.github.openaikserve.grpc.proto.ServerMetadataRequest;
import io.github.openaikserve.grpc.proto.ServerMetadataResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that load and unload models on request. */
final class ModelControlTest {
  private final Repository repository = new Repository();
  private final Server server;
  private final GrpcBackend backend;

  ModelControlTest() throws Exception {
    server = Servers.start(repository);
    backend = Servers.connect(Servers.target(server));
  }

  @AfterEach
  void end() throws Exception {
    backend.close();
    server.shutdownNow().awaitTermination();
  }

  @ParameterizedTest
  @CsvSource({"triton, ' m'", "mlserver, ' m'", "kserve, 'm '"})
  void theNameOfTheModelIsInTheFieldThatTheServerReads(String name, String fields)
      throws Exception {
    repository.name = name;

    assertThat(get(backend.loadModel("m"))).isTrue();
    assertThat(get(backend.unloadModel("m"))).isTrue();

    assertThat(repository.asked).containsExactly("load " + fields, "unload " + fields);
  }

  @Test
  void aServerWithoutTheRpcLoadsNothing() throws Exception {
    repository.status = Status.UNIMPLEMENTED;

    assertThat(get(backend.loadModel("m"))).isFalse();
    assertThat(get(backend.unloadModel("m"))).isFalse();
  }

  @Test
  void aFailedLoadReportsTheServersMessage() throws Exception {
    repository.status = Status.INVALID_ARGUMENT.withDescription("failed to load 'm', no version");

    assertThat(backend.loadModel("m").toCompletableFuture())
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(BackendException.class)
        .withMessageContaining("no version");
  }

  private static boolean get(CompletionStage<Boolean> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static final class Repository
      extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
    final List<String> asked = new ArrayList<>();
    volatile String name = "triton";
    volatile Status status = Status.OK;

    @Override
    public void serverMetadata(
        ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> answer) {
      answer.onNext(ServerMetadataResponse.newBuilder().setName(name).build());
      answer.onCompleted();
    }

    @Override
    public void repositoryModelLoad(
        RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> answer) {
      asked.add("load " + request.getRepositoryName() + " " + request.getModelName());
      end(answer, RepositoryModelLoadResponse.getDefaultInstance());
    }

    @Override
    public void repositoryModelUnload(
        RepositoryModelUnloadRequest request,
        StreamObserver<RepositoryModelUnloadResponse> answer) {
      asked.add("unload " + request.getRepositoryName() + " " + request.getModelName());
      end(answer, RepositoryModelUnloadResponse.getDefaultInstance());
    }

    private <T> void end(StreamObserver<T> answer, T message) {
      if (status.isOk()) {
        answer.onNext(message);
        answer.onCompleted();
      } else {
        answer.onError(status.asRuntimeException());
      }
    }
  }
}
