package io.github.openaikserve.llamacpp;

import com.google.protobuf.ByteString;
import io.github.openaikserve.llamacpp.proto.ModelInferRequest.InferInputTensor;
import io.github.openaikserve.llamacpp.proto.ModelInferRequest.InferTensorContents;

/** Input tensors of one element. */
final class InputTensors {
  private InputTensors() {}

  static InferInputTensor text(String name, String value) {
    return InferInputTensor.newBuilder()
        .setName(name)
        .setDatatype("BYTES")
        .addShape(1)
        .setContents(
            InferTensorContents.newBuilder().addBytesContents(ByteString.copyFromUtf8(value)))
        .build();
  }

  static InferInputTensor integer(String name, int value) {
    return InferInputTensor.newBuilder()
        .setName(name)
        .setContents(InferTensorContents.newBuilder().addIntContents(value))
        .build();
  }

  static InferInputTensor number(String name, float value) {
    return InferInputTensor.newBuilder()
        .setName(name)
        .setContents(InferTensorContents.newBuilder().addFp32Contents(value))
        .build();
  }
}
