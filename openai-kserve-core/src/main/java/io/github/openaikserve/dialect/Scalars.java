package io.github.openaikserve.dialect;

import io.github.openaikserve.error.DialectException;
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
import org.jspecify.annotations.Nullable;

/** Conversion between values and tensors. */
final class Scalars {
  /**
   * The layout of the tensors of one request.
   *
   * @param rank 1, or 2 if the first dimension is the batch
   * @param batch the number of inputs of the request
   */
  record Layout(int rank, int batch) {
    static final Layout PLAIN = new Layout(1, 1);

    long[] shape(int count) {
      return rank == 1 ? new long[] {count} : new long[] {batch, count / batch};
    }
  }

  private Scalars() {}

  /** Returns whether single values can be sent in tensors of a type. */
  static boolean canEncode(Datatype datatype) {
    return datatype != Datatype.FP16 && datatype != Datatype.BF16;
  }

  /**
   * Returns a tensor with one value, or with the values of a list or of an array of token ids. A
   * JSON object is sent as text. All tensors of a request have the same batch dimension, so a
   * single number or text is repeated for each input.
   *
   * @throws IllegalArgumentException if a value is out of the range of the datatype
   */
  static Tensor encode(String name, Datatype datatype, Layout layout, Object value) {
    if (value instanceof int[] tokens) {
      return tokens(name, datatype, layout.shape(tokens.length), tokens);
    }
    if (value instanceof ByteBuffer bytes) {
      return Tensor.of(name, layout.shape(1), List.of(bytes));
    }
    if (value instanceof List<?> list) {
      return texts(name, layout, list);
    }
    if (value instanceof Integer number && layout.rank() == 2 && layout.batch() > 1) {
      int[] repeated = new int[layout.batch()];
      Arrays.fill(repeated, number);
      return tokens(name, datatype, layout.shape(repeated.length), repeated);
    }
    if (value instanceof String text && layout.rank() == 2 && layout.batch() > 1) {
      List<ByteBuffer> repeated = Collections.nCopies(layout.batch(), utf8(text));
      return Tensor.of(name, layout.shape(repeated.size()), repeated);
    }
    Object single = value instanceof Map<?, ?> object ? JsonCodec.writeValue(object) : value;
    return encode(name, datatype, layout.shape(layout.rank() == 1 ? 1 : layout.batch()), single);
  }

  /** Returns a tensor of texts or of rows of texts. Objects are sent as JSON. */
  private static Tensor texts(String name, Scalars.Layout layout, List<?> list) {
    if (!list.isEmpty() && list.get(0) instanceof List<?> row) {
      List<ByteBuffer> texts =
          list.stream().flatMap(each -> ((List<?>) each).stream()).map(Scalars::text).toList();
      return Tensor.of(name, new long[] {list.size(), row.size()}, texts);
    }
    List<ByteBuffer> texts = list.stream().map(Scalars::text).toList();
    return Tensor.of(name, layout.shape(texts.size()), texts);
  }

  private static ByteBuffer text(Object element) {
    return utf8(
        element instanceof Map<?, ?> object ? JsonCodec.writeValue(object) : element.toString());
  }

  /**
   * Returns a value as a request parameter: with its own type if there is one, otherwise as text.
   */
  static InferParameter parameter(Object value) {
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

  private static Tensor tokens(String name, Datatype datatype, long[] shape, int[] tokens) {
    return datatype == Datatype.INT64 || datatype == Datatype.UINT64
        ? Tensor.of(name, datatype, shape, Arrays.stream(tokens).asLongStream().toArray())
        : Tensor.of(name, datatype, shape, tokens);
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns a tensor with one value.
   *
   * @throws IllegalArgumentException if the value is out of the range of the datatype
   */
  private static Tensor encode(String name, Datatype datatype, long[] shape, Object value) {
    return switch (datatype) {
      case BYTES -> Tensor.of(name, shape, List.of(utf8(value.toString())));
      case BOOL -> Tensor.of(name, shape, new boolean[] {bool(name, value)});
      case FP32 -> Tensor.of(name, shape, new float[] {number(name, value).floatValue()});
      case FP64 -> Tensor.of(name, shape, new double[] {number(name, value).doubleValue()});
      case INT64, UINT64 ->
          Tensor.of(name, datatype, shape, new long[] {number(name, value).longValue()});
      case INT8, INT16, INT32, UINT8, UINT16, UINT32 ->
          Tensor.of(name, datatype, shape, new int[] {integer(name, value)});
      case FP16, BF16 ->
          throw new IllegalStateException(
              "tensor '%s': a single value cannot be sent as %s".formatted(name, datatype));
    };
  }

  /**
   * Returns the bytes of a tensor with one byte string, of any rank.
   *
   * @throws DialectException if the tensor is anything else
   */
  static ByteBuffer bytes(Tensor tensor) {
    if (tensor.datatype() != Datatype.BYTES || tensor.size() != 1) {
      throw new DialectException(
          "Output tensor '%s' is %s with %d elements; expected BYTES with one."
              .formatted(tensor.name(), tensor.datatype(), tensor.size()));
    }
    return tensor.bytes(0);
  }

  /**
   * Returns the value of a tensor with one count.
   *
   * @throws DialectException if the tensor is not a single integer from 0 to 2,147,483,647
   */
  static int count(Tensor tensor) {
    long[] values;
    try {
      values = tensor.longs();
    } catch (IllegalStateException e) {
      throw notACount(tensor, e);
    }
    if (values.length != 1 || values[0] < 0 || values[0] > Integer.MAX_VALUE) {
      throw notACount(tensor, null);
    }
    return (int) values[0];
  }

  /**
   * Returns the sum of a tensor of counts, with one for each input or one in total.
   *
   * @throws DialectException if the elements are not integers, or the sum is not from 0 to
   *     2,147,483,647
   */
  static int sum(Tensor tensor) {
    long sum = 0;
    boolean counts = tensor.size() > 0;
    try {
      for (long count : tensor.longs()) {
        counts &= count >= 0 && count <= Integer.MAX_VALUE;
        sum += count;
      }
    } catch (IllegalStateException e) {
      throw notACount(tensor, e);
    }
    if (!counts || sum > Integer.MAX_VALUE) {
      throw notACount(tensor, null);
    }
    return (int) sum;
  }

  private static DialectException notACount(Tensor tensor, @Nullable Throwable cause) {
    return new DialectException(
        "Output tensor '%s' is %s with %d elements; expected a count of tokens."
            .formatted(tensor.name(), tensor.datatype(), tensor.size()),
        cause);
  }

  private static boolean bool(String name, Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw new IllegalArgumentException("tensor '%s': expected a boolean".formatted(name));
  }

  private static Number number(String name, Object value) {
    if (value instanceof Number number) {
      return number;
    }
    throw new IllegalArgumentException("tensor '%s': expected a number".formatted(name));
  }

  private static int integer(String name, Object value) {
    long number = number(name, value).longValue();
    if (number != (int) number) {
      throw new IllegalArgumentException(
          "tensor '%s': %d is out of range for 32 bits".formatted(name, number));
    }
    return (int) number;
  }
}
