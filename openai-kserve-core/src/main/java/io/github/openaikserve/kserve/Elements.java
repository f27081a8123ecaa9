package io.github.openaikserve.kserve;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The elements of a tensor. Immutable. */
sealed interface Elements permits RawElements, Elements.ByteStrings {
  /** Returns the number of elements. */
  int count();

  /** Returns the raw form, from position 0. */
  ByteBuffer toRaw();

  /** Byte strings. */
  sealed interface ByteStrings extends Elements permits Bytes, PackedBytes {
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
  record Bytes(List<ByteBuffer> values) implements ByteStrings {
    public Bytes {
      values = readOnly(values);
    }

    /** Copies the list; most have one element, the text of a token. */
    private static List<ByteBuffer> readOnly(List<ByteBuffer> values) {
      if (values.size() == 1) {
        return List.of(values.get(0).asReadOnlyBuffer());
      }
      ByteBuffer[] copies = new ByteBuffer[values.size()];
      for (int i = 0; i < copies.length; i++) {
        copies[i] = values.get(i).asReadOnlyBuffer();
      }
      return List.of(copies);
    }

    @Override
    public ByteBuffer at(int index) {
      return values.get(index).duplicate();
    }

    @Override
    public int length(int index) {
      return values.get(index).remaining();
    }

    @Override
    public void copy(int index, byte[] target, int offset) {
      ByteBuffer value = values.get(index);
      value.get(value.position(), target, offset, value.remaining());
    }

    @Override
    public byte byteAt(int index, int position) {
      ByteBuffer value = values.get(index);
      return value.get(value.position() + position);
    }

    @Override
    public int count() {
      return values.size();
    }

    @Override
    public ByteBuffer toRaw() {
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
}
