package io.github.openaikserve.grpc.internal.call;

import io.github.openaikserve.grpc.internal.message.TorchServeTexts;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/** The method descriptors of the protocol, under the service name of one server. Immutable. */
public final class Methods {
  private final @Nullable String service;
  private final MethodDescriptor<ModelInferRequest, DecodedMessage> infer;
  private final MethodDescriptor<ModelInferRequest, DecodedMessage> stream;
  private final MethodDescriptor<ModelInferRequest, DecodedMessage> bareStream;

  /**
   * Creates the methods of a service.
   *
   * @param service the full name; null for the protocol's own
   */
  public Methods(@Nullable String service) {
    this.service = service;
    var unary = named(GRPCInferenceServiceGrpc.getModelInferMethod());
    var streaming = named(GRPCInferenceServiceGrpc.getModelStreamInferMethod());
    MethodDescriptor.Marshaller<ModelInferRequest> requests = streaming.getRequestMarshaller();
    MethodDescriptor.Marshaller<DecodedMessage> answers =
        TorchServeTexts.SERVICE.equals(service)
            ? ResponseMarshaller.bare(TorchServeTexts::unquoted)
            : ResponseMarshaller.bare();
    infer = unary.toBuilder(requests, answers).build();
    stream = streaming.toBuilder(requests, ResponseMarshaller.enveloped()).build();
    bareStream = streaming.toBuilder(requests, ResponseMarshaller.bare()).build();
  }

  public MethodDescriptor<ModelInferRequest, DecodedMessage> infer() {
    return infer;
  }

  public MethodDescriptor<ModelInferRequest, DecodedMessage> stream() {
    return stream;
  }

  /** Returns the streaming method whose messages are plain {@code ModelInferResponse}s. */
  public MethodDescriptor<ModelInferRequest, DecodedMessage> bareStream() {
    return bareStream;
  }

  /** Returns a method of the protocol under this service's name. */
  public <Q, A> MethodDescriptor<Q, A> named(MethodDescriptor<Q, A> method) {
    if (service == null) {
      return method;
    }
    String name = method.getFullMethodName();
    String bare = name.substring(name.lastIndexOf('/') + 1);
    return method.toBuilder()
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, bare))
        .build();
  }
}
