package io.github.openaikserve.grpc.internal.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Converts tensors to and from protobuf messages, with typed or raw contents.
 *
 * <p>The tensors of one message are all typed or all raw. Requests are typed, which every server
 * reads, unless the datatype of a tensor has no typed contents or a tensor is already raw.
 *
 * <p><b>Source:</b> triton-inference-server/server, src/grpc/infer_handler.cc;
 * kserve/open-inference-protocol.
 */
final class TensorCodec {
  private TensorCodec() {}

  static void encode(List<Tensor> tensors, ModelInferRequest.Builder message) {
    boolean raw = tensors.stream().anyMatch(t -> t.isRaw() || !t.datatype().hasTypedContents());
    for (Tensor tensor : tensors) {
      var input =
          ModelInferRequest.InferInputTensor.newBuilder()
              .setName(tensor.name())
              .setDatatype(tensor.datatype().name());
      for (long dimension : tensor.shape()) {
        input.addShape(dimension);
      }
      tensor
          .parameters()
          .forEach((name, value) -> input.putParameters(name, ParameterCodec.encode(value)));
      if (raw) {
        message.addRawInputContents(UnsafeByteOperations.unsafeWrap(tensor.rawContents()));
      } else {
        input.setContents(typed(tensor));
      }
      message.addInputs(input);
    }
  }

  private static InferTensorContents typed(Tensor tensor) {
    var contents = InferTensorContents.newBuilder();
    switch (tensor.datatype()) {
      case BOOL -> {
        for (boolean value : tensor.booleans()) {
          contents.addBoolContents(value);
        }
      }
      case INT8, INT16, INT32 -> {
        for (int value : tensor.ints()) {
          contents.addIntContents(value);
        }
      }
      case UINT8, UINT16, UINT32 -> {
        for (int value : tensor.ints()) {
          contents.addUintContents(value);
        }
      }
      case INT64 -> {
        for (long value : tensor.longs()) {
          contents.addInt64Contents(value);
        }
      }
      case UINT64 -> {
        for (long value : tensor.longs()) {
          contents.addUint64Contents(value);
        }
      }
      case FP32 -> {
        for (float value : tensor.floats()) {
          contents.addFp32Contents(value);
        }
      }
      case FP64 -> {
        for (double value : tensor.doubles()) {
          contents.addFp64Contents(value);
        }
      }
      case BYTES -> {
        for (int i = 0; i < tensor.size(); i++) {
          contents.addBytesContents(UnsafeByteOperations.unsafeWrap(tensor.bytes(i)));
        }
      }
      case FP16, BF16 ->
          throw new IllegalArgumentException(
              "tensor '%s': %s has no typed contents".formatted(tensor.name(), tensor.datatype()));
    }
    return contents.build();
  }

  /**
   * Returns the output tensors of a response. Memory is bounded by the size of the message, not by
   * the shapes it declares.
   *
   * @throws DialectException if the contents of a tensor do not match its datatype or shape; names
   *     the tensor
   */
  static List<Tensor> decode(ModelInferResponse message) {
    int raw = message.getRawOutputContentsCount();
    if (raw != 0 && raw != message.getOutputsCount()) {
      throw new DialectException(
          "The model server sent %d output tensors, but raw contents for %d."
              .formatted(message.getOutputsCount(), raw));
    }
    List<Tensor> tensors = new ArrayList<>(message.getOutputsCount());
    for (int i = 0; i < message.getOutputsCount(); i++) {
      ModelInferResponse.InferOutputTensor output = message.getOutputs(i);
      long[] shape = longs(output.getShapeList());
      Datatype datatype = datatype(output);
      try {
        Tensor tensor =
            raw == 0
                ? typed(output.getName(), datatype, shape, output.getContents())
                : Tensor.raw(
                    output.getName(),
                    datatype,
                    shape,
                    message.getRawOutputContents(i).asReadOnlyByteBuffer());
        tensors.add(
            output.getParametersCount() == 0
                ? tensor
                : tensor.withParameters(ParameterCodec.decode(output.getParametersMap())));
      } catch (IllegalArgumentException e) {
        throw new DialectException("The model server's answer is malformed: " + e.getMessage(), e);
      }
    }
    return tensors;
  }

  private static Datatype datatype(ModelInferResponse.InferOutputTensor output) {
    try {
      return Datatype.valueOf(output.getDatatype());
    } catch (IllegalArgumentException e) {
      throw new DialectException(
          ("The model server sent output tensor '%s' with a datatype"
                  + " that the protocol does not define.")
              .formatted(output.getName()),
          e);
    }
  }

  private static Tensor typed(
      String name, Datatype datatype, long[] shape, InferTensorContents contents) {
    return switch (datatype) {
      case BOOL -> Tensor.of(name, shape, booleans(contents.getBoolContentsList()));
      case INT8, INT16, INT32 ->
          Tensor.of(name, datatype, shape, ints(contents.getIntContentsList()));
      case UINT8, UINT16, UINT32 ->
          Tensor.of(name, datatype, shape, ints(contents.getUintContentsList()));
      case INT64 -> Tensor.of(name, datatype, shape, longs(contents.getInt64ContentsList()));
      case UINT64 -> Tensor.of(name, datatype, shape, longs(contents.getUint64ContentsList()));
      case FP32 -> Tensor.of(name, shape, floats(contents));
      case FP64 -> Tensor.of(name, shape, doubles(contents));
      case BYTES -> Tensor.of(name, shape, bytes(contents.getBytesContentsList()));
      case FP16, BF16 ->
          throw new IllegalArgumentException(
              "tensor '%s': %s has no typed contents".formatted(name, datatype));
    };
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  // Reads by index, because iterating over the list would box every number.
  private static double[] doubles(InferTensorContents contents) {
    double[] doubles = new double[contents.getFp64ContentsCount()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = contents.getFp64Contents(i);
    }
    return doubles;
  }

  private static float[] floats(InferTensorContents contents) {
    float[] floats = new float[contents.getFp32ContentsCount()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = contents.getFp32Contents(i);
    }
    return floats;
  }

  private static boolean[] booleans(List<Boolean> values) {
    boolean[] booleans = new boolean[values.size()];
    for (int i = 0; i < booleans.length; i++) {
      booleans[i] = values.get(i);
    }
    return booleans;
  }

  private static List<ByteBuffer> bytes(List<ByteString> values) {
    return values.stream().map(ByteString::asReadOnlyByteBuffer).toList();
  }
}
