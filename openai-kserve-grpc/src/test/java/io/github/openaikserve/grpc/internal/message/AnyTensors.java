package io.github.openaikserve.grpc.internal.message;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Tensors of every datatype and of shapes of every kind, held typed or raw. */
public final class AnyTensors {
  private static final int MOST_ELEMENTS = 3 * 3 * 3 * 3;

  private AnyTensors() {}

  /** Up to four of them. */
  public static Arbitrary<List<Tensor>> lists() {
    return tensor().list().ofMaxSize(4);
  }

  /** Also of rank 0, and with dimensions of 0. */
  public static Arbitrary<long[]> shapes() {
    return Arbitraries.longs().between(0, 3).array(long[].class).ofMaxSize(4);
  }

  private static Arbitrary<Tensor> tensor() {
    Arbitrary<Tensor> numbers =
        Combinators.combine(
                Arbitraries.of(Datatype.class).filter(datatype -> datatype != Datatype.BYTES),
                shapes(),
                Arbitraries.randomValue(Random::nextLong))
            .as(AnyTensors::numbers);
    Arbitrary<Tensor> texts =
        Combinators.combine(
                shapes(),
                Arbitraries.strings().ofMaxLength(20).list().ofSize(MOST_ELEMENTS),
                Arbitraries.of(true, false))
            .as(AnyTensors::texts);
    return Combinators.combine(Arbitraries.oneOf(numbers, texts), parameters())
        .as(Tensor::withParameters);
  }

  private static Arbitrary<Map<String, InferParameter>> parameters() {
    Arbitrary<InferParameter> value =
        Arbitraries.oneOf(
            Arbitraries.of(true, false).map(InferParameter::of),
            Arbitraries.longs().map(InferParameter::of),
            Arbitraries.strings().ofMaxLength(20).map(InferParameter::of),
            Arbitraries.doubles().map(InferParameter.Fp64::new),
            Arbitraries.longs().map(InferParameter.Uint64::new));
    return Arbitraries.maps(Arbitraries.strings().alpha().ofLength(3), value).ofMaxSize(2);
  }

  private static Tensor texts(long[] shape, List<String> values, boolean raw) {
    List<ByteBuffer> bytes =
        values.stream()
            .limit(count(shape))
            .map(text -> ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
            .toList();
    Tensor typed = Tensor.of("t", shape, bytes);
    return raw ? Tensor.raw("t", Datatype.BYTES, shape, typed.rawContents()) : typed;
  }

  /** Tensors with random elements; raw if the datatype has no typed contents. */
  private static Tensor numbers(Datatype datatype, long[] shape, long seed) {
    byte[] bytes = new byte[count(shape) * datatype.size()];
    new Random(seed).nextBytes(bytes);
    if (datatype == Datatype.BOOL) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] &= 1;
      }
    }
    Tensor raw = Tensor.raw("t", datatype, shape, ByteBuffer.wrap(bytes));
    if (seed % 2 == 0) {
      return raw;
    }
    return switch (datatype) {
      case BOOL -> Tensor.of("t", shape, raw.booleans());
      case INT8, INT16, INT32, UINT8, UINT16, UINT32 -> Tensor.of("t", datatype, shape, raw.ints());
      case INT64, UINT64 -> Tensor.of("t", datatype, shape, raw.longs());
      case FP32 -> Tensor.of("t", shape, raw.floats());
      case FP64 -> Tensor.of("t", shape, raw.doubles());
      default -> raw;
    };
  }

  private static int count(long[] shape) {
    int count = 1;
    for (long dimension : shape) {
      count *= (int) dimension;
    }
    return count;
  }
}
