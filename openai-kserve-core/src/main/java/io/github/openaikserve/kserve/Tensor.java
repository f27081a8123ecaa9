package io.github.openaikserve.kserve;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A named, shaped array of elements. Immutable: factory methods and accessors copy arrays. Byte
 * buffers are shared and read-only, so the creator of a tensor must not modify the buffer
 * afterwards.
 *
 * <p>The elements are sent as they were passed: typed (one Java array) or raw (the protocol's
 * little-endian bytes). The accessors return the same values for both.
 *
 * <p>Source: Open Inference Protocol, "Tensor Data Representation" and its binary data extension.
 */
public final class Tensor {
  private final String name;
  private final Datatype datatype;
  private final long[] shape;
  private final Elements elements;
  private final Map<String, InferParameter> parameters;

  private Tensor(String name, Datatype datatype, long[] shape, Elements elements) {
    this(name, datatype, shape, elements, Map.of());
  }

  private Tensor(
      String name,
      Datatype datatype,
      long[] shape,
      Elements elements,
      Map<String, InferParameter> parameters) {
    this.name = Objects.requireNonNull(name, "name");
    this.datatype = datatype;
    this.shape = shape;
    this.elements = elements;
    this.parameters = Map.copyOf(parameters);
    long expected = Shapes.elementCount(name, shape);
    if (expected != elements.count()) {
      throw new IllegalArgumentException(
          "tensor '%s': shape %s requires %d elements, but %d were given"
              .formatted(name, Shapes.text(shape), expected, elements.count()));
    }
  }

