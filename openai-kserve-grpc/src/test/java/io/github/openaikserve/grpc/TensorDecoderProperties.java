package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.internal.message.AnyTensors;
import io.github.openaikserve.grpc.internal.message.Wire;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelInferResponse.InferOutputTensor;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * Properties of every decoder of responses: it reads well-formed messages, rejects others with the
 * name of the tensor, and never allocates memory that a message only declares.
 *
 * <p>The test of a decoder extends this class.
 */
abstract class TensorDecoderProperties {
  /** The memory of a failure: the exception, its message and its stack trace. */
  private static final long OF_A_FAILURE = 48 << 10;

  /** Large enough to compare the allocation with the size of the message. */
  private static final int LARGE = 1 << 20;

  /** Decodes the bytes of a {@code ModelInferResponse}. */
  abstract InferResponse decode(byte[] message) throws InvalidProtocolBufferException;

  @Property(tries = 200)
  void typedAndRawTensorsAreReadBack(@ForAll("tensors") List<Tensor> tensors) throws Exception {
    List<Tensor> read = decode(Wire.response(tensors).toByteArray()).outputs();

    assertThat(read).isEqualTo(tensors);
    for (int i = 0; i < read.size(); i++) {
      assertThat(read.get(i).shape()).isEqualTo(tensors.get(i).shape());
      assertThat(read.get(i).size()).isEqualTo(tensors.get(i).size());
    }
  }

  @Property(tries = 100)
  void aTruncatedMessageIsReadInPartOrRejected(
      @ForAll("tensors") List<Tensor> tensors, @ForAll @IntRange(max = 1 << 16) int cut) {
    byte[] whole = Wire.response(tensors).toByteArray();
    byte[] part = Arrays.copyOf(whole, whole.length == 0 ? 0 : cut % whole.length);

    readOrRefused(part);
  }

  @Property(tries = 100)
  void aMessageWithAChangedByteIsReadOrRejected(
      @ForAll("tensors") List<Tensor> tensors, @ForAll int at, @ForAll byte value) {
    byte[] message = Wire.response(tensors).toByteArray();
    if (message.length > 0) {
      message[Math.floorMod(at, message.length)] = value;
    }

    readOrRefused(message);
  }

  @Property(tries = 100)
  void rawContentsOfTheWrongLengthAreRejectedWithTheTensorsName(
      @ForAll("fixedSizes") Datatype datatype,
      @ForAll("shapes") long[] shape,
      @ForAll @IntRange(min = -9, max = 9) int more) {
    int right = count(shape) * datatype.size();
    int length = Math.max(0, right + more);

    ModelInferResponse message = raw(datatype.name(), shape, new byte[length]);

    if (length == right) {
      assertThat(decoded(message).size()).isEqualTo(count(shape));
    } else {
      refused(message.toByteArray(), OF_A_FAILURE);
    }
  }

  @Property(tries = 100)
  void rawByteStringsThatAreTruncatedOrTooLongAreRejectedWithTheTensorsName(
      @ForAll List<byte[]> values, @ForAll @IntRange(min = -5, max = 5) int more) {
    ByteBuffer packed = Tensor.of("t", new long[] {values.size()}, buffers(values)).rawContents();
    byte[] whole = new byte[packed.remaining()];
    packed.get(whole);
    byte[] raw = Arrays.copyOf(whole, Math.max(0, whole.length + more));

    ModelInferResponse message = raw("BYTES", new long[] {values.size()}, raw);

    if (raw.length == whole.length) {
      assertThat(decoded(message).size()).isEqualTo(values.size());
    } else {
      refused(message.toByteArray(), OF_A_FAILURE);
    }
  }

  @Property(tries = 100)
  void anExcessiveLengthPrefixIsRejectedWithoutAllocatingIt(
      @ForAll @IntRange(min = 8) int claim, @ForAll boolean unsigned) {
    ByteBuffer raw = ByteBuffer.allocate(11).order(ByteOrder.LITTLE_ENDIAN);
    raw.putInt(0, unsigned ? claim | Integer.MIN_VALUE : claim);

    refused(raw("BYTES", new long[] {1}, raw.array()).toByteArray(), OF_A_FAILURE);
  }

  @Property(tries = 100)
  void anExcessiveShapeIsRejectedWithoutAllocatingIt(
      @ForAll Datatype datatype, @ForAll("hostileShapes") long[] shape, @ForAll boolean raw) {
    ModelInferResponse message =
        raw
            ? raw(datatype.name(), shape, new byte[0])
            : typed(datatype.name(), shape, InferTensorContents.getDefaultInstance());

    refused(message.toByteArray(), OF_A_FAILURE);
  }

  @Example
  void aTensorOfRankZeroHasOneElement() {
    assertThat(decoded(raw("INT32", new long[0], new byte[] {7, 0, 0, 0})).ints())
        .containsExactly(7);
    assertThat(
            decoded(
                    typed(
                        "INT64",
                        new long[0],
                        InferTensorContents.newBuilder().addInt64Contents(7).build()))
                .longs())
        .containsExactly(7);
    refused(raw("INT32", new long[0], new byte[0]).toByteArray(), OF_A_FAILURE);
  }

  @Example
  void aTensorWithADimensionOfZeroIsEmpty() {
    long[] shape = {1L << 40, 0, 3};

    assertThat(decoded(raw("FP32", shape, new byte[0])).size()).isZero();
    assertThat(decoded(raw("BYTES", shape, new byte[0])).size()).isZero();
    assertThat(decoded(typed("FP64", shape, InferTensorContents.getDefaultInstance())).size())
        .isZero();
  }

