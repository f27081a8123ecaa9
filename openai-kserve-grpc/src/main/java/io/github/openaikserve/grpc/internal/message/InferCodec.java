package io.github.openaikserve.grpc.internal.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;

/** A converter of requests and responses to and from protobuf messages. */
public final class InferCodec {
  private InferCodec() {}

  /** Encodes a request. */
  public static ModelInferRequest encode(InferRequest request) {
    var message =
        ModelInferRequest.newBuilder()
            .setModelName(request.modelName())
            .setModelVersion(request.modelVersion())
            .setId(request.id());
    request
        .parameters()
        .forEach(
            (name, parameter) -> message.putParameters(name, ParameterCodec.encode(parameter)));
    TensorCodec.encode(request.inputs(), message);
    return message.build();
  }

  /**
   * Decodes a response.
   *
   * @throws io.github.openaikserve.error.DialectException if a tensor is malformed
   */
  public static InferResponse decode(ModelInferResponse message) {
    return new InferResponse(
        message.getModelName(),
        message.getModelVersion(),
        message.getId(),
        ParameterCodec.decode(message.getParametersMap()),
        TensorCodec.decode(message));
  }

  /** Encodes a response. Its tensors are encoded like those of a request. */
  public static ModelInferResponse encode(InferResponse response) {
    return asResponse(
        encode(
            new InferRequest(
                response.modelName(),
                response.modelVersion(),
                response.id(),
                response.parameters(),
                response.outputs())));
  }

  /**
   * Decodes a request. Its inputs are decoded like the outputs of a response.
   *
   * @throws io.github.openaikserve.error.DialectException if an input is malformed
   */
  public static InferRequest decode(ModelInferRequest message) {
    InferResponse decoded = decode(asResponse(message));
    return new InferRequest(
        decoded.modelName(),
        decoded.modelVersion(),
        decoded.id(),
        decoded.parameters(),
        decoded.outputs());
  }

  /**
   * Converts a request to a response: both have fields of the same numbers and types, except the
   * raw contents.
   */
  private static ModelInferResponse asResponse(ModelInferRequest message) {
    ByteString fields = message.toBuilder().clearRawInputContents().build().toByteString();
    try {
      return ModelInferResponse.parseFrom(fields).toBuilder()
          .addAllRawOutputContents(message.getRawInputContentsList())
          .build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
