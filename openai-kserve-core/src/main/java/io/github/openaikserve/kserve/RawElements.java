package io.github.openaikserve.kserve;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Elements of a fixed size: a read-only, little-endian buffer with the protocol's raw form.
 *
 * @param isRaw whether the elements are sent in raw form, and not in a typed field
 */
record RawElements(Datatype datatype, ByteBuffer bytes, boolean isRaw) implements Elements {
  /** Creates elements over a buffer. */
  RawElements {
    bytes = bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Returns integers of at most 32 bits.
   *
   * @throws IllegalArgumentException if a value does not fit into the datatype's 8 or 16 bits
   */
  static RawElements of(String name, Datatype datatype, int[] values) {
    ByteBuffer bytes = allocate(values.length, datatype);
    int bits = 8 * datatype.size();
    long min = datatype.name().startsWith("U") ? 0 : -(1L << (bits - 1));
    for (int value : values) {
      if (bits < Integer.SIZE && (value < min || value >= min + (1L << bits))) {
        throw new IllegalArgumentException(
            "tensor '%s': %d is out of range for %s".formatted(name, value, datatype));
      }
      switch (datatype.size()) {
        case 1 -> bytes.put((byte) value);
        case 2 -> bytes.putShort((short) value);
        default -> bytes.putInt(value);
      }
    }
    return new RawElements(datatype, bytes.flip(), false);
  }

  static RawElements of(Datatype datatype, long[] values) {
    ByteBuffer bytes = allocate(values.length, datatype);
    bytes.asLongBuffer().put(values);
    return new RawElements(datatype, bytes, false);
  }

  /** Returns floats; those of 16 bits are rounded to the nearest value and sent in raw form. */
  static RawElements of(Datatype datatype, float[] values) {
    ByteBuffer bytes = allocate(values.length, datatype);
    if (datatype == Datatype.FP32) {
      bytes.asFloatBuffer().put(values);
      return new RawElements(datatype, bytes, false);
    }
    for (float value : values) {
      bytes.putShort(datatype == Datatype.FP16 ? floatToHalf(value) : floatToBrain(value));
    }
    return new RawElements(datatype, bytes.flip(), true);
  }

  static RawElements of(double[] values) {
    ByteBuffer bytes = allocate(values.length, Datatype.FP64);
    bytes.asDoubleBuffer().put(values);
    return new RawElements(Datatype.FP64, bytes, false);
  }

  static RawElements of(boolean[] values) {
    ByteBuffer bytes = allocate(values.length, Datatype.BOOL);
    for (boolean value : values) {
      bytes.put((byte) (value ? 1 : 0));
    }
    return new RawElements(Datatype.BOOL, bytes.flip(), false);
  }

  private static ByteBuffer allocate(int count, Datatype datatype) {
    int size = Math.multiplyExact(count, datatype.size());
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public int count() {
    return bytes.limit() / datatype.size();
  }

  @Override
  public ByteBuffer toRaw() {
    return bytes.duplicate();
  }

  int[] toInts() {
    int[] ints = new int[count()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) integer(i);
    }
    return ints;
  }

  long[] toLongs() {
    long[] longs = new long[count()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = integer(i);
    }
    return longs;
  }

  float[] toFloats() {
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

  double[] toDoubles() {
    double[] doubles = new double[count()];
    bytes.asDoubleBuffer().get(doubles);
    return doubles;
  }

  boolean[] toBooleans() {
    boolean[] booleans = new boolean[count()];
    for (int i = 0; i < booleans.length; i++) {
      booleans[i] = bytes.get(i) != 0;
    }
    return booleans;
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
