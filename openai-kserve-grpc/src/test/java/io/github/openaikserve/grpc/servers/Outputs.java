package io.github.openaikserve.grpc.servers;

import com.google.protobuf.ByteString;
import io.github.openaikserve.grpc.proto.InferParameter;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a response, raw as Triton or typed as other servers. */
final class Outputs {
  private final ModelInferResponse.Builder response = ModelInferResponse.newBuilder();
  private final boolean raw;

  Outputs(boolean raw) {
    this.raw = raw;
  }

  Outputs text(String name, String value, long... shape) {
    return texts(name, List.of(value), shape);
  }

  Outputs texts(String name, List<String> values, long... shape) {
    var typed = InferTensorContents.newBuilder();
    ByteString raw = ByteString.EMPTY;
    for (String value : values) {
      ByteString bytes = ByteString.copyFrom(value, StandardCharsets.UTF_8);
      typed.addBytesContents(bytes);
      raw = raw.concat(littleEndian(bytes.size())).concat(bytes);
    }
    return add(name, "BYTES", typed, raw, shape);
  }

  Outputs uint32(String name, int value, long... shape) {
    return add(
        name,
        "UINT32",
        InferTensorContents.newBuilder().addUintContents(value),
        littleEndian(value),
        shape);
  }

  Outputs int32(String name, int value, long... shape) {
    return add(
        name,
        "INT32",
        InferTensorContents.newBuilder().addIntContents(value),
        littleEndian(value),
        shape);
  }

  Outputs floats(String name, float[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    var typed = InferTensorContents.newBuilder();
    for (float value : values) {
      bytes.putFloat(value);
      typed.addFp32Contents(value);
    }
    return add(name, "FP32", typed, ByteString.copyFrom(bytes.flip()), shape);
  }

  Outputs doubles(String name, double[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    var typed = InferTensorContents.newBuilder();
    for (double value : values) {
      bytes.putDouble(value);
      typed.addFp64Contents(value);
    }
    return add(name, "FP64", typed, ByteString.copyFrom(bytes.flip()), shape);
  }

  Outputs parameter(String name, long value) {
    response.putParameters(name, InferParameter.newBuilder().setInt64Param(value).build());
    return this;
  }

  Outputs parameter(String name, boolean value) {
    response.putParameters(name, InferParameter.newBuilder().setBoolParam(value).build());
    return this;
  }

  Outputs tensorParameter(String name, String value) {
    int last = response.getOutputsCount() - 1;
    response
        .getOutputsBuilder(last)
        .putParameters(name, InferParameter.newBuilder().setStringParam(value).build());
    return this;
  }

  ModelInferResponse to(String model, String version, String id) {
    return response.setModelName(model).setModelVersion(version).setId(id).build();
  }

  private Outputs add(
      String name,
      String datatype,
      InferTensorContents.Builder typed,
      ByteString bytes,
      long... shape) {
    var output = response.addOutputsBuilder().setName(name).setDatatype(datatype);
    for (long dimension : shape) {
      output.addShape(dimension);
    }
    if (raw) {
      response.addRawOutputContents(bytes);
    } else {
      output.setContents(typed);
    }
    return this;
  }

  private static ByteString littleEndian(int value) {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, value);
    return ByteString.copyFrom(bytes);
  }
}
