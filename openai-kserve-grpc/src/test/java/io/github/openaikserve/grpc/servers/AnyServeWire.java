package io.github.openaikserve.grpc.servers;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.openaikserve.grpc.proto.ModelInferRequest;

/**
 * Requests in AnyServe's own protocol file, where requested outputs have a datatype in the field of
 * other servers' parameters.
 *
 * <p>Source: {@code simpx/anyserve}: {@code proto/grpc_predict_v2.proto}.
 */
final class AnyServeWire {
  private static final Descriptor REQUEST = request();

  private AnyServeWire() {}

  /** Returns whether AnyServe can parse the request. */
  static boolean reads(ModelInferRequest request) {
    try {
      return DynamicMessage.parseFrom(REQUEST, request.toByteString()).isInitialized();
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static Descriptor request() {
    FileDescriptorProto.Builder file =
        ModelInferRequest.getDescriptor().getFile().toProto().toBuilder();
    for (DescriptorProto.Builder message : file.getMessageTypeBuilderList()) {
      for (DescriptorProto.Builder nested : message.getNestedTypeBuilderList()) {
        if (nested.getName().equals("InferRequestedOutputTensor")) {
          nested
              .getFieldBuilder(1)
              .setName("datatype")
              .setType(FieldDescriptorProto.Type.TYPE_STRING)
              .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
              .clearTypeName()
              .clearJsonName();
        }
      }
    }
    try {
      return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0])
          .findMessageTypeByName("ModelInferRequest");
    } catch (DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }
}
