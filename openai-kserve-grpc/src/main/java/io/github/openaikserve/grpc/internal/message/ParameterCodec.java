package io.github.openaikserve.grpc.internal.message;

import io.github.openaikserve.kserve.InferParameter;
import java.util.HashMap;
import java.util.Map;

/**
 * A converter of the parameters of requests, responses and tensors to and from protobuf messages.
 */
final class ParameterCodec {
  private ParameterCodec() {}

  static io.github.openaikserve.grpc.proto.InferParameter encode(InferParameter parameter) {
    var message = io.github.openaikserve.grpc.proto.InferParameter.newBuilder();
    if (parameter instanceof InferParameter.Bool p) {
      message.setBoolParam(p.value());
    } else if (parameter instanceof InferParameter.Int64 p) {
      message.setInt64Param(p.value());
    } else if (parameter instanceof InferParameter.Text p) {
      message.setStringParam(p.value());
    } else if (parameter instanceof InferParameter.Fp64 p) {
      message.setDoubleParam(p.value());
    } else if (parameter instanceof InferParameter.Uint64 p) {
      message.setUint64Param(p.value());
    }
    return message.build();
  }

  /** Returns the parameters. Omits those without a value: their kind is unknown to this schema. */
  static Map<String, InferParameter> decode(
      Map<String, io.github.openaikserve.grpc.proto.InferParameter> messages) {
    if (messages.isEmpty()) {
      return Map.of();
    }
    Map<String, InferParameter> parameters = new HashMap<>();
    messages.forEach(
        (name, message) -> {
          switch (message.getParameterChoiceCase()) {
            case BOOL_PARAM -> parameters.put(name, InferParameter.of(message.getBoolParam()));
            case INT64_PARAM -> parameters.put(name, InferParameter.of(message.getInt64Param()));
            case STRING_PARAM -> parameters.put(name, InferParameter.of(message.getStringParam()));
            case DOUBLE_PARAM ->
                parameters.put(name, new InferParameter.Fp64(message.getDoubleParam()));
            case UINT64_PARAM ->
                parameters.put(name, new InferParameter.Uint64(message.getUint64Param()));
            case PARAMETERCHOICE_NOT_SET -> {}
          }
        });
    return parameters;
  }
}
