package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC service of the Open Inference Protocol that answers with an {@link InferenceBackend}: the
 * server's side of {@link GrpcBackend}. Immutable and thread-safe.
 *
 * <p>With a {@code FakeBackend} this is a scripted model server, with a {@code ReplayBackend} a
 * server that repeats a recording. Demand, cancellations, deadlines and headers of clients reach
 * the backend; its failures become gRPC statuses of the same name. A stream accepts one request.
 * Closing the backend remains the caller's responsibility.
 */
public final class BackendService implements BindableService {
  private final InferenceBackend backend;
  private final @Nullable String service;
  private final boolean unwrappedStreams;

  private BackendService(
      InferenceBackend backend, @Nullable String service, boolean unwrappedStreams) {
    this.backend = backend;
    this.service = service;
    this.unwrappedStreams = unwrappedStreams;
  }

  /** Returns a service under the protocol's own name, {@code inference.GRPCInferenceService}. */
  public static BackendService of(InferenceBackend backend) {
    return new BackendService(Objects.requireNonNull(backend, "backend"), null, false);
  }

  /**
   * Returns this service under another full name, such as TorchServe's {@code
   * org.pytorch.serve.grpc.openinference.GRPCInferenceService}.
   */
  public BackendService named(String service) {
    return new BackendService(
        backend, Objects.requireNonNull(service, "service"), unwrappedStreams);
  }

  /**
   * Returns this service with streams of plain {@code ModelInferResponse} messages, as MLServer
   * sends them, in place of {@code ModelStreamInferResponse}.
   */
  public BackendService unwrappedStreams() {
    return new BackendService(backend, service, true);
  }

  @Override
  public ServerServiceDefinition bindService() {
    var methods = new Methods(service);
    var metadata = new MetadataRpcs(backend);
    var infer = methods.named(GRPCInferenceServiceGrpc.getModelInferMethod());
    String name = infer.getFullMethodName();
    var definition =
        ServerServiceDefinition.builder(name.substring(0, name.lastIndexOf('/')))
            .addMethod(
                infer,
                ServerCalls.asyncUnaryCall(
                    (request, responses) ->
                        BackendCall.start(
                            backend, Rpc.MODEL_INFER, request, responses, message -> message)));
    addStream(definition, methods);
    metadata.addTo(definition, methods);
    return ServerInterceptors.intercept(definition.build(), new CallHeaders());
  }

  private void addStream(ServerServiceDefinition.Builder definition, Methods methods) {
    var stream = methods.named(GRPCInferenceServiceGrpc.getModelStreamInferMethod());
    if (unwrappedStreams) {
      MethodDescriptor.Marshaller<ModelInferResponse> bare =
          ProtoUtils.marshaller(ModelInferResponse.getDefaultInstance());
      definition.addMethod(
          stream.toBuilder(stream.getRequestMarshaller(), bare).build(),
          ServerCalls.asyncServerStreamingCall(
              (request, responses) ->
                  BackendCall.start(
                      backend,
                      Rpc.MODEL_STREAM_INFER_UNWRAPPED,
                      request,
                      responses,
                      message -> message)));
    } else {
      definition.addMethod(
          stream,
          ServerCalls.asyncServerStreamingCall(
              (request, responses) ->
                  BackendCall.start(
                      backend,
                      Rpc.MODEL_STREAM_INFER,
                      request,
                      responses,
                      BackendService::around)));
    }
  }

  private static ModelStreamInferResponse around(ModelInferResponse response) {
    return ModelStreamInferResponse.newBuilder().setInferResponse(response).build();
  }
}
