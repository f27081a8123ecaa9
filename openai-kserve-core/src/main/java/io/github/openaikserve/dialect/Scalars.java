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

/** Values in and out of tensors. */
final class Scalars {
  /**
   * The dimensions of the tensors of one request.
   *
   * @param rank 1, or 2 where the first dimension is the batch
   * @param batch how many inputs the request has
   */
  record Layout(int rank, int batch) {
    static final Layout PLAIN = new Layout(1, 1);

    long[] shape(int count) {
      return rank == 1 ? new long[] {count} : new long[] {batch, count / batch};
    }
  }

  private Scalars() {}

  /** Whether single values are sent in tensors of a type. */
  static boolean canEncode(Datatype datatype) {
    return datatype != Datatype.FP16 && datatype != Datatype.BF16;
  }

  /**
   * A tensor of one value, or of as many as a list or an array of token ids has. A JSON object goes
   * as its text. A batch dimension is the same for every tensor of a request, so that a number or a
   * text is repeated for each input.
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

  /** A tensor of texts, or of rows of them; an object goes as its JSON. */
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

  /** A value as a parameter of a request: as it is where there is such a kind, else as text. */
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
   * A tensor of one value.
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
              "tensor '%s': a single value is not sent as %s".formatted(name, datatype));
    };
  }

  /**
   * The bytes of a tensor of one byte string, whatever its rank.
   *
   * @throws DialectException if it is anything else
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
   * The value of a tensor of one count.
   *
   * @throws DialectException if it is no single integer from 0 to 2,147,483,647
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
   * The sum of a tensor of counts, of which there may be one for each input.
   *
   * @throws DialectException if they are no integers, or the sum is not from 0 to 2,147,483,647
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
    throw new IllegalArgumentException("tensor '%s' carries no boolean".formatted(name));
  }

  private static Number number(String name, Object value) {
    if (value instanceof Number number) {
      return number;
    }
    throw new IllegalArgumentException("tensor '%s' carries no number".formatted(name));
  }

  private static int integer(String name, Object value) {
    long number = number(name, value).longValue();
    if (number != (int) number) {
      throw new IllegalArgumentException(
          "tensor '%s': %d is out of the range of 32 bits".formatted(name, number));
    }
    return (int) number;
  }
}
