package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.internal.MetadataCodec;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelConfigResponse;
import io.github.openaikserve.grpc.proto.ModelReadyResponse;
import io.github.openaikserve.grpc.proto.ServerLiveResponse;
import io.github.openaikserve.grpc.proto.ServerReadyResponse;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The RPCs of a {@link BackendService} that describe the server and its models. */
final class MetadataRpcs {
  private final InferenceBackend backend;

  MetadataRpcs(InferenceBackend backend) {
    this.backend = backend;
  }

  void addTo(ServerServiceDefinition.Builder definition, Methods methods) {
    addServer(definition, methods);
    addModels(definition, methods);
  }

  private void addServer(ServerServiceDefinition.Builder definition, Methods methods) {
    add(
        definition,
        methods.named(GRPCInferenceServiceGrpc.getServerLiveMethod()),
        request -> backend.ready(),
        ready -> ServerLiveResponse.newBuilder().setLive(true).build());
    add(
        definition,
        methods.named(GRPCInferenceServiceGrpc.getServerReadyMethod()),
        request -> backend.ready(),
        ready -> ServerReadyResponse.newBuilder().setReady(ready).build());
    add(
        definition,
        methods.named(GRPCInferenceServiceGrpc.getServerMetadataMethod()),
        request -> backend.serverMetadata(),
        MetadataCodec::encode);
    add(
        definition,
        methods.named(GRPCInferenceServiceGrpc.getRepositoryIndexMethod()),
        request -> backend.repositoryIndex(),
        MetadataCodec::encode);
  }

  private void addModels(ServerServiceDefinition.Builder definition, Methods methods) {
    add(
        definition,
        methods.named(GRPCInferenceServiceGrpc.getModelReadyMethod()),
        request -> backend.modelReady(request.getName(), request.getVersion()),
        ready -> ModelReadyResponse.newBuilder().setReady(ready).build());
    add(
        definition,
        methods.named(GRPCInferenceServiceGrpc.getModelMetadataMethod()),
        request -> backend.modelMetadata(request.getName(), request.getVersion()),
        MetadataCodec::encode);
    add(
        definition,
        methods.named(GRPCInferenceServiceGrpc.getModelConfigMethod()),
        request -> backend.modelConfig(request.getName(), request.getVersion()),
        config -> ModelConfigResponse.newBuilder().setConfig(MetadataCodec.encode(config)).build());
  }

  private static <Q, V, A> void add(
      ServerServiceDefinition.Builder definition,
      MethodDescriptor<Q, A> method,
      Function<Q, CompletionStage<Optional<V>>> query,
      Function<V, A> message) {
    definition.addMethod(
        method,
        ServerCalls.asyncUnaryCall(
            (Q request, StreamObserver<A> responses) ->
                answer(query.apply(request), message, responses)));
  }

  private static <V, A> void answer(
      CompletionStage<Optional<V>> answer, Function<V, A> message, StreamObserver<A> responses) {
    answer.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            responses.onError(status(failure).asRuntimeException());
          } else if (value.isEmpty()) {
            responses.onError(Status.UNIMPLEMENTED.asRuntimeException());
          } else {
            responses.onNext(message.apply(value.get()));
            responses.onCompleted();
          }
        });
  }

  /** Returns the status for a failure: its code if it is a BackendException, else UNKNOWN. */
  static Status status(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    Status.Code code =
        cause instanceof BackendException backend
            ? code(backend.backendCode())
            : Status.Code.UNKNOWN;
    return code.toStatus().withDescription(cause.getMessage());
  }

  private static Status.Code code(BackendCode code) {
    return switch (code) {
      case CONTEXT_LENGTH_EXCEEDED, REQUEST_TOO_LARGE -> Status.Code.INVALID_ARGUMENT;
      case RESPONSE_TOO_LARGE -> Status.Code.RESOURCE_EXHAUSTED;
      default -> Status.Code.valueOf(code.name());
    };
  }
}
