package io.github.openaikserve.internal.tensor;

import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A reader of values in output tensors. If a tensor contains anything else, every method throws a
 * {@link DialectException} that names the tensor.
 */
public final class TensorReader {
  private TensorReader() {}

  /** Returns the bytes of a tensor with one byte string, of any rank. */
  public static ByteBuffer bytes(Tensor tensor) {
    if (tensor.datatype() != Datatype.BYTES || tensor.size() != 1) {
      throw wrongElements(tensor, "BYTES with one");
    }
    return tensor.bytes(0);
  }

  /** Returns the text of a tensor with one byte string. */
  public static String text(Tensor tensor) {
    return StandardCharsets.UTF_8.decode(bytes(tensor)).toString();
  }

  /** Returns the JSON value in a tensor with one byte string; an empty text if it is not JSON. */
  public static Object json(Tensor tensor) {
    return JsonCodec.readValue(text(tensor)).orElse("");
  }

  /** Returns the value of a tensor with one count, from 0 to 2,147,483,647. */
  public static int count(Tensor tensor) {
    if (tensor.size() != 1) {
      throw notACount(tensor);
    }
    return sum(tensor);
  }

  /** Returns the sum of a tensor of counts, with one for each input or one in total. */
  public static int sum(Tensor tensor) {
    if (!tensor.datatype().isInteger() || tensor.size() == 0) {
      throw notACount(tensor);
    }
    long sum = 0;
    for (long count : tensor.longs()) {
      sum += count;
      if (count < 0 || count > Integer.MAX_VALUE || sum > Integer.MAX_VALUE) {
        throw notACount(tensor);
      }
    }
    return (int) sum;
  }

  private static DialectException notACount(Tensor tensor) {
    return wrongElements(tensor, "a count of tokens");
  }

  /** Returns the value of a tensor with one finite number. */
  public static double seconds(Tensor tensor) {
    boolean number = tensor.datatype().isFloatingPoint() && tensor.size() == 1;
    double seconds = number ? tensor.doubles()[0] : Double.NaN;
    if (!Double.isFinite(seconds)) {
      throw wrongElements(tensor, "a number of seconds");
    }
    return seconds;
  }

  /** Returns finite floating-point numbers. */
  public static double[] numbers(Tensor tensor) {
    double[] numbers =
        switch (tensor.datatype()) {
          case FP64 -> tensor.doubles();
          case FP32, FP16, BF16 -> shortest(tensor.floats());
          default -> throw wrongType(tensor, "FP32");
        };
    for (double number : numbers) {
      finite(tensor, number);
    }
    return numbers;
  }

  /** Returns the numbers with the shortest digits of floats: 0.2 instead of 0.20000000298. */
  private static double[] shortest(float[] numbers) {
    double[] doubles = new double[numbers.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = Double.parseDouble(Float.toString(numbers[i]));
    }
    return doubles;
  }

  /** Returns a number of a tensor, which must be finite. */
  public static double finite(Tensor tensor, double number) {
    if (!Double.isFinite(number)) {
      throw wrong(tensor, "contains %s; expected finite numbers".formatted(number));
    }
    return number;
  }

  /** Returns the FP32 tensor of one vector that is given as a JSON list of numbers. */
  public static Tensor jsonVector(Tensor tensor) {
    List<?> list = json(tensor) instanceof List<?> found ? found : List.of("");
    float[] numbers = new float[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(list.get(i) instanceof Number number)) {
        throw wrong(tensor, "does not contain a JSON list of numbers");
      }
      numbers[i] = number.floatValue();
    }
    return Tensor.of(tensor.name(), new long[] {1, numbers.length}, numbers);
  }

  /** Returns audio: the bytes of one element, or 16-bit samples. */
  public static ByteBuffer audio(Tensor tensor) {
    return switch (tensor.datatype()) {
      case BYTES -> tensor.size() == 0 ? ByteBuffer.allocate(0) : bytes(tensor);
      case INT16 -> tensor.rawContents();
      case FP32, FP16, BF16, FP64 -> samples(tensor);
      default -> throw wrongType(tensor, "BYTES, INT16 or FP32");
    };
  }

  /** Converts numbers from -1 to 1 to 16-bit samples. Larger numbers are clipped. */
  private static ByteBuffer samples(Tensor tensor) {
    double[] numbers = tensor.doubles();
    ByteBuffer samples =
        ByteBuffer.allocate(Math.multiplyExact(numbers.length, Short.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (double number : numbers) {
      if (Double.isNaN(number)) {
        throw wrong(tensor, "contains NaN; expected samples");
      }
      double clipped = Math.max(-1, Math.min(1, number));
      samples.putShort((short) Math.round(clipped * Short.MAX_VALUE));
    }
    return samples.flip().asReadOnlyBuffer();
  }

  /** Returns an error that names the tensor's type and size. */
  public static DialectException wrongElements(Tensor tensor, String expected) {
    return wrong(
        tensor,
        "is %s with %d elements; expected %s"
            .formatted(tensor.datatype(), tensor.size(), expected));
  }

  /** Returns an error that names the tensor's type. */
  public static DialectException wrongType(Tensor tensor, String expected) {
    return wrong(tensor, "is %s; expected %s".formatted(tensor.datatype(), expected));
  }

  /**
   * Returns an error about a tensor.
   *
   * @param problem the predicate of a sentence about the tensor, without a full stop
   */
  public static DialectException wrong(Tensor tensor, String problem) {
    return new DialectException("Output tensor '%s' %s.".formatted(tensor.name(), problem));
  }
}