  @Example
  void aLargeTensorIsReadInPlace() {
    byte[] message = raw("FP32", new long[] {LARGE / 4}, new byte[LARGE]).toByteArray();

    long allocated = allocated(() -> decode(message));

    // Once the size of the message, for the parser's copy.
    assertThat(allocated).isBetween((long) LARGE, LARGE + OF_A_FAILURE);
  }

  @Example
  void manyEmptyStringsTakeNoMoreMemoryThanTheirMessage() {
    byte[] message = raw("BYTES", new long[] {LARGE / 4}, new byte[LARGE]).toByteArray();

    long allocated = allocated(() -> decode(message));

    assertThat(allocated).isLessThan(2L * message.length + OF_A_FAILURE);
  }

  @Example
  void aLargeMessageWithAnErrorAtItsEndTakesNoMoreMemoryThanItsSize() {
    byte[] raw = new byte[LARGE];
    raw[LARGE - 4] = 1; // the last length declares one byte too many

    refused(raw("BYTES", new long[] {LARGE / 4}, raw).toByteArray(), LARGE + OF_A_FAILURE);
    refused(raw("FP32", new long[] {LARGE}, raw).toByteArray(), LARGE + OF_A_FAILURE);
  }

  @Example
  void tooManyDimensionsAreRejectedWithAShortMessage() {
    long[] shape = LongStream.generate(() -> 2).limit(100_000).toArray();
    byte[] message = raw("FP32", shape, new byte[0]).toByteArray();

    // The parser grows a list of 8-byte numbers from 1-byte encodings.
    DialectException refusal = refused(message, 64L * message.length);

    assertThat(refusal.getMessage()).hasSizeLessThan(300);
  }

  @Example
  void aVeryLongNameIsTruncatedInTheMessage() {
    byte[] message =
        ModelInferResponse.newBuilder()
            .addOutputs(
                InferOutputTensor.newBuilder()
                    .setName("n".repeat(LARGE))
                    .setDatatype("FP32")
                    .addShape(1))
            .addRawOutputContents(ByteString.EMPTY)
            .build()
            .toByteArray();

    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> decode(message))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2_000).contains("'nnn"));
  }

  /** Decodes to tensors, or fails with one of the two expected exceptions. */
  private void readOrRefused(byte[] message) {
    try {
      decode(message).outputs().forEach(tensor -> assertThat(tensor.size()).isNotNegative());
    } catch (DialectException | InvalidProtocolBufferException e) {
      assertThat(e).hasMessageNotContaining("java.");
    }
  }

  /** Returns the rejection, which names the tensor and allocates at most {@code limit} bytes. */
  private DialectException refused(byte[] message, long mayAllocate) {
    var refusal = new DialectException[1];
    long allocated =
        allocated(
            () -> refusal[0] = catchThrowableOfType(DialectException.class, () -> decode(message)));
    assertThat(refusal[0]).isNotNull().hasMessageContaining("'out'");
    assertThat(allocated).as("bytes allocated").isLessThan(message.length + mayAllocate);
    return refusal[0];
  }

  private Tensor decoded(ModelInferResponse message) {
    try {
      return decode(message.toByteArray()).outputs().get(0);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private interface Act {
    void run() throws Exception;
  }

  /** Returns the bytes that a task allocates after a warm-up; the minimum of three runs. */
  private static long allocated(Act act) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    try {
      act.run();
      for (int i = 0; i < 3; i++) {
        long before = threads.getThreadAllocatedBytes(self);
        act.run();
        least = Math.min(least, threads.getThreadAllocatedBytes(self) - before);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return least;
  }

  private static ModelInferResponse raw(String datatype, long[] shape, byte[] contents) {
    return ModelInferResponse.newBuilder()
        .addOutputs(output(datatype, shape))
        .addRawOutputContents(ByteString.copyFrom(contents))
        .build();
  }

  private static ModelInferResponse typed(
      String datatype, long[] shape, InferTensorContents contents) {
    return ModelInferResponse.newBuilder()
        .addOutputs(output(datatype, shape).setContents(contents))
        .build();
  }

  private static InferOutputTensor.Builder output(String datatype, long[] shape) {
    return InferOutputTensor.newBuilder()
        .setName("out")
        .setDatatype(datatype)
        .addAllShape(LongStream.of(shape).boxed().toList());
  }

  private static List<ByteBuffer> buffers(List<byte[]> values) {
    return values.stream().map(ByteBuffer::wrap).toList();
  }

  private static int count(long[] shape) {
    return (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
  }

  @Provide
  Arbitrary<List<Tensor>> tensors() {
    return AnyTensors.lists();
  }

  @Provide
  Arbitrary<long[]> shapes() {
    return AnyTensors.shapes();
  }

  @Provide
  Arbitrary<Datatype> fixedSizes() {
    return Arbitraries.of(Datatype.class).filter(datatype -> datatype != Datatype.BYTES);
  }

  /** Shapes with more elements than the message has bytes, or with invalid dimensions. */
  @Provide
  Arbitrary<long[]> hostileShapes() {
    Arbitrary<Long> large =
        Arbitraries.of(
            1L << 20, 1L << 29, (1L << 31) - 1, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE);
    Arbitrary<long[]> many =
        Combinators.combine(large, Arbitraries.of(1L, 2L, 1L << 31, 1L << 32, Long.MAX_VALUE))
            .as((first, second) -> new long[] {first, second});
    Arbitrary<long[]> negative =
        Arbitraries.longs().lessOrEqual(-1).map(dimension -> new long[] {1, dimension});
    return Arbitraries.oneOf(large.map(one -> new long[] {one}), many, negative);
  }
}
