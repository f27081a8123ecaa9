package io.github.openaikserve.llamacpp;

import com.google.protobuf.ByteString;
import io.github.openaikserve.llamacpp.proto.ModelInferRequest;
import io.github.openaikserve.llamacpp.proto.ModelInferResponse;
import io.github.openaikserve.llamacpp.proto.ModelInferResponse.InferOutputTensor;
import io.github.openaikserve.llamacpp.proto.ModelInferResponse.InferTensorContents;
import io.github.openaikserve.llamacpp.proto.ModelStreamInferResponse;

/** Creates responses with AnyServe's tensors. */
final class AnyServeReplies {
  private AnyServeReplies() {}

  static ModelInferResponse text(ModelInferRequest request, String text, String model) {
    return ModelInferResponse.newBuilder()
        .setModelName(request.getModelName())
        .setModelVersion(request.getModelVersion())
        .setId(request.getId())
        .addOutputs(bytes("text", text))
        .addOutputs(bytes("model", model))
        .build();
  }

  static ModelInferResponse info(ModelInferRequest request, String model, int contextSize) {
    return ModelInferResponse.newBuilder()
        .setModelName(request.getModelName())
        .setModelVersion(request.getModelVersion())
        .setId(request.getId())
        .addOutputs(bytes("model_name", model))
        .addOutputs(
            InferOutputTensor.newBuilder()
                .setName("n_ctx")
                .setDatatype("INT32")
                .addShape(1)
                .setContents(InferTensorContents.newBuilder().addIntContents(contextSize)))
        .build();
  }

  static ModelInferResponse embedding(ModelInferRequest request, float[] vector) {
    var contents = InferTensorContents.newBuilder();
    for (float number : vector) {
      contents.addFp32Contents(number);
    }
    return ModelInferResponse.newBuilder()
        .setModelName(request.getModelName())
        .setModelVersion(request.getModelVersion())
        .setId(request.getId())
        .addOutputs(
            InferOutputTensor.newBuilder()
                .setName("embedding")
                .setDatatype("FP32")
                .addShape(vector.length)
                .setContents(contents))
        .build();
  }

  /** Returns a chunk of a stream; without a version, as AnyServe's chunks. */
  static ModelStreamInferResponse chunk(
      ModelInferRequest request, String token, String finishReason) {
    return ModelStreamInferResponse.newBuilder()
        .setInferResponse(
            ModelInferResponse.newBuilder()
                .setModelName(request.getModelName())
                .setId(request.getId())
                .addOutputs(bytes("token", token))
                .addOutputs(bytes("finish_reason", finishReason)))
        .build();
  }

  static ModelStreamInferResponse error(String message) {
    return ModelStreamInferResponse.newBuilder().setErrorMessage(message).build();
  }

  private static InferOutputTensor bytes(String name, String value) {
    return InferOutputTensor.newBuilder()
        .setName(name)
        .setDatatype("BYTES")
        .addShape(1)
        .setContents(
            InferTensorContents.newBuilder().addBytesContents(ByteString.copyFromUtf8(value)))
        .build();
  }
}
