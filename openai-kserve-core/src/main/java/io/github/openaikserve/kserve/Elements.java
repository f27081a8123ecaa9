package io.github.openaikserve.kserve;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The elements of a tensor, stored as a Java array or as raw bytes. */
sealed interface Elements permits Elements.Typed, RawElements {
  /** Returns the number of elements. */
  int count();

  default int[] toInts() {
    throw new IllegalStateException();
  }

  default long[] toLongs(Datatype datatype) {
    throw new IllegalStateException();
  }

  default float[] toFloats() {
    throw new IllegalStateException();
  }

  default double[] toDoubles() {
    throw new IllegalStateException();
  }

  default boolean[] toBooleans() {
    throw new IllegalStateException();
  }

  /** Returns the raw form, from position 0. */
  ByteBuffer toRaw(Datatype datatype);

  /**
   * Returns integers stored as ints.
   *
   * @throws IllegalArgumentException if a value does not fit into the datatype's 8 or 16 bits
   */
  static Elements ints(String name, Datatype datatype, int[] values) {
    int bits = 8 * datatype.size();
    if (bits < Integer.SIZE) {
      int min = datatype.name().startsWith("U") ? 0 : -(1 << (bits - 1));
      int max = min + (1 << bits) - 1;
      for (int value : values) {
        if (value < min || value > max) {
          throw new IllegalArgumentException(
              "tensor '%s': %d is out of range for %s".formatted(name, value, datatype));
        }
      }
    }
    return new Ints(values);
  }

  /** Elements in one Java array. */
  sealed interface Typed extends Elements {}

  /** Integers of at most 32 bits. */
  @SuppressWarnings("ArrayRecordComponent")
  record Ints(int[] values) implements Typed {
    @Override
    public int count() {
      return values.length;
    }

    @Override
    public int[] toInts() {
      return values.clone();
    }

    @Override
    public long[] toLongs(Datatype datatype) {
      boolean unsigned = datatype.name().startsWith("U");
      long[] longs = new long[values.length];
      for (int i = 0; i < longs.length; i++) {
        longs[i] = unsigned ? Integer.toUnsignedLong(values[i]) : values[i];
      }
      return longs;
    }

    @Override
    public ByteBuffer toRaw(Datatype datatype) {
      ByteBuffer raw = allocate(values.length, datatype.size());
      for (int value : values) {
        switch (datatype.size()) {
          case 1 -> raw.put((byte) value);
          case 2 -> raw.putShort((short) value);
          default -> raw.putInt(value);
        }
      }
      return raw.flip();
    }
  }

  /** Integers of 64 bits. */
  @SuppressWarnings("ArrayRecordComponent")
  record Longs(long[] values) implements Typed {
    @Override
    public int count() {
      return values.length;
    }

    @Override
    public long[] toLongs(Datatype datatype) {
      return values.clone();
    }

    @Override
    public ByteBuffer toRaw(Datatype datatype) {
      ByteBuffer raw = allocate(values.length, Long.BYTES);
      for (long value : values) {
        raw.putLong(value);
      }
      return raw.flip();
    }
  }

  /** Single-precision numbers. */
  @SuppressWarnings("ArrayRecordComponent")
  record Floats(float[] values) implements Typed {
    @Override
    public int count() {
      return values.length;
    }

    @Override
    public float[] toFloats() {
      return values.clone();
    }

    @Override
    public ByteBuffer toRaw(Datatype datatype) {
      ByteBuffer raw = allocate(values.length, Float.BYTES);
      for (float value : values) {
        raw.putFloat(value);
      }
      return raw.flip();
    }
  }

  /** Double-precision numbers. */
  @SuppressWarnings("ArrayRecordComponent")
  record Doubles(double[] values) implements Typed {
    @Override
    public int count() {
      return values.length;
    }

    @Override
    public double[] toDoubles() {
      return values.clone();
    }

    @Override
    public ByteBuffer toRaw(Datatype datatype) {
      ByteBuffer raw = allocate(values.length, Double.BYTES);
      for (double value : values) {
        raw.putDouble(value);
      }
      return raw.flip();
    }
  }

  /** Booleans. */
  @SuppressWarnings("ArrayRecordComponent")
  record Booleans(boolean[] values) implements Typed {
    @Override
    public int count() {
      return values.length;
    }

    @Override
    public boolean[] toBooleans() {
      return values.clone();
    }

    @Override
    public ByteBuffer toRaw(Datatype datatype) {
      ByteBuffer raw = allocate(values.length, 1);
      for (boolean value : values) {
        raw.put((byte) (value ? 1 : 0));
      }
      return raw.flip();
    }
  }

  /** Byte strings. */
  sealed interface ByteStrings extends Typed permits Bytes, PackedBytes {
    /** Returns a new read-only view of one byte string. */
    ByteBuffer at(int index);

    /** Returns the length of one byte string. */
    int length(int index);

    /** Copies one byte string. */
    void copy(int index, byte[] target, int offset);

    /** Returns one byte of one byte string. */
    byte byteAt(int index, int position);
  }

  /** Byte strings; each buffer is read-only and its position is never moved. */
  @SuppressWarnings("ArrayRecordComponent")
  record Bytes(ByteBuffer[] values) implements ByteStrings {
    @Override
    public ByteBuffer at(int index) {
      return values[index].duplicate();
    }

    @Override
    public int length(int index) {
      return values[index].remaining();
    }

    @Override
    public void copy(int index, byte[] target, int offset) {
      ByteBuffer value = values[index];
      value.get(value.position(), target, offset, value.remaining());
    }

    @Override
    public byte byteAt(int index, int position) {
      return values[index].get(values[index].position() + position);
    }

    @Override
    public int count() {
      return values.length;
    }

    @Override
    public ByteBuffer toRaw(Datatype datatype) {
      int length = 0;
      for (ByteBuffer value : values) {
        length = Math.addExact(length, Math.addExact(Integer.BYTES, value.remaining()));
      }
      ByteBuffer raw = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      for (ByteBuffer value : values) {
        raw.putInt(value.remaining()).put(value.duplicate());
      }
      return raw.flip();
    }
  }

  private static ByteBuffer allocate(int count, int size) {
    return ByteBuffer.allocate(Math.multiplyExact(count, size)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
