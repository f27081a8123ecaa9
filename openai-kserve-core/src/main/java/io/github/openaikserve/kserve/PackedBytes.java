package io.github.openaikserve.kserve;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Byte strings in the protocol's raw form: one read-only, little-endian buffer, and the offset of
 * each element after its length prefix. The offsets take no more memory than the buffer.
 */
final class PackedBytes implements Elements.ByteStrings {
  private final ByteBuffer raw;
  private final int[] starts;

  private PackedBytes(ByteBuffer raw, int[] starts) {
    this.raw = raw;
    this.starts = starts;
  }

  /**
   * Finds the elements in a buffer.
   *
   * @throws IllegalArgumentException if a length prefix is truncated or exceeds the remaining bytes
   */
  static PackedBytes of(String name, ByteBuffer raw) {
    int[] starts = new int[count(name, raw)];
    int start = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = start + Integer.BYTES;
      start = starts[i] + raw.getInt(start);
    }
    return new PackedBytes(raw, starts);
  }

  private static int count(String name, ByteBuffer raw) {
    int count = 0;
    int at = 0;
    while (at < raw.limit()) {
      int left = raw.limit() - at;
      if (left < Integer.BYTES) {
        throw new IllegalArgumentException(
            "tensor '%s': expected a length prefix of 4 bytes, but only %d raw bytes are left"
                .formatted(name, left));
      }
      long length = Integer.toUnsignedLong(raw.getInt(at));
      left -= Integer.BYTES;
      if (length > left) {
        throw new IllegalArgumentException(
            "tensor '%s': element %d declares %d bytes, but only %d are left"
                .formatted(name, count, length, left));
      }
      at += Integer.BYTES + (int) length;
      count++;
    }
    return count;
  }

  @Override
  public int count() {
    return starts.length;
  }

  @Override
  public ByteBuffer at(int index) {
    int start = starts[index];
    return raw.slice(start, raw.getInt(start - Integer.BYTES));
  }

  @Override
  public int length(int index) {
    return raw.getInt(starts[index] - Integer.BYTES);
  }

  @Override
  public void copy(int index, byte[] target, int offset) {
    raw.get(starts[index], target, offset, length(index));
  }

  @Override
  public byte byteAt(int index, int position) {
    return raw.get(starts[index] + position);
  }

  @Override
  public ByteBuffer toRaw() {
    return raw.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }
}
