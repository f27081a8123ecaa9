package io.github.openaikserve.grpc.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.github.openaikserve.grpc.internal.message.InferCodec;
import io.github.openaikserve.grpc.proto.RecordedEvent;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written is read back, bit for bit. */
class RecordingFormatProperties {

  @Property(tries = 200)
  void rawTensorsAreReadBack(@ForAll("rawTensors") Tensor tensor) {
    assertReadBack(tensor);
  }

  @Property(tries = 200)
  void typedTensorsAreReadBack(@ForAll("rawTensors") Tensor raw) {
    assertReadBack(typed(raw));
  }

  @Property(tries = 200)
  void byteStringsAreReadBack(@ForAll byte[] first, @ForAll String second) {
    ByteBuffer text = StandardCharsets.UTF_8.encode(second);

    assertReadBack(Tensor.of("t", new long[] {1, 2}, List.of(ByteBuffer.wrap(first), text)));
  }

  @Property(tries = 200)
  void parametersAreReadBack(@ForAll("parameters") Map<String, InferParameter> parameters) {
    assertReadBack(Tensor.ints("t", 1).withParameters(parameters));
  }

  private static void assertReadBack(Tensor tensor) {
    RecordedEvent event =
        RecordedEvent.newBuilder().setResponse(InferCodec.encode(InferResponse.of(tensor))).build();

    Tensor read = InferCodec.decode(reread(event).getResponse()).outputs().get(0);

    assertThat(read).isEqualTo(tensor);
    assertThat(read.rawContents()).isEqualTo(tensor.rawContents());
    assertThat(read.isRaw()).isEqualTo(tensor.isRaw() || !tensor.datatype().hasTypedContents());
  }

  private static RecordedEvent reread(RecordedEvent event) {
    try {
      return EventFile.event(EventFile.json(event));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static Tensor typed(Tensor raw) {
    return switch (raw.datatype()) {
      case BOOL -> Tensor.of("t", raw.shape(), raw.booleans());
      case INT64, UINT64 -> Tensor.of("t", raw.datatype(), raw.shape(), raw.longs());
      case FP32, FP16, BF16 -> Tensor.of("t", raw.datatype(), raw.shape(), oneNan(raw.floats()));
      case FP64 -> Tensor.of("t", raw.shape(), oneNan(raw.doubles()));
      case BYTES -> raw;
      default -> Tensor.of("t", raw.datatype(), raw.shape(), raw.ints());
    };
  }

  /** Typed elements have no bits but their value's: there are many NaNs, and JSON has one zero. */
  private static float[] oneNan(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.isNaN(values[i]) ? Float.NaN : values[i] + 0.0f;
    }
    return values;
  }

  private static double[] oneNan(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.isNaN(values[i]) ? Double.NaN : values[i] + 0.0;
    }
    return values;
  }

  @Provide
  Arbitrary<Tensor> rawTensors() {
    Arbitrary<Datatype> datatypes =
        Arbitraries.of(Datatype.class).filter(datatype -> datatype != Datatype.BYTES);
    return Combinators.combine(
            datatypes, Arbitraries.bytes().array(byte[].class).ofMinSize(48).ofMaxSize(48))
        .as(
            (datatype, bytes) ->
                Tensor.raw(
                    "t",
                    datatype,
                    new long[] {2, 3},
                    ByteBuffer.wrap(bytes, 0, 6 * datatype.size())));
  }

  @Provide
  Arbitrary<Map<String, InferParameter>> parameters() {
    Arbitrary<InferParameter> values =
        Arbitraries.oneOf(
            Arbitraries.of(true, false).map(InferParameter::of),
            Arbitraries.longs().map(InferParameter::of),
            Arbitraries.strings().withCharRange('\0', '\ud7ff').map(InferParameter::of),
            Arbitraries.longs().map(InferParameter.Uint64::new),
            Arbitraries.doubles().map(value -> new InferParameter.Fp64(value + 0.0)),
            Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, 1.0, 1e300)
                .map(InferParameter.Fp64::new));
    return Arbitraries.maps(Arbitraries.strings().alpha().ofMinLength(1), values).ofMaxSize(5);
  }
}
