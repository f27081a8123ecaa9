package io.github.openaikserve.kserve;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Elements of a fixed size in the protocol's raw form: a read-only, little-endian buffer. */
record RawElements(Datatype datatype, ByteBuffer bytes) implements Elements {
  /** Returns 16-bit floats, each rounded to the nearest value. */
  static RawElements halves(Datatype datatype, float[] values) {
    ByteBuffer raw =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Short.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      raw.putShort(datatype == Datatype.FP16 ? floatToHalf(value) : floatToBrain(value));
    }
    return new RawElements(datatype, raw.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
  }

  @Override
  public int count() {
    return bytes.limit() / datatype.size();
  }

  @Override
  public int[] toInts() {
    int[] ints = new int[count()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) integer(i);
    }
    return ints;
  }

  @Override
  public long[] toLongs(Datatype ignored) {
    long[] longs = new long[count()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = integer(i);
    }
    return longs;
  }

  @Override
  public float[] toFloats() {
    float[] floats = new float[count()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] =
          switch (datatype) {
            case FP16 -> halfToFloat(bytes.getShort(2 * i));
            case BF16 -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
            default -> bytes.getFloat(4 * i);
          };
    }
    return floats;
  }

  @Override
  public double[] toDoubles() {
    double[] doubles = new double[count()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = bytes.getDouble(8 * i);
    }
    return doubles;
  }

  @Override
  public boolean[] toBooleans() {
    boolean[] booleans = new boolean[count()];
    for (int i = 0; i < booleans.length; i++) {
      booleans[i] = bytes.get(i) != 0;
    }
    return booleans;
  }

  @Override
  public ByteBuffer toRaw(Datatype ignored) {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private long integer(int index) {
    return switch (datatype) {
      case INT8 -> bytes.get(index);
      case UINT8 -> Byte.toUnsignedInt(bytes.get(index));
      case INT16 -> bytes.getShort(2 * index);
      case UINT16 -> Short.toUnsignedInt(bytes.getShort(2 * index));
      case INT32 -> bytes.getInt(4 * index);
      case UINT32 -> Integer.toUnsignedLong(bytes.getInt(4 * index));
      default -> bytes.getLong(8 * index);
    };
  }

  /** Converts like Float.float16ToFloat, which only JDK 20 and newer have. */
  static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
    }
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | (exponent + 112) << 23 | fraction << 13);
  }

  /** Converts like Float.floatToFloat16, which only JDK 20 and newer have. */
  static short floatToHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00 | ((bits >>> 13) & 0x1ff));
    }
    if (magnitude < 0x1p-14f) {
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    if (magnitude >= 0x1p16f) {
      return (short) (sign | 0x7c00);
    }
    // Rounding may carry into the exponent, which then has the correct value, up to infinity.
    int exponent = Math.getExponent(magnitude);
    int fraction = (int) Math.rint(Math.scalb((double) magnitude, 10 - exponent)) - (1 << 10);
    return (short) (sign | (((exponent + 15) << 10) + fraction));
  }

  private static short floatToBrain(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
