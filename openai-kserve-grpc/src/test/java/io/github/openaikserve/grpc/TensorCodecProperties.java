package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever tensors are sent come back the same, and malformed ones are named. */
final class TensorCodecProperties {
  @Property
  void anyTensorsSurviveTheWire(@ForAll("tensors") List<Tensor> tensors) throws Exception {
    var request = ModelInferRequest.newBuilder();
    TensorCodec.encode(tensors, request);

    List<Tensor> back = TensorCodec.decode(echo(request.build()));

    assertThat(back).isEqualTo(tensors);
  }

  @Property
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

  @Property
  void anyRawBytesGiveATensorOrAreRefusedByName(
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
  void typedContentsInTheWrongFieldAreRefused() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () ->
                TensorCodec.decode(
                    output("INT64", InferTensorContents.newBuilder().addIntContents(1).build(), 1)))
        .withMessageContaining("'out'");
  }

  @Example
  void aShapeThatClaimsMoreThanIsThereIsRefused() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () ->
                TensorCodec.decode(
                    output("FP32", InferTensorContents.getDefaultInstance(), 1L << 40)))
        .withMessageContaining("'out'");
  }

  @Example
  void anUnknownDatatypeIsRefused() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () ->
                TensorCodec.decode(
                    output("COMPLEX64", InferTensorContents.getDefaultInstance(), 1)))
        .withMessageContaining("'out'");
  }

  @Example
  void halvesWithoutRawContentsAreRefused() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () -> TensorCodec.decode(output("FP16", InferTensorContents.getDefaultInstance(), 0)))
        .withMessageContaining("'out'");
  }

  @Example
  void rawContentsForOnlySomeTensorsAreRefused() {
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

  /** What a server that sends its inputs back would answer, through real bytes. */
  private static ModelInferResponse echo(ModelInferRequest request) throws Exception {
    ModelInferRequest received = ModelInferRequest.parseFrom(request.toByteArray());
    var response = ModelInferResponse.newBuilder();
    received
        .getInputsList()
        .forEach(
            input ->
                response.addOutputs(
                    ModelInferResponse.InferOutputTensor.newBuilder()
                        .setName(input.getName())
                        .setDatatype(input.getDatatype())
                        .addAllShape(input.getShapeList())
                        .putAllParameters(input.getParametersMap())
                        .setContents(input.getContents())));
    response.addAllRawOutputContents(received.getRawInputContentsList());
    return ModelInferResponse.parseFrom(response.build().toByteArray());
  }

  @Provide
  Arbitrary<List<Tensor>> tensors() {
    return tensor().list().ofMaxSize(4);
  }

  private static Arbitrary<Tensor> tensor() {
    Arbitrary<long[]> shapes = Arbitraries.longs().between(0, 4).array(long[].class).ofMaxSize(3);
    Arbitrary<Tensor> numbers =
        Combinators.combine(
                Arbitraries.of(Datatype.class), shapes, Arbitraries.randomValue(r -> r.nextLong()))
            .filter((datatype, shape, seed) -> datatype != Datatype.BYTES)
            .as(TensorCodecProperties::random);
    Arbitrary<Tensor> texts =
        Combinators.combine(
                shapes, Arbitraries.strings().list().ofSize(64), Arbitraries.of(true, false))
            .as(TensorCodecProperties::texts);
    return Combinators.combine(Arbitraries.oneOf(numbers, texts), parameters())
        .as(Tensor::withParameters);
  }

  private static Arbitrary<Map<String, InferParameter>> parameters() {
    Arbitrary<InferParameter> value =
        Arbitraries.oneOf(
            Arbitraries.of(true, false).map(InferParameter::of),
            Arbitraries.longs().map(InferParameter::of),
            Arbitraries.strings().map(InferParameter::of),
            Arbitraries.doubles().map(InferParameter.Fp64::new),
            Arbitraries.longs().map(InferParameter.Uint64::new));
    return Arbitraries.maps(Arbitraries.strings().alpha().ofLength(3), value).ofMaxSize(2);
  }

  private static Tensor texts(long[] shape, List<String> values, boolean raw) {
    int count = Arrays.stream(shape).mapToInt(d -> (int) d).reduce(1, (a, b) -> a * b);
    List<ByteBuffer> bytes =
        values.stream()
            .limit(count)
            .map(text -> ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
            .toList();
    Tensor typed = Tensor.of("t", shape, bytes);
    return raw ? Tensor.raw("t", Datatype.BYTES, shape, typed.rawContents()) : typed;
  }

  /** Of random elements; raw where there is no other form. */
  private static Tensor random(Datatype datatype, long[] shape, long seed) {
    int count = 1;
    for (long dimension : shape) {
      count *= (int) dimension;
    }
    byte[] bytes = new byte[count * datatype.size()];
    new java.util.Random(seed).nextBytes(bytes);
    if (datatype == Datatype.BOOL) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] &= 1;
      }
    }
    Tensor raw = Tensor.raw("t", datatype, shape, ByteBuffer.wrap(bytes));
    if (seed % 2 == 0) {
      return raw;
    }
    return switch (datatype) {
      case BOOL -> Tensor.of("t", shape, raw.booleans());
      case INT8, INT16, INT32, UINT8, UINT16, UINT32 -> Tensor.of("t", datatype, shape, raw.ints());
      case INT64, UINT64 -> Tensor.of("t", datatype, shape, raw.longs());
      case FP32 -> Tensor.of("t", shape, raw.floats());
      case FP64 -> Tensor.of("t", shape, raw.doubles());
      default -> raw;
    };
  }
}
