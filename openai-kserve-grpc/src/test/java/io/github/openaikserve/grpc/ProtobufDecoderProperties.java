package io.github.openaikserve.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.github.openaikserve.grpc.internal.message.InferCodec;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.kserve.InferResponse;

/** The decoder over the generated messages. */
final class ProtobufDecoderProperties extends TensorDecoderProperties {
  @Override
  InferResponse decode(byte[] message) throws InvalidProtocolBufferException {
    return InferCodec.decode(ModelInferResponse.parseFrom(message));
  }
}
