package io.github.openaikserve.grpc.servers;

import com.google.protobuf.ByteString;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferRequest.InferInputTensor;
import java.util.List;
import java.util.Optional;

/** Reads the typed inputs of a request. */
record Inputs(ModelInferRequest request) {
  Optional<InferInputTensor> tensor(String name) {
    return request.getInputsList().stream().filter(t -> t.getName().equals(name)).findFirst();
  }

  boolean has(String name) {
    return tensor(name).isPresent();
  }

  String text(String name) {
    return tensor(name).orElseThrow().getContents().getBytesContents(0).toStringUtf8();
  }

  List<String> texts(String name) {
    return tensor(name).stream()
        .flatMap(t -> t.getContents().getBytesContentsList().stream())
        .map(ByteString::toStringUtf8)
        .toList();
  }

  boolean flag(String name) {
    return tensor(name).map(t -> t.getContents().getBoolContents(0)).orElse(false);
  }

  int integer(String name, int unless) {
    return tensor(name)
        .map(
            t ->
                switch (t.getDatatype()) {
                  case "INT32" -> t.getContents().getIntContents(0);
                  case "UINT32" -> t.getContents().getUintContents(0);
                  case "INT64" -> Math.toIntExact(t.getContents().getInt64Contents(0));
                  default -> throw new IllegalArgumentException(name + " " + t.getDatatype());
                })
        .orElse(unless);
  }
}
