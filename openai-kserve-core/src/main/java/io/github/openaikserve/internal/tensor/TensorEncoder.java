package io.github.openaikserve.internal.tensor;

import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The encoding of values as tensors and parameters. */
public final class TensorEncoder {
  /**
   * The layout of the tensors of one request.
   *
   * @param rank 1, or 2 if the first dimension is the batch
   * @param batch the number of inputs of the request
   */
  public record Layout(int rank, int batch) {
    /** The layout of a request with one input and without a batch dimension. */
    public static final Layout PLAIN = new Layout(1, 1);

    long[] shape(int count) {
      return rank == 1 ? new long[] {count} : new long[] {batch, count / batch};
    }
  }

  private TensorEncoder() {}

  /**
   * Returns a tensor with one value, or with the values of a list or of an array of token ids. A
   * JSON object is sent as text. All tensors of a request have the same batch dimension, so a
   * single whole number or text is repeated for each input.
   *
   * @throws IllegalArgumentException if a value is out of the range of the datatype
   */
  public static Tensor encode(String name, Datatype datatype, Layout layout, Object value) {
    if (value instanceof int[] tokens) {
      return integers(name, datatype, layout.shape(tokens.length), tokens);
    }
    if (value instanceof ByteBuffer bytes) {
      return Tensor.of(name, layout.shape(1), List.of(bytes));
    }
    if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof List<?> row) {
      List<?> elements = list.stream().flatMap(each -> ((List<?>) each).stream()).toList();
      return texts(name, new long[] {list.size(), row.size()}, elements);
    }
    if (value instanceof List<?> list) {
      return texts(name, layout.shape(list.size()), list);
    }
    int count = layout.rank() == 1 ? 1 : layout.batch();
    if (value instanceof Integer number && count > 1) {
      int[] repeated = new int[count];
      Arrays.fill(repeated, number);
      return integers(name, datatype, layout.shape(count), repeated);
    }
    return datatype == Datatype.BYTES
        ? texts(name, layout.shape(count), Collections.nCopies(count, value))
        : single(name, datatype, layout.shape(count), value);
  }

  private static Tensor texts(String name, long[] shape, List<?> elements) {
    return Tensor.of(name, shape, elements.stream().map(TensorEncoder::text).toList());
  }

  private static ByteBuffer text(Object element) {
    String text = element instanceof Map<?, ?> ? JsonCodec.writeValue(element) : element.toString();
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Tensor integers(String name, Datatype datatype, long[] shape, int[] values) {
    return datatype.size() == Long.BYTES
        ? Tensor.of(name, datatype, shape, Arrays.stream(values).asLongStream().toArray())
        : Tensor.of(name, datatype, shape, values);
  }

  private static Tensor single(String name, Datatype datatype, long[] shape, Object value) {
    if (datatype == Datatype.BOOL) {
      if (value instanceof Boolean bool) {
        return Tensor.of(name, shape, new boolean[] {bool});
      }
      throw new IllegalArgumentException("tensor '%s': expected a boolean".formatted(name));
    }
    if (!(value instanceof Number number)) {
      throw new IllegalArgumentException("tensor '%s': expected a number".formatted(name));
    }
    return switch (datatype) {
      case FP32 -> Tensor.of(name, shape, new float[] {number.floatValue()});
      case FP64 -> Tensor.of(name, shape, new double[] {number.doubleValue()});
      case INT64, UINT64 -> Tensor.of(name, datatype, shape, new long[] {number.longValue()});
      case INT8, INT16, INT32, UINT8, UINT16, UINT32 ->
          Tensor.of(name, datatype, shape, new int[] {integer(name, number.longValue())});
      case FP16, BF16, BOOL, BYTES ->
          throw new IllegalStateException(
              "tensor '%s': a single value cannot be sent as %s".formatted(name, datatype));
    };
  }

  private static int integer(String name, long number) {
    if (number != (int) number) {
      throw new IllegalArgumentException(
          "tensor '%s': %d is out of range for 32 bits".formatted(name, number));
    }
    return (int) number;
  }

  /**
   * Returns a value as a request parameter: with its own type if there is one, otherwise as text.
   */
  public static InferParameter parameter(Object value) {
    if (value instanceof Boolean bool) {
      return InferParameter.of(bool);
    }
    if (value instanceof Integer || value instanceof Long) {
      return InferParameter.of(((Number) value).longValue());
    }
    if (value instanceof Number number) {
      return new InferParameter.Fp64(number.doubleValue());
    }
    return InferParameter.of(value instanceof String text ? text : JsonCodec.writeValue(value));
  }
}
