package io.github.openaikserve.kserve;

/**
 * A parameter value of a request, response or tensor. Immutable.
 *
 * <p>Source: {@code InferParameter} of the Open Inference Protocol; {@link Fp64} and {@link Uint64}
 * are supported only by Triton, Dynamo and servers that implement the whole protocol.
 */
public sealed interface InferParameter {
  /** A boolean. */
  record Bool(boolean value) implements InferParameter {}

  /** A signed 64-bit integer. */
  record Int64(long value) implements InferParameter {}

  /** A string. */
  record Text(String value) implements InferParameter {}

  /** A double-precision number. */
  record Fp64(double value) implements InferParameter {}

  /** An unsigned 64-bit integer, in the bits of a long. */
  record Uint64(long value) implements InferParameter {}

  /** Returns a parameter with this value. */
  static InferParameter of(boolean value) {
    return new Bool(value);
  }

  /** Returns a parameter with this value. */
  static InferParameter of(long value) {
    return new Int64(value);
  }

  /** Returns a parameter with this value. */
  static InferParameter of(String value) {
    return new Text(value);
  }
}
