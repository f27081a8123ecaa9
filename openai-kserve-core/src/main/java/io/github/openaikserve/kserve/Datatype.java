package io.github.openaikserve.kserve;

/**
 * The element type of a tensor.
 *
 * <p>Source: Open Inference Protocol, "Tensor Data Types"; BF16 from Triton's model configuration.
 */
public enum Datatype {
  /** Booleans, one byte each in raw form. */
  BOOL(1),
  /** Unsigned 8-bit integers. */
  UINT8(1),
  /** Unsigned 16-bit integers. */
  UINT16(2),
  /** Unsigned 32-bit integers. */
  UINT32(4),
  /** Unsigned 64-bit integers. */
  UINT64(8),
  /** Signed 8-bit integers. */
  INT8(1),
  /** Signed 16-bit integers. */
  INT16(2),
  /** Signed 32-bit integers. */
  INT32(4),
  /** Signed 64-bit integers. */
  INT64(8),
  /** IEEE 754 half precision; exists only in raw form. */
  FP16(2),
  /** IEEE 754 single precision. */
  FP32(4),
  /** IEEE 754 double precision. */
  FP64(8),
  /** The upper half of an FP32; exists only in raw form. */
  BF16(2),
  /** Byte strings of any length, each with a length prefix of four bytes in raw form. */
  BYTES(0);

  private final int size;

  Datatype(int size) {
    this.size = size;
  }

  /**
   * Returns the bytes per element in raw form; 0 for {@link #BYTES}, whose elements differ in
   * length.
   */
  public int size() {
    return size;
  }

  /** Returns whether the elements are whole numbers. */
  public boolean isInteger() {
    return switch (this) {
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> true;
      default -> false;
    };
  }

  /** Returns whether the elements are floating-point numbers. */
  public boolean isFloatingPoint() {
    return this == FP16 || this == BF16 || this == FP32 || this == FP64;
  }

  /** Returns whether the protocol has a typed contents field for this type. */
  public boolean hasTypedContents() {
    return this != FP16 && this != BF16;
  }
}
