package io.github.openaikserve.kserve;

/**
 * A value of a request's, response's or tensor's {@code parameters}. Immutable.
 *
 * <p>Source: {@code InferParameter} of the Open Inference Protocol; {@link Fp64} and {@link Uint64}
 * are understood only by Triton, Dynamo and servers that follow the protocol to the letter.
 */
public sealed interface InferParameter {
  /** A truth value. */
  record Bool(boolean value) implements InferParameter {}

  /** A signed 64-bit integer. */
  record Int64(long value) implements InferParameter {}

  /** A string. */
  record Text(String value) implements InferParameter {}

  /** A double-precision number. */
  record Fp64(double value) implements InferParameter {}

  /** An unsigned 64-bit integer, in the bits of a long. */
  record Uint64(long value) implements InferParameter {}

  /** {@code value} as a parameter. */
  static InferParameter of(boolean value) {
    return new Bool(value);
  }

  /** {@code value} as a parameter. */
  static InferParameter of(long value) {
    return new Int64(value);
  }

  /** {@code value} as a parameter. */
  static InferParameter of(String value) {
    return new Text(value);
  }
}
