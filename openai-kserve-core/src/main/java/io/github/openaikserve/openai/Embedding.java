package io.github.openaikserve.openai;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The vector of one input. Immutable. Shares its bytes with the creator, which must not modify
 * them; {@link #vector} returns a copy.
 *
 * @param index the index of the input, from 0
 * @param bytes the vector as little-endian FP32
 */
public record Embedding(int index, ByteBuffer bytes) {
  /**
   * Creates an embedding from the remaining bytes of a buffer.
   *
   * @throws IllegalArgumentException if the bytes are not one or more 32-bit numbers
   */
  public Embedding {
    if (!bytes.hasRemaining() || bytes.remaining() % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          "expected one or more 32-bit numbers, but got " + bytes.remaining() + " bytes");
    }
    bytes = bytes.slice().asReadOnlyBuffer();
  }

  /** Returns an embedding with a copy of the numbers. */
  public static Embedding of(int index, float... vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(vector.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return new Embedding(index, bytes);
  }

  /** Returns a new read-only view of the vector as little-endian FP32. Copies nothing. */
  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns a copy of the vector. */
  public float[] vector() {
    float[] vector = new float[dimensions()];
    bytes().asFloatBuffer().get(vector);
    return vector;
  }

  /** Returns the number of elements, at least 1. */
  public int dimensions() {
    return bytes.remaining() / Float.BYTES;
  }
}
