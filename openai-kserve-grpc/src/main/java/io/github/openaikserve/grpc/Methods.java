package io.github.openaikserve.grpc;

import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import org.jspecify.annotations.Nullable;

/** The protocol's methods as one server names their service. Immutable. */
final class Methods {
  private final @Nullable String service;
  private final MethodDescriptor<ModelInferRequest, ModelInferResponse> infer;
  private final MethodDescriptor<ModelInferRequest, ModelStreamInferResponse> stream;
  private final MethodDescriptor<ModelInferRequest, ModelInferResponse> bareStream;

  /**
   * Methods of a service.
   *
   * @param service its full name; null for the protocol's own
   */
  Methods(@Nullable String service) {
    this.service = service;
    infer = named(GRPCInferenceServiceGrpc.getModelInferMethod());
    stream = named(GRPCInferenceServiceGrpc.getModelStreamInferMethod());
    bareStream =
        MethodDescriptor.<ModelInferRequest, ModelInferResponse>newBuilder()
            .setType(stream.getType())
            .setFullMethodName(stream.getFullMethodName())
            .setRequestMarshaller(stream.getRequestMarshaller())
            .setResponseMarshaller(ProtoUtils.marshaller(ModelInferResponse.getDefaultInstance()))
            .build();
  }

  MethodDescriptor<ModelInferRequest, ModelInferResponse> infer() {
    return infer;
  }

  MethodDescriptor<ModelInferRequest, ModelStreamInferResponse> stream() {
    return stream;
  }

  /** Streams without the message around each response. */
  MethodDescriptor<ModelInferRequest, ModelInferResponse> bareStream() {
    return bareStream;
  }

  /** A method of the protocol under the service's name. */
  <Q, A> MethodDescriptor<Q, A> named(MethodDescriptor<Q, A> method) {
    String name = method.getBareMethodName();
    if (service == null || name == null) {
      return method;
    }
    return method.toBuilder()
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
        .build();
  }
}
