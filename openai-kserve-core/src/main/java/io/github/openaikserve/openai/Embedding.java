package io.github.openaikserve.openai;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The vector of one input. Immutable: the bytes it is made from are shared and must not be written
 * to again; {@link #vector} copies.
 *
 * @param index which of the request's inputs it belongs to, from 0
 * @param bytes the vector as little-endian FP32
 */
public record Embedding(int index, ByteBuffer bytes) {
  /**
   * Takes the remaining bytes of the buffer.
   *
   * @throws IllegalArgumentException if they are not one or more whole numbers
   */
  public Embedding {
    if (!bytes.hasRemaining() || bytes.remaining() % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          bytes.remaining() + " bytes are no vector of 32-bit numbers");
    }
    bytes = bytes.slice().asReadOnlyBuffer();
  }

  /** An embedding of numbers, which are copied. */
  public static Embedding of(int index, float... vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(vector.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return new Embedding(index, bytes);
  }

  /** The vector as little-endian FP32: a fresh read-only view, nothing copied. */
  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The vector's numbers. A copy with every call, which is its caller's own. */
  public float[] vector() {
    float[] vector = new float[dimensions()];
    bytes().asFloatBuffer().get(vector);
    return vector;
  }

  /** How many numbers the vector has, at least 1. */
  public int dimensions() {
    return bytes.remaining() / Float.BYTES;
  }
}
