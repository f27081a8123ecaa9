package io.github.openaikserve.grpc.internal.message;

import com.google.protobuf.InvalidProtocolBufferException;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.util.List;

/** What goes over the wire in a test. */
public final class Wire {
  private Wire() {}

  /** A response with these output tensors. */
  public static ModelInferResponse response(List<Tensor> tensors) {
    var request = ModelInferRequest.newBuilder();
    TensorCodec.encode(tensors, request);
    return echo(request.build());
  }

  /** What a server that sends its inputs back would answer, through real bytes. */
  public static ModelInferResponse echo(ModelInferRequest request) {
    try {
      ModelInferRequest received = ModelInferRequest.parseFrom(request.toByteArray());
      var response = ModelInferResponse.newBuilder();
      received
          .getInputsList()
          .forEach(
              input ->
                  response.addOutputs(
                      ModelInferResponse.InferOutputTensor.newBuilder()
                          .setName(input.getName())
                          .setDatatype(input.getDatatype())
                          .addAllShape(input.getShapeList())
                          .putAllParameters(input.getParametersMap())
                          .setContents(input.getContents())));
      response.addAllRawOutputContents(received.getRawInputContentsList());
      return ModelInferResponse.parseFrom(response.build().toByteArray());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
