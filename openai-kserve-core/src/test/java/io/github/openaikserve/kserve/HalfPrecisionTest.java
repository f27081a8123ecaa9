package io.github.openaikserve.kserve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** FP16 and BF16 widen without loss. */
class HalfPrecisionTest {
  private static final int HALVES = 1 << 16;

  /** Known values, from the tables of IEEE 754's binary16. */
  @ParameterizedTest
  @CsvSource({
    "0000, 0",
    "0001, 5.9604644775390625E-8",
    "03ff, 6.097555160522461E-5",
    "0400, 6.103515625E-5",
    "3555, 0.333251953125",
    "3bff, 0.99951171875",
    "3c00, 1",
    "3c01, 1.0009765625",
    "4248, 3.140625",
    "7bff, 65504",
    "8000, -0.0",
    "8001, -5.9604644775390625E-8",
    "c000, -2",
    "fbff, -65504",
    "7c00, Infinity",
    "fc00, -Infinity",
    "7e00, NaN"
  })
  void knownHalves(String bits, float value) {
    assertThat(only(Datatype.FP16, Integer.parseInt(bits, 16))).isEqualTo(Float.valueOf(value));
  }

  @ParameterizedTest
  @CsvSource({
    "0000, 0",
    "3f80, 1",
    "c000, -2",
    "4049, 3.140625",
    "3eab, 0.333984375",
    "7f7f, 3.3895314E38",
    "0080, 1.17549435E-38",
    "0001, 9.1835496E-41",
    "8000, -0.0",
    "7f80, Infinity",
    "ff80, -Infinity",
    "7fc0, NaN"
  })
  void knownBrainFloats(String bits, float value) {
    assertThat(only(Datatype.BF16, Integer.parseInt(bits, 16))).isEqualTo(Float.valueOf(value));
  }

  @Test
  void everyHalfIsTheNumberThatIeee754Defines() {
    float[] widened = all(Datatype.FP16);

    for (int bits = 0; bits < HALVES; bits++) {
      assertThat(Float.valueOf(widened[bits]))
          .as("half %04x", bits)
          .isEqualTo(Float.valueOf((float) defined(bits)));
    }
  }

  @Test
  void everyBrainFloatIsTheUpperHalfOfItsFloat() {
    float[] widened = all(Datatype.BF16);

    for (int bits = 0; bits < HALVES; bits++) {
      assertThat(Float.floatToRawIntBits(widened[bits]) >>> 16).isEqualTo(bits);
    }
  }

  @Test
  void doublesAreTheSameNumbers() {
    var tensor = Tensor.raw("t", Datatype.FP16, new long[] {HALVES}, everyShort());

    float[] floats = tensor.floats();
    double[] doubles = tensor.doubles();

    for (int bits = 0; bits < HALVES; bits++) {
      assertThat(Double.valueOf(doubles[bits])).isEqualTo(Double.valueOf(floats[bits]));
    }
  }

  private static double defined(int bits) {
    int sign = bits < 0x8000 ? 1 : -1;
    int exponent = bits / 1024 % 32;
    int fraction = bits % 1024;
    if (exponent == 31) {
      return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    double magnitude =
        exponent == 0
            ? fraction * Math.pow(2, -24)
            : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
    return sign * magnitude;
  }

  private static Float only(Datatype datatype, int bits) {
    return all(datatype)[bits];
  }

  private static float[] all(Datatype datatype) {
    return Tensor.raw("t", datatype, new long[] {HALVES}, everyShort()).floats();
  }

  private static ByteBuffer everyShort() {
    var raw = ByteBuffer.allocate(2 * HALVES).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits = 0; bits < HALVES; bits++) {
      raw.putShort((short) bits);
    }
    return raw.flip();
  }

  @ParameterizedTest
  @CsvSource({
    "1.00048828125, 3c00",
    "1.0004884, 3c01",
    "65519.99, 7bff",
    "65520, 7c00",
    "1e9, 7c00",
    "2.98e-8, 0000",
    "2.981e-8, 0001",
    "6.1e-5, 03ff",
    "6.101e-5, 0400",
    "-1e-30, 8000"
  })
  void numbersBetweenTwoHalvesBecomeTheNearest(float value, String bits) {
    Tensor half = Tensor.of("t", Datatype.FP16, new long[] {1}, new float[] {value});

    assertThat(half.rawContents().getShort(0)).isEqualTo((short) Integer.parseInt(bits, 16));
  }

  @ParameterizedTest
  @EnumSource(
      value = Datatype.class,
      names = {"FP16", "BF16"})
  void everyHalfIsMadeFromTheFloatItWidensTo(Datatype datatype) {
    float[] widened = all(datatype);

    Tensor made = Tensor.of("t", datatype, new long[] {HALVES}, widened);

    float[] again = made.floats();
    ByteBuffer raw = made.rawContents();
    int different = 0;
    for (int bits = 0; bits < HALVES; bits++) {
      boolean same =
          Float.isNaN(widened[bits])
              ? Float.isNaN(again[bits])
              : raw.getShort(2 * bits) == (short) bits;
      different += same ? 0 : 1;
    }
    assertThat(different).isZero();
  }
}
