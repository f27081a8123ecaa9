package io.github.openaikserve.grpc.servers;

import com.google.protobuf.ByteString;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Converts raw inputs to typed ones, for servers that accept both. */
final class RawContents {
  private RawContents() {}

  /** Returns the request with typed contents. */
  static ModelInferRequest typed(ModelInferRequest request) {
    if (request.getRawInputContentsCount() == 0) {
      return request;
    }
    var typed = request.toBuilder().clearRawInputContents();
    for (int i = 0; i < request.getInputsCount(); i++) {
      typed
          .getInputsBuilder(i)
          .setContents(
              contents(request.getInputs(i).getDatatype(), request.getRawInputContents(i)));
    }
    return typed.build();
  }

  private static InferTensorContents.Builder contents(String datatype, ByteString raw) {
    ByteBuffer bytes = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    var contents = InferTensorContents.newBuilder();
    while (bytes.hasRemaining()) {
      switch (datatype) {
        case "BYTES" -> {
          byte[] element = new byte[bytes.getInt()];
          bytes.get(element);
          contents.addBytesContents(ByteString.copyFrom(element));
        }
        case "BOOL" -> contents.addBoolContents(bytes.get() != 0);
        case "INT32" -> contents.addIntContents(bytes.getInt());
        case "FP32" -> contents.addFp32Contents(bytes.getFloat());
        default -> throw new IllegalArgumentException(datatype);
      }
    }
    return contents;
  }
}
