package io.github.openaikserve.kserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Typed and raw tensors are the same tensors, and malformed ones do not exist. */
final class TensorProperties {
  @Property
  void integersAreTheSameTypedAndRaw(@ForAll int[] values) {
    Tensor typed = Tensor.of("t", Datatype.INT32, new long[] {values.length}, values);

    Tensor raw = Tensor.raw("t", Datatype.INT32, typed.shape(), typed.rawContents());

    assertThat(raw.ints()).containsExactly(values);
    assertThat(raw).isEqualTo(typed).hasSameHashCodeAs(typed);
    assertThat(raw.isRaw()).isTrue();
    assertThat(typed.isRaw()).isFalse();
  }

  @Property
  void smallIntegersKeepTheirSignOrLackOfIt(@ForAll byte[] bytes) {
    long[] shape = {bytes.length};

    long[] signed = Tensor.raw("t", Datatype.INT8, shape, ByteBuffer.wrap(bytes)).longs();
    long[] unsigned = Tensor.raw("t", Datatype.UINT8, shape, ByteBuffer.wrap(bytes)).longs();

    for (int i = 0; i < bytes.length; i++) {
      assertThat(signed[i]).isEqualTo(bytes[i]);
      assertThat(unsigned[i]).isEqualTo(bytes[i] & 0xff);
    }
  }

  @Property
  void longsDoublesFloatsAndBooleansAreTheSameTypedAndRaw(
      @ForAll long[] longs,
      @ForAll double[] doubles,
      @ForAll float[] floats,
      @ForAll boolean[] booleans) {
    assertThat(raw(Tensor.of("t", Datatype.INT64, shape(longs.length), longs)).longs())
        .containsExactly(longs);
    assertThat(raw(Tensor.of("t", shape(doubles.length), doubles)).doubles())
        .containsExactly(doubles);
    assertThat(raw(Tensor.of("t", shape(floats.length), floats)).floats()).containsExactly(floats);
    assertThat(raw(Tensor.of("t", shape(booleans.length), booleans)).booleans())
        .containsExactly(booleans);
  }

  @Property
  void textsAreTheSameTypedAndRaw(@ForAll List<String> texts) {
    Tensor typed = Tensor.text("t", texts.toArray(String[]::new));

    assertThat(raw(typed)).isEqualTo(typed);
    assertThat(raw(typed).texts()).isEqualTo(typed.texts());
  }

  @Property
  void anyRawBytesAreRefusedOrFitTheirShape(
      @ForAll Datatype datatype,
      @ForAll byte[] bytes,
      @ForAll @IntRange(min = -1, max = 8) int first,
      @ForAll @IntRange(min = 0, max = 4) int second) {
    long[] shape = {first, second};
    try {
      Tensor tensor = Tensor.raw("t", datatype, shape, ByteBuffer.wrap(bytes));
      assertThat(tensor.size()).isEqualTo(first * second);
      assertThat(tensor.rawContents()).isEqualTo(ByteBuffer.wrap(bytes));
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("'t'");
    }
  }

  @Example
  void aLengthThatClaimsMoreThanThereIsIsRefused() {
    ByteBuffer claim =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(0, Integer.MAX_VALUE);

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> Tensor.raw("t", Datatype.BYTES, new long[] {1}, claim))
        .withMessageContaining("'t'")
        .withMessageContaining("claims");
  }

  @Example
  void aShapeThatOverflowsIsRefused() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () ->
                Tensor.of(
                    "t", Datatype.INT32, new long[] {Long.MAX_VALUE, Long.MAX_VALUE}, new int[1]))
        .withMessageContaining("overflows");
  }

  @Example
  void aScalarOfRankZeroHasOneElement() {
    assertThat(Tensor.of("t", Datatype.INT32, new long[0], new int[] {5}).size()).isEqualTo(1);
  }

  @Example
  void halvesAndBrainFloatsAreWidenedWithoutLoss() {
    short[] halves = {
      0, (short) 0x8000, 0x3c00, (short) 0xc000, 0x7bff, 0x0001, 0x03ff, 0x7c00, 0x3555
    };
    float[] expected = {
      0f, -0f, 1f, -2f, 65504f, 0x1p-24f, 1023 * 0x1p-24f, Float.POSITIVE_INFINITY, 0x555p-12f
    };
    ByteBuffer raw = ByteBuffer.allocate(2 * halves.length).order(ByteOrder.LITTLE_ENDIAN);
    for (short half : halves) {
      raw.putShort(half);
    }

    assertThat(Tensor.raw("t", Datatype.FP16, shape(halves.length), raw.flip()).floats())
        .containsExactly(expected);
    ByteBuffer brain =
        ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(0, (short) 0xc049);
    assertThat(Tensor.raw("t", Datatype.BF16, shape(1), brain).floats())
        .containsExactly(-3.140625f);
  }

  @Example
  void notANumberStaysNotANumber() {
    ByteBuffer nan =
        ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(0, (short) 0x7e00);

    assertThat(Tensor.raw("t", Datatype.FP16, shape(1), nan).floats()[0]).isNaN();
  }

  @Example
  void nobodyCanWriteToATensor() {
    int[] given = {1, 2};
    Tensor ints = Tensor.ints("t", given);
    given[0] = 9;
    ints.ints()[1] = 9;
    assertThat(ints.ints()).containsExactly(1, 2);

    ByteBuffer bytes = Tensor.text("t", "x").bytes(0);
    assertThatExceptionOfType(ReadOnlyBufferException.class)
        .isThrownBy(() -> bytes.put(0, (byte) 1));
  }

  @Example
  void aTensorIsNotReadAsWhatItIsNot() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> Tensor.text("t", "x").ints())
        .withMessageContaining("'t' is BYTES");
  }

  @Example
  void theContentsAreNotInTheTextForm() {
    assertThat(Tensor.text("prompt", "secret")).hasToString("prompt: BYTES [1]");
  }

  private static Tensor raw(Tensor typed) {
    return Tensor.raw(typed.name(), typed.datatype(), typed.shape(), typed.rawContents());
  }

  private static long[] shape(int size) {
    long[] shape = new long[1];
    Arrays.fill(shape, size);
    return shape;
  }
}
