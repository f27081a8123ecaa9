package io.github.openaikserve.dialect;

import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.tensor.TensorReader;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of one call's inputs, in order. Immutable.
 *
 * @param vectors each vector as little-endian FP32 with finite numbers, read-only; all have the
 *     same length
 * @param promptTokens the total number of tokens of the inputs; null if not reported
 */
public record EmbeddingVectors(List<ByteBuffer> vectors, @Nullable Integer promptTokens)
    implements BatchOutput {
  private static final int EXPONENT = 0x7f800000;

  /** Copies the list. */
  public EmbeddingVectors {
    vectors = List.copyOf(vectors);
  }

  /**
   * Returns the vectors in a tensor of shape {@code [inputs, d]} or {@code [inputs * d]}, which is
   * {@code [d]} for one input. Raw FP32 is not copied; FP16 and BF16 are widened; FP64 is rounded.
   *
   * @throws DialectException naming the tensor, if it has another shape or type, or contains a
   *     number that is not finite
   */
  public static EmbeddingVectors of(Tensor tensor, int inputs, @Nullable Integer promptTokens) {
    int dimensions = dimensions(tensor, inputs);
    ByteBuffer numbers = numbers(tensor);
    List<ByteBuffer> vectors = new ArrayList<>(inputs);
    for (int i = 0; i < inputs; i++) {
      int length = dimensions * Float.BYTES;
      ByteBuffer vector = numbers.slice(i * length, length).order(ByteOrder.LITTLE_ENDIAN);
      checkFinite(tensor, i, vector);
      vectors.add(vector);
    }
    return new EmbeddingVectors(vectors, promptTokens);
  }

  private static int dimensions(Tensor tensor, int inputs) {
    long[] shape = tensor.shape();
    boolean rows = shape.length == 2 && shape[0] == inputs;
    boolean flat = shape.length == 1 && shape[0] % inputs == 0;
    if (tensor.size() == 0 || !(rows || flat)) {
      throw TensorReader.wrong(
          tensor,
          "has shape %s; expected [%d, d] for %d inputs, with d at least 1"
              .formatted(Arrays.toString(shape), inputs, inputs));
    }
    return tensor.size() / inputs;
  }

  private static ByteBuffer numbers(Tensor tensor) {
    return switch (tensor.datatype()) {
      case FP32 -> tensor.rawContents();
      case FP16, BF16, FP64 -> rounded(tensor.doubles());
      default -> throw TensorReader.wrongType(tensor, "FP32");
    };
  }

  private static ByteBuffer rounded(double[] numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(numbers.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (double number : numbers) {
      bytes.putFloat((float) number);
    }
    return bytes.flip().asReadOnlyBuffer();
  }

  private static void checkFinite(Tensor tensor, int index, ByteBuffer vector) {
    for (int at = 0; at < vector.limit(); at += Float.BYTES) {
      if ((vector.getInt(at) & EXPONENT) == EXPONENT) {
        throw TensorReader.wrong(
            tensor,
            "contains %s as number %d of vector %d; expected finite numbers"
                .formatted(vector.getFloat(at), at / Float.BYTES, index));
      }
    }
  }
}
