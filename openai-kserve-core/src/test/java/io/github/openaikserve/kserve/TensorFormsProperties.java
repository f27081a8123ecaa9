package io.github.openaikserve.kserve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A tensor that is held typed and the same one held raw are told apart only by isRaw. */
class TensorFormsProperties {
  @Property(tries = 300)
  void integersOfUpTo32Bits(@ForAll("narrow") Datatype datatype, @ForAll int[] any) {
    int[] values = Arrays.stream(any).map(value -> narrowed(datatype, value)).toArray();

    var typed = Tensor.of("t", datatype, shapeOf(values.length), values);

    var raw = assertSameInRawForm(typed);
    assertThat(raw.ints()).isEqualTo(typed.ints()).isEqualTo(values);
    assertThat(raw.longs()).isEqualTo(typed.longs()).isEqualTo(widened(datatype, values));
  }

  @Property(tries = 200)
  void integersOf64Bits(@ForAll boolean signed, @ForAll long[] values) {
    var datatype = signed ? Datatype.INT64 : Datatype.UINT64;

    var typed = Tensor.of("t", datatype, shapeOf(values.length), values);

    var raw = assertSameInRawForm(typed);
    assertThat(raw.longs()).isEqualTo(typed.longs()).isEqualTo(values);
  }

  @Property(tries = 200)
  void singlePrecision(@ForAll float[] values) {
    var typed = Tensor.of("t", shapeOf(values.length), values);

    var raw = assertSameInRawForm(typed);
    assertThat(raw.floats()).isEqualTo(typed.floats()).isEqualTo(values);
    assertThat(raw.doubles()).isEqualTo(typed.doubles());
  }

  @Property(tries = 200)
  void doublePrecision(@ForAll double[] values) {
    var typed = Tensor.of("t", shapeOf(values.length), values);

    var raw = assertSameInRawForm(typed);
    assertThat(raw.doubles()).isEqualTo(typed.doubles()).isEqualTo(values);
  }

  @Property(tries = 200)
  void booleans(@ForAll boolean[] values) {
    var typed = Tensor.of("t", shapeOf(values.length), values);

    var raw = assertSameInRawForm(typed);
    assertThat(raw.booleans()).isEqualTo(typed.booleans()).isEqualTo(values);
  }

  @Property(tries = 200)
  void byteStrings(@ForAll @Size(max = 20) List<byte[]> values) {
    var typed =
        Tensor.of("t", shapeOf(values.size()), values.stream().map(ByteBuffer::wrap).toList());

    var raw = Tensor.raw("t", Datatype.BYTES, typed.shape(), typed.rawContents());

    assertThat(raw).isEqualTo(typed).hasSameHashCodeAs(typed);
    assertThat(raw.rawContents()).isEqualTo(typed.rawContents());
    for (int i = 0; i < values.size(); i++) {
      assertThat(raw.bytes(i)).isEqualTo(typed.bytes(i)).isEqualTo(ByteBuffer.wrap(values.get(i)));
    }
  }

  @Property(tries = 200)
  void texts(@ForAll @Size(max = 20) List<String> values) {
    var texts = values.stream().map(text -> new String(text.getBytes(UTF_8), UTF_8)).toList();

    var tensor = Tensor.text("t", texts.toArray(String[]::new));

    assertThat(tensor.texts()).isEqualTo(texts);
    assertThat(Tensor.raw("t", Datatype.BYTES, tensor.shape(), tensor.rawContents()).texts())
        .isEqualTo(texts);
  }

  @Property(tries = 500)
  void randomRawBytesAreReadOrRefused(
      @ForAll Datatype datatype,
      @ForAll byte[] bytes,
      @ForAll @IntRange(min = -1, max = 1) int more) {
    int size = Math.max(1, datatype.size());
    try {
      var tensor =
          Tensor.raw(
              "t", datatype, new long[] {bytes.length / size + more, 1}, ByteBuffer.wrap(bytes));

      assertThat(tensor.rawContents()).isEqualTo(ByteBuffer.wrap(bytes));
    } catch (IllegalArgumentException refusal) {
      assertThat(refusal).hasMessageContaining("tensor 't'");
    }
  }

  @Provide
  Arbitrary<Datatype> narrow() {
    return Arbitraries.of(
        Datatype.INT8,
        Datatype.INT16,
        Datatype.INT32,
        Datatype.UINT8,
        Datatype.UINT16,
        Datatype.UINT32);
  }

  private static Tensor assertSameInRawForm(Tensor typed) {
    var raw = Tensor.raw("t", typed.datatype(), typed.shape(), typed.rawContents());

    assertThat(typed.isRaw()).isFalse();
    assertThat(raw.isRaw()).isTrue();
    assertThat(raw).isEqualTo(typed).hasSameHashCodeAs(typed);
    assertThat(typed).isEqualTo(raw);
    assertThat(raw.size()).isEqualTo(typed.size());
    assertThat(raw.rawContents()).isEqualTo(typed.rawContents());
    assertThat(raw.rawContents().remaining()).isEqualTo(typed.size() * typed.datatype().size());
    return raw;
  }

  private static long[] shapeOf(int count) {
    return count % 2 == 0 ? new long[] {2, count / 2} : new long[] {1, count};
  }

  private static int narrowed(Datatype datatype, int value) {
    return switch (datatype) {
      case INT8 -> (byte) value;
      case INT16 -> (short) value;
      case UINT8 -> value & 0xff;
      case UINT16 -> value & 0xffff;
      default -> value;
    };
  }

  private static long[] widened(Datatype datatype, int[] values) {
    return Arrays.stream(values)
        .mapToLong(value -> datatype == Datatype.UINT32 ? value & 0xffffffffL : value)
        .toArray();
  }
}
