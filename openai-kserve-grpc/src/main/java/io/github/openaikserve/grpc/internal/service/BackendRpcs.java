package io.github.openaikserve.grpc.internal.service;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.internal.call.Methods;
import io.github.openaikserve.grpc.internal.message.MetadataCodec;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelConfigResponse;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelReadyResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.grpc.proto.ServerLiveResponse;
import io.github.openaikserve.grpc.proto.ServerReadyResponse;
import io.github.openaikserve.kserve.Rpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The RPCs of a {@code BackendService}. */
public final class BackendRpcs {
  private final InferenceBackend backend;
  private final Methods methods;
  private final ServerServiceDefinition.Builder definition;

  /**
   * Creates the RPCs of a service.
   *
   * @param service the full name; null for the protocol's own
   */
  public BackendRpcs(InferenceBackend backend, @Nullable String service) {
    this.backend = backend;
    this.methods = new Methods(service);
    this.definition =
        ServerServiceDefinition.builder(
            service == null ? GRPCInferenceServiceGrpc.SERVICE_NAME : service);
  }

  /**
   * Returns the service.
   *
   * @param unwrappedStreams whether streams have plain {@code ModelInferResponse} messages
   */
  public ServerServiceDefinition bind(boolean unwrappedStreams) {
    addInfer(unwrappedStreams);
    addServer();
    addModels();
    return ServerInterceptors.intercept(definition.build(), new CallHeaders());
  }

  private void addInfer(boolean unwrappedStreams) {
    definition.addMethod(
        methods.named(GRPCInferenceServiceGrpc.getModelInferMethod()),
        ServerCalls.asyncUnaryCall(
            (request, responses) -> start(Rpc.MODEL_INFER, request, responses, m -> m)));
    var stream = methods.named(GRPCInferenceServiceGrpc.getModelStreamInferMethod());
    if (unwrappedStreams) {
      MethodDescriptor.Marshaller<ModelInferResponse> bare =
          ProtoUtils.marshaller(ModelInferResponse.getDefaultInstance());
      definition.addMethod(
          stream.toBuilder(stream.getRequestMarshaller(), bare).build(),
          ServerCalls.asyncServerStreamingCall(
              (request, responses) ->
                  start(Rpc.MODEL_STREAM_INFER_UNWRAPPED, request, responses, m -> m)));
    } else {
      definition.addMethod(
          stream,
          ServerCalls.asyncServerStreamingCall(
              (request, responses) ->
                  start(Rpc.MODEL_STREAM_INFER, request, responses, BackendRpcs::around)));
    }
  }

  private <A> void start(
      Rpc rpc,
      ModelInferRequest request,
      StreamObserver<A> responses,
      Function<ModelInferResponse, A> message) {
    BackendCall.start(backend, rpc, request, responses, message);
  }

  private static ModelStreamInferResponse around(ModelInferResponse response) {
    return ModelStreamInferResponse.newBuilder().setInferResponse(response).build();
  }

  private void addServer() {
    add(
        GRPCInferenceServiceGrpc.getServerLiveMethod(),
        request -> backend.ready(),
        ready -> ServerLiveResponse.newBuilder().setLive(true).build());
    add(
        GRPCInferenceServiceGrpc.getServerReadyMethod(),
        request -> backend.ready(),
        ready -> ServerReadyResponse.newBuilder().setReady(ready).build());
    add(
        GRPCInferenceServiceGrpc.getServerMetadataMethod(),
        request -> backend.serverMetadata(),
        MetadataCodec::encode);
    add(
        GRPCInferenceServiceGrpc.getRepositoryIndexMethod(),
        request -> backend.repositoryIndex(),
        MetadataCodec::encode);
  }

  private void addModels() {
    add(
        GRPCInferenceServiceGrpc.getModelReadyMethod(),
        request -> backend.modelReady(request.getName(), request.getVersion()),
        ready -> ModelReadyResponse.newBuilder().setReady(ready).build());
    add(
        GRPCInferenceServiceGrpc.getModelMetadataMethod(),
        request -> backend.modelMetadata(request.getName(), request.getVersion()),
        MetadataCodec::encode);
    add(
        GRPCInferenceServiceGrpc.getModelConfigMethod(),
        request -> backend.modelConfig(request.getName(), request.getVersion()),
        config -> ModelConfigResponse.newBuilder().setConfig(MetadataCodec.encode(config)).build());
  }

  private <Q, V, A> void add(
      MethodDescriptor<Q, A> method,
      Function<Q, CompletionStage<Optional<V>>> query,
      Function<V, A> message) {
    definition.addMethod(
        methods.named(method),
        ServerCalls.asyncUnaryCall(
            (Q request, StreamObserver<A> responses) ->
                query
                    .apply(request)
                    .whenComplete(
                        (value, failure) -> {
                          if (failure != null) {
                            responses.onError(status(failure).asRuntimeException());
                          } else if (value.isEmpty()) {
                            responses.onError(Status.UNIMPLEMENTED.asRuntimeException());
                          } else {
                            responses.onNext(message.apply(value.get()));
                            responses.onCompleted();
                          }
                        })));
  }

  /** Returns the status for a failure: its code if it is a BackendException, else UNKNOWN. */
  public static Status status(Throwable failure) {
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
