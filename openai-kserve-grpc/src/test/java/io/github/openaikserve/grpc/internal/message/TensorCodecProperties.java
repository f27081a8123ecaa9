package io.github.openaikserve.grpc.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Tensors are equal after encoding and decoding, and malformed ones are named. */
final class TensorCodecProperties {
  @Property(tries = 200)
  void anyTensorsAreEqualAfterEncodingAndDecoding(@ForAll("tensors") List<Tensor> tensors) {
    var request = ModelInferRequest.newBuilder();
    TensorCodec.encode(tensors, request);

    List<Tensor> back = TensorCodec.decode(Wire.echo(request.build()));

    assertThat(back).isEqualTo(tensors);
  }

  @Property(tries = 200)
  void aMessageIsAllTypedOrAllRaw(@ForAll("tensors") List<Tensor> tensors) {
    var request = ModelInferRequest.newBuilder();
    TensorCodec.encode(tensors, request);

    long typed = request.getInputsList().stream().filter(i -> i.hasContents()).count();

    if (request.getRawInputContentsCount() == 0) {
      assertThat(typed).isEqualTo(tensors.size());
    } else {
      assertThat(typed).isZero();
      assertThat(request.getRawInputContentsCount()).isEqualTo(tensors.size());
    }
  }

  @Property(tries = 200)
  void anyRawBytesAreATensorOrAreRejectedWithTheTensorsName(
      @ForAll Datatype datatype, @ForAll byte[] bytes, @ForAll List<Long> shape) {
    var response =
        ModelInferResponse.newBuilder()
            .addOutputs(
                ModelInferResponse.InferOutputTensor.newBuilder()
                    .setName("out")
                    .setDatatype(datatype.name())
                    .addAllShape(shape))
            .addRawOutputContents(ByteString.copyFrom(bytes))
            .build();
    try {
      Tensor tensor = TensorCodec.decode(response).get(0);
      assertThat(tensor.rawContents()).isEqualTo(ByteBuffer.wrap(bytes));
    } catch (DialectException e) {
      assertThat(e).hasMessageContaining("'out'");
    }
  }

  @Example
  void typedContentsInTheWrongFieldAreRejected() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () ->
                TensorCodec.decode(
                    output("INT64", InferTensorContents.newBuilder().addIntContents(1).build(), 1)))
        .withMessageContaining("'out'");
  }

  @Example
  void aShapeOfMoreElementsThanTheContentsIsRejected() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () ->
                TensorCodec.decode(
                    output("FP32", InferTensorContents.getDefaultInstance(), 1L << 40)))
        .withMessageContaining("'out'");
  }

  @Example
  void anUnknownDatatypeIsRejected() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () ->
                TensorCodec.decode(
                    output("COMPLEX64", InferTensorContents.getDefaultInstance(), 1)))
        .withMessageContaining("'out'");
  }

  @Example
  void fp16TensorsWithoutRawContentsAreRejected() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () -> TensorCodec.decode(output("FP16", InferTensorContents.getDefaultInstance(), 0)))
        .withMessageContaining("'out'");
  }

  @Example
  void rawContentsForOnlySomeTensorsAreRejected() {
    var response =
        output("FP32", InferTensorContents.getDefaultInstance(), 0).toBuilder()
            .addRawOutputContents(ByteString.EMPTY)
            .addRawOutputContents(ByteString.EMPTY)
            .build();

    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> TensorCodec.decode(response));
  }

  private static ModelInferResponse output(
      String datatype, InferTensorContents contents, long shape) {
    return ModelInferResponse.newBuilder()
        .addOutputs(
            ModelInferResponse.InferOutputTensor.newBuilder()
                .setName("out")
                .setDatatype(datatype)
                .addShape(shape)
                .setContents(contents))
        .build();
  }

  @Provide
  Arbitrary<List<Tensor>> tensors() {
    return AnyTensors.lists();
  }
}
