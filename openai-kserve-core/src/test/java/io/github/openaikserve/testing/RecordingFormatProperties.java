package io.github.openaikserve.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    var form = ParameterForm.write(parameters, Redaction.none());

    assertThat(ParameterForm.read(reread(form))).isEqualTo(parameters);
    assertReadBack(Tensor.ints("t", 1).withParameters(parameters));
  }

  private static void assertReadBack(Tensor tensor) {
    Fields form = reread(TensorForm.write(tensor, Redaction.Place.INPUT, Redaction.none()));

    Tensor read = TensorReader.read(form);

    assertThat(read).isEqualTo(tensor);
    assertThat(read.rawContents()).isEqualTo(tensor.rawContents());
    assertThat(read.isRaw()).isEqualTo(tensor.isRaw());
  }

  private static Fields reread(Map<String, ?> form) {
    return Objects.requireNonNull(Fields.parse("test", JsonCodec.writeValue(form)));
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

  /** Typed elements have no bits but their value's, and there are many NaNs. */
  private static float[] oneNan(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.isNaN(values[i]) ? Float.NaN : values[i];
    }
    return values;
  }

  private static double[] oneNan(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.isNaN(values[i]) ? Double.NaN : values[i];
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
            Arbitraries.doubles().map(InferParameter.Fp64::new),
            Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, -0.0, 1.0, 1e300)
                .map(InferParameter.Fp64::new));
    return Arbitraries.maps(Arbitraries.strings().alpha().ofMinLength(1), values).ofMaxSize(5);
  }
}