  /** Returns a BYTES tensor of shape {@code [values.length]}, each element a text in UTF-8. */
  public static Tensor text(String name, String... values) {
    List<ByteBuffer> encoded =
        Stream.of(values)
            .map(value -> ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)))
            .toList();
    return of(name, new long[] {values.length}, encoded);
  }

  /** Returns an INT32 tensor of shape {@code [values.length]}. */
  public static Tensor ints(String name, int... values) {
    return of(name, Datatype.INT32, new long[] {values.length}, values);
  }

  /** Returns an FP32 tensor of shape {@code [values.length]}. */
  public static Tensor floats(String name, float... values) {
    return of(name, new long[] {values.length}, values);
  }

  /** Returns a BOOL tensor of shape {@code [values.length]}. */
  public static Tensor booleans(String name, boolean... values) {
    return of(name, new long[] {values.length}, values);
  }

  /**
   * Returns a tensor of 8-, 16- or 32-bit integers.
   *
   * @param datatype INT8, INT16, INT32, UINT8, UINT16 or UINT32 (stored in the bits of an int)
   * @throws IllegalArgumentException if the datatype is another one, a value is out of its range,
   *     or the shape does not match the number of values
   */
  public static Tensor of(String name, Datatype datatype, long[] shape, int[] values) {
    if (!datatype.isInteger() || datatype.size() > Integer.BYTES) {
      throw wrongArray(name, datatype, "int[]");
    }
    return new Tensor(name, datatype, shape.clone(), RawElements.of(name, datatype, values));
  }

  /**
   * Returns a tensor of 64-bit integers.
   *
   * @param datatype INT64, or UINT64 (stored in the bits of a long)
   * @throws IllegalArgumentException if the datatype is another one, or the shape does not match
   *     the number of values
   */
  public static Tensor of(String name, Datatype datatype, long[] shape, long[] values) {
    if (!datatype.isInteger() || datatype.size() != Long.BYTES) {
      throw wrongArray(name, datatype, "long[]");
    }
    return new Tensor(name, datatype, shape.clone(), RawElements.of(datatype, values));
  }

  /**
   * Returns an FP32 tensor.
   *
   * @throws IllegalArgumentException if the shape does not match the number of values
   */
  public static Tensor of(String name, long[] shape, float[] values) {
    return of(name, Datatype.FP32, shape, values);
  }

  /**
   * Returns a tensor of floating-point numbers of at most 32 bits.
   *
   * @param datatype FP32, FP16 or BF16; values of the last two are rounded to the nearest and
   *     stored raw
   * @throws IllegalArgumentException if the datatype is another one, or the shape does not match
   *     the number of values
   */
  public static Tensor of(String name, Datatype datatype, long[] shape, float[] values) {
    if (datatype == Datatype.FP64 || !datatype.isFloatingPoint()) {
      throw wrongArray(name, datatype, "float[]");
    }
    return new Tensor(name, datatype, shape.clone(), RawElements.of(datatype, values));
  }

  /**
   * Returns an FP64 tensor.
   *
   * @throws IllegalArgumentException if the shape does not match the number of values
   */
  public static Tensor of(String name, long[] shape, double[] values) {
    return new Tensor(name, Datatype.FP64, shape.clone(), RawElements.of(values));
  }

  /**
   * Returns a BOOL tensor.
   *
   * @throws IllegalArgumentException if the shape does not match the number of values
   */
  public static Tensor of(String name, long[] shape, boolean[] values) {
    return new Tensor(name, Datatype.BOOL, shape.clone(), RawElements.of(values));
  }

  /**
   * Returns a BYTES tensor over the remaining bytes of each buffer. The bytes are not copied.
   *
   * @throws IllegalArgumentException if the shape does not match the number of values
   */
  public static Tensor of(String name, long[] shape, List<ByteBuffer> values) {
    return new Tensor(name, Datatype.BYTES, shape.clone(), new Elements.Bytes(values));
  }

  /**
   * Returns a tensor of any datatype over the remaining bytes of {@code raw}. The bytes are not
   * copied. Checks the length prefixes of BYTES elements immediately. Memory use is proportional to
   * the number of bytes, regardless of the declared lengths.
   *
   * @param raw little-endian elements, one after the other
   * @throws IllegalArgumentException if the bytes do not contain exactly the elements of the shape
   */
  public static Tensor raw(String name, Datatype datatype, long[] shape, ByteBuffer raw) {
    ByteBuffer bytes = raw.asReadOnlyBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
    if (datatype == Datatype.BYTES) {
      return new Tensor(name, datatype, shape.clone(), PackedBytes.of(name, bytes));
    }
    if (bytes.remaining() % datatype.size() != 0) {
      throw new IllegalArgumentException(
          "tensor '%s': %d raw bytes are not a whole number of %s elements of %d bytes"
              .formatted(name, bytes.remaining(), datatype, datatype.size()));
    }
    return new Tensor(name, datatype, shape.clone(), new RawElements(datatype, bytes, true));
  }

  /** Returns a copy of this tensor with the parameters replaced. */
  public Tensor withParameters(Map<String, InferParameter> parameters) {
    return new Tensor(name, datatype, shape, elements, parameters);
  }

  /**
   * Returns a tensor with the same elements and another shape.
   *
   * @throws IllegalArgumentException if the shape has a different number of elements
   */
  public Tensor withShape(long... shape) {
    return new Tensor(name, datatype, shape.clone(), elements, parameters);
  }

  /** Returns the tensor's name. */
  public String name() {
    return name;
  }

  /** Returns the type of the elements. */
  public Datatype datatype() {
    return datatype;
  }

  /** Returns a copy of the dimensions; empty for a scalar. */
  public long[] shape() {
    return shape.clone();
  }

  /** Returns the tensor's parameters, such as MLServer's {@code content_type}; often empty. */
  public Map<String, InferParameter> parameters() {
    return parameters;
  }

  /** Returns the number of elements: the product of the dimensions. */
  public int size() {
    return elements.count();
  }

  /** Returns whether the elements are sent as the protocol's raw bytes. */
  public boolean isRaw() {
    return elements instanceof RawElements raw && raw.isRaw();
  }

  /**
   * Returns a copy of the elements as ints; UINT32 values are stored in the bits of an int.
   *
   * @throws IllegalStateException if the elements are not integers of at most 32 bits
   */
  public int[] ints() {
    if (!datatype.isInteger() || datatype.size() > Integer.BYTES) {
      throw notA("int");
    }
    return numbers().toInts();
  }

  /**
   * Returns a copy of the elements as longs. Signed types are sign-extended, unsigned types
   * zero-extended; UINT64 values are stored in the bits of a long.
   *
   * @throws IllegalStateException if the elements are not integers
   */
  public long[] longs() {
    if (!datatype.isInteger()) {
      throw notA("long");
    }
    return numbers().toLongs();
  }

  /**
   * Returns a copy of the elements as floats; FP16 and BF16 are widened without loss.
   *
   * @throws IllegalStateException if the elements are not FP32, FP16 or BF16
   */
  public float[] floats() {
    if (datatype == Datatype.FP64 || !datatype.isFloatingPoint()) {
      throw notA("float");
    }
    return numbers().toFloats();
  }

  /**
   * Returns a copy of the elements as doubles.
   *
   * @throws IllegalStateException if the elements are not floating-point numbers
   */
  public double[] doubles() {
    if (datatype == Datatype.FP64) {
      return numbers().toDoubles();
    }
    float[] floats = floats();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  /**
   * Returns a copy of the elements as booleans.
   *
   * @throws IllegalStateException if the elements are not BOOL
   */
  public boolean[] booleans() {
    if (datatype != Datatype.BOOL) {
      throw notA("boolean");
    }
    return numbers().toBooleans();
  }

  /** Returns the elements of a tensor whose datatype has a fixed size. */
  private RawElements numbers() {
    return (RawElements) elements;
  }

  /**
   * Returns a new read-only view of one element of a BYTES tensor. Copies nothing.
   *
   * @throws IllegalStateException if this is not a BYTES tensor
   * @throws IndexOutOfBoundsException if the index is out of range
   */
  public ByteBuffer bytes(int index) {
    return byteStrings().at(index);
  }

  /**
   * Returns the length in bytes of one element of a BYTES tensor.
   *
   * @throws IllegalStateException if this is not a BYTES tensor
   * @throws IndexOutOfBoundsException if the index is out of range
   */
  public int byteCount(int index) {
    return byteStrings().length(index);
  }

  /**
   * Copies one element of a BYTES tensor: {@link #byteCount} bytes.
   *
   * @throws IllegalStateException if this is not a BYTES tensor
   * @throws IndexOutOfBoundsException if the index is out of range, or {@code target} has too
   *     little space
   */
  public void copyBytes(int index, byte[] target, int offset) {
    byteStrings().copy(index, target, offset);
  }

  /**
   * Returns one byte of one element of a BYTES tensor.
   *
   * @throws IllegalStateException if this is not a BYTES tensor
   * @throws IndexOutOfBoundsException if the index is out of range
   */
  public byte byteAt(int index, int position) {
    return byteStrings().byteAt(index, position);
  }

  private Elements.ByteStrings byteStrings() {
    if (!(elements instanceof Elements.ByteStrings bytes)) {
      throw notA("byte string");
    }
    return bytes;
  }

  /**
   * Returns the elements of a BYTES tensor decoded as UTF-8; malformed bytes are replaced.
   *
   * @throws IllegalStateException if this is not a BYTES tensor
   */
  public List<String> texts() {
    List<String> texts = new ArrayList<>(size());
    for (int i = 0; i < size(); i++) {
      texts.add(StandardCharsets.UTF_8.decode(bytes(i)).toString());
    }
    return texts;
  }

  /** Returns the elements in the protocol's raw form: little-endian, BYTES with length prefixes. */
  public ByteBuffer rawContents() {
    return elements.toRaw().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the first tensor of that name. */
  static Optional<Tensor> find(List<Tensor> tensors, String name) {
    for (Tensor tensor : tensors) {
      if (tensor.name.equals(name)) {
        return Optional.of(tensor);
      }
    }
    return Optional.empty();
  }

  private static IllegalArgumentException wrongArray(String name, Datatype datatype, String array) {
    return new IllegalArgumentException(
        "tensor '%s': %s elements cannot be given as %s".formatted(name, datatype, array));
  }

  private IllegalStateException notA(String type) {
    return new IllegalStateException(
        "tensor '%s' has the datatype %s, which cannot be read as %s"
            .formatted(name, datatype, type));
  }

  /**
   * Returns whether name, datatype, shape, elements and parameters are equal, regardless of typed
   * or raw storage.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that
        && name.equals(that.name)
        && datatype == that.datatype
        && Arrays.equals(shape, that.shape)
        && parameters.equals(that.parameters)
        && compared().equals(that.compared());
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, datatype, Arrays.hashCode(shape), compared());
  }

  /**
   * Returns the bytes to compare. In raw form every byte except 0 is true, so equal booleans may
   * differ in their bytes.
   */
  private ByteBuffer compared() {
    return datatype == Datatype.BOOL ? RawElements.of(booleans()).toRaw() : rawContents();
  }

  /** Returns name, datatype and shape; never the contents, which may be a prompt. */
  @Override
  public String toString() {
    return name + ": " + datatype + " " + Arrays.toString(shape);
  }
}
