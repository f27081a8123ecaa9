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

/**
 * A named, shaped array of elements. Immutable: factories and accessors copy arrays; byte buffers
 * are shared and read-only, so the creator of a tensor must not write to its buffer again.
 *
 * <p>The elements are held as they were given: typed (one Java array) or raw (the protocol's
 * little-endian bytes). The accessors answer the same for both.
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
          "tensor '%s': shape %s holds %d elements, but %d were given"
              .formatted(name, Shapes.text(shape), expected, elements.count()));
    }
  }

  /** A BYTES tensor of shape {@code [values.length]} with each text in UTF-8. */
  public static Tensor text(String name, String... values) {
    ByteBuffer[] encoded = new ByteBuffer[values.length];
    for (int i = 0; i < values.length; i++) {
      encoded[i] = ByteBuffer.wrap(values[i].getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
    }
    return new Tensor(
        name, Datatype.BYTES, new long[] {values.length}, new Elements.Bytes(encoded));
  }

  /** An INT32 tensor of shape {@code [values.length]}. */
  public static Tensor ints(String name, int... values) {
    return of(name, Datatype.INT32, new long[] {values.length}, values);
  }

  /** An FP32 tensor of shape {@code [values.length]}. */
  public static Tensor floats(String name, float... values) {
    return of(name, new long[] {values.length}, values);
  }

  /** A BOOL tensor of shape {@code [values.length]}. */
  public static Tensor booleans(String name, boolean... values) {
    return of(name, new long[] {values.length}, values);
  }

  /**
   * A tensor of 8-, 16- or 32-bit integers.
   *
   * @param datatype INT8, INT16, INT32, UINT8, UINT16 or UINT32 (whose values are in the bits of an
   *     int)
   * @throws IllegalArgumentException if the datatype is another one, a value does not fit into it,
   *     or the shape does not fit
   */
  public static Tensor of(String name, Datatype datatype, long[] shape, int[] values) {
    switch (datatype) {
      case INT8, INT16, INT32, UINT8, UINT16, UINT32 -> {}
      default -> throw wrongArray(name, datatype, "int[]");
    }
    return new Tensor(name, datatype, shape.clone(), Elements.ints(name, datatype, values.clone()));
  }

  /**
   * A tensor of 64-bit integers.
   *
   * @param datatype INT64, or UINT64 (whose values are in the bits of a long)
   * @throws IllegalArgumentException if the datatype is another one, or the shape does not fit
   */
  public static Tensor of(String name, Datatype datatype, long[] shape, long[] values) {
    if (datatype != Datatype.INT64 && datatype != Datatype.UINT64) {
      throw wrongArray(name, datatype, "long[]");
    }
    return new Tensor(name, datatype, shape.clone(), new Elements.Longs(values.clone()));
  }

  /**
   * An FP32 tensor.
   *
   * @throws IllegalArgumentException if the shape does not fit
   */
  public static Tensor of(String name, long[] shape, float[] values) {
    return new Tensor(name, Datatype.FP32, shape.clone(), new Elements.Floats(values.clone()));
  }

  /**
   * A tensor of floating-point numbers of at most 32 bits.
   *
   * @param datatype FP32; or FP16 or BF16, whose values are rounded to the nearest one there is and
   *     held raw
   * @throws IllegalArgumentException if the datatype is another one, or the shape does not fit
   */
  public static Tensor of(String name, Datatype datatype, long[] shape, float[] values) {
    return switch (datatype) {
      case FP32 -> of(name, shape, values);
      case FP16, BF16 ->
          new Tensor(name, datatype, shape.clone(), RawElements.halves(datatype, values));
      default -> throw wrongArray(name, datatype, "float[]");
    };
  }

  /**
   * An FP64 tensor.
   *
   * @throws IllegalArgumentException if the shape does not fit
   */
  public static Tensor of(String name, long[] shape, double[] values) {
    return new Tensor(name, Datatype.FP64, shape.clone(), new Elements.Doubles(values.clone()));
  }

  /**
   * A BOOL tensor.
   *
   * @throws IllegalArgumentException if the shape does not fit
   */
  public static Tensor of(String name, long[] shape, boolean[] values) {
    return new Tensor(name, Datatype.BOOL, shape.clone(), new Elements.Booleans(values.clone()));
  }

  /**
   * A BYTES tensor over the remaining bytes of each buffer, which are not copied.
   *
   * @throws IllegalArgumentException if the shape does not fit
   */
  public static Tensor of(String name, long[] shape, List<ByteBuffer> values) {
    ByteBuffer[] views = new ByteBuffer[values.size()];
    for (int i = 0; i < views.length; i++) {
      views[i] = values.get(i).asReadOnlyBuffer();
    }
    return new Tensor(name, Datatype.BYTES, shape.clone(), new Elements.Bytes(views));
  }

  /**
   * A tensor of any datatype over the remaining bytes of {@code raw}, which are not copied. BYTES
   * elements are found by their length prefixes at once; allocates at most in proportion to the
   * bytes given, whatever they claim.
   *
   * @param raw little-endian elements, one after the other
   * @throws IllegalArgumentException if the bytes do not hold exactly the elements of the shape
   */
  public static Tensor raw(String name, Datatype datatype, long[] shape, ByteBuffer raw) {
    ByteBuffer bytes = raw.asReadOnlyBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
    if (datatype == Datatype.BYTES) {
      return new Tensor(name, datatype, shape.clone(), PackedBytes.of(name, bytes));
    }
    if (bytes.remaining() % datatype.size() != 0) {
      throw new IllegalArgumentException(
          "tensor '%s': %d raw bytes are no whole number of %s elements of %d bytes"
              .formatted(name, bytes.remaining(), datatype, datatype.size()));
    }
    return new Tensor(name, datatype, shape.clone(), new RawElements(datatype, bytes));
  }

  /** The same tensor with these parameters in place of its own. */
  public Tensor withParameters(Map<String, InferParameter> parameters) {
    return new Tensor(name, datatype, shape, elements, parameters);
  }

  /**
   * The same elements in another shape.
   *
   * @throws IllegalArgumentException if it holds another number of them
   */
  public Tensor withShape(long... shape) {
    return new Tensor(name, datatype, shape.clone(), elements, parameters);
  }

  /** The tensor's name. */
  public String name() {
    return name;
  }

  /** The type of every element. */
  public Datatype datatype() {
    return datatype;
  }

  /** The dimensions; empty for a scalar of rank 0. A copy. */
  public long[] shape() {
    return shape.clone();
  }

  /** What is said of the tensor besides, such as MLServer's {@code content_type}; often empty. */
  public Map<String, InferParameter> parameters() {
    return parameters;
  }

  /** How many elements there are: the product of the shape. */
  public int size() {
    return elements.count();
  }

  /** Whether the elements are held as the protocol's raw bytes. */
  public boolean isRaw() {
    return elements instanceof RawElements;
  }

  /**
   * The elements as ints, unsigned ones of 32 bits in the bits of an int. A copy.
   *
   * @throws IllegalStateException if they are not integers of at most 32 bits
   */
  public int[] ints() {
    if (!isInteger() || datatype.size() > Integer.BYTES) {
      throw notA("int");
    }
    return elements.toInts();
  }

  /**
   * The elements as longs, widened by their sign or lack of it; UINT64 in the bits of a long. A
   * copy.
   *
   * @throws IllegalStateException if they are not integers
   */
  public long[] longs() {
    if (!isInteger()) {
      throw notA("long");
    }
    return elements.toLongs(datatype);
  }

  /**
   * The elements as floats; FP16 and BF16 are widened without loss. A copy.
   *
   * @throws IllegalStateException if they are not FP32, FP16 or BF16
   */
  public float[] floats() {
    if (datatype != Datatype.FP32 && datatype != Datatype.FP16 && datatype != Datatype.BF16) {
      throw notA("float");
    }
    return elements.toFloats();
  }

  /**
   * The elements as doubles. A copy.
   *
   * @throws IllegalStateException if they are not floating-point numbers
   */
  public double[] doubles() {
    if (datatype == Datatype.FP64) {
      return elements.toDoubles();
    }
    float[] floats = floats();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  /**
   * The elements as truth values. A copy.
   *
   * @throws IllegalStateException if they are not BOOL
   */
  public boolean[] booleans() {
    if (datatype != Datatype.BOOL) {
      throw notA("boolean");
    }
    return elements.toBooleans();
  }

  /**
   * The bytes of one element of a BYTES tensor: a fresh read-only view, nothing copied.
   *
   * @throws IllegalStateException if this is no BYTES tensor
   * @throws IndexOutOfBoundsException if there is no such element
   */
  public ByteBuffer bytes(int index) {
    return byteStrings().at(index);
  }

  /**
   * How many bytes one element of a BYTES tensor has.
   *
   * @throws IllegalStateException if this is no BYTES tensor
   * @throws IndexOutOfBoundsException if there is no such element
   */
  public int byteCount(int index) {
    return byteStrings().length(index);
  }

  /**
   * Copies the bytes of one element of a BYTES tensor, all {@link #byteCount} of them.
   *
   * @throws IllegalStateException if this is no BYTES tensor
   * @throws IndexOutOfBoundsException if there is no such element, or no space for it
   */
  public void copyBytes(int index, byte[] target, int offset) {
    byteStrings().copy(index, target, offset);
  }

  /**
   * One byte of one element of a BYTES tensor.
   *
   * @throws IllegalStateException if this is no BYTES tensor
   * @throws IndexOutOfBoundsException if there is no such element
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
   * The elements of a BYTES tensor, read as UTF-8 with malformed bytes replaced.
   *
   * @throws IllegalStateException if this is no BYTES tensor
   */
  public List<String> texts() {
    List<String> texts = new ArrayList<>(size());
    for (int i = 0; i < size(); i++) {
      texts.add(StandardCharsets.UTF_8.decode(bytes(i)).toString());
    }
    return texts;
  }

  /** The elements in the protocol's raw form: little-endian, BYTES with length prefixes. */
  public ByteBuffer rawContents() {
    return elements.toRaw(datatype).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The first of {@code tensors} that has that name. */
  static Optional<Tensor> find(List<Tensor> tensors, String name) {
    for (Tensor tensor : tensors) {
      if (tensor.name.equals(name)) {
        return Optional.of(tensor);
      }
    }
    return Optional.empty();
  }

  private boolean isInteger() {
    return switch (datatype) {
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> true;
      default -> false;
    };
  }

  private static IllegalArgumentException wrongArray(String name, Datatype datatype, String array) {
    return new IllegalArgumentException(
        "tensor '%s': %s elements do not come as %s".formatted(name, datatype, array));
  }

  private IllegalStateException notA(String type) {
    return new IllegalStateException(
        "tensor '%s' is %s, which is not read as %s".formatted(name, datatype, type));
  }

  /** Equal name, datatype, shape, elements, whether held typed or raw, and parameters. */
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

  /** In raw form every byte but 0 is true, so that equal truth values may differ in their bytes. */
  private ByteBuffer compared() {
    return datatype == Datatype.BOOL
        ? new Elements.Booleans(booleans()).toRaw(datatype)
        : rawContents();
  }

  /** Name, datatype and shape; never the contents, which may be a prompt. */
  @Override
  public String toString() {
    return name + ": " + datatype + " " + Arrays.toString(shape);
  }
}
