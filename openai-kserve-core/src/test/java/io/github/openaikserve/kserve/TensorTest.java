package io.github.openaikserve.kserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTest {
  private static final long[] ONE = {1};
  private static final long[] TWO = {2};

  @Test
  void theTensorOfATokenAllocatesLittleMoreThanItsParts() {
    List<ByteBuffer> token = List.of(ByteBuffer.wrap(new byte[] {'h', 'i'}));
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    int count = 10_000;
    var tensors = new Tensor[2 * count];
    long before = 0;

    for (int i = 0; i < tensors.length; i++) {
      if (i == count) { // classes are loaded now
        before = threads.getThreadAllocatedBytes(self);
      }
      tensors[i] = Tensor.of("token", ONE, token);
    }

    assertThat((threads.getThreadAllocatedBytes(self) - before) / count).isLessThan(256);
  }

  @Test
  void shortFactoriesMakeVectors() {
    assertThat(Tensor.text("t", "a", "b")).hasToString("t: BYTES [2]");
    assertThat(Tensor.ints("t", 1, 2, 3)).hasToString("t: INT32 [3]");
    assertThat(Tensor.floats("t", 1)).hasToString("t: FP32 [1]");
    assertThat(Tensor.booleans("t")).hasToString("t: BOOL [0]");
  }

  @Test
  void theContentsAreNeverInTheDescription() {
    assertThat(Tensor.text("t", "secret").toString()).doesNotContain("secret");
  }

  @Test
  void aTensorOfRankZeroHoldsOneElement() {
    var scalar = Tensor.of("t", Datatype.INT32, new long[0], new int[] {7});

    assertThat(scalar.size()).isEqualTo(1);
    assertThat(scalar.shape()).isEmpty();
  }

  @Test
  void aDimensionOfZeroHoldsNothing() {
    assertThat(Tensor.of("t", new long[] {0, 5}, new float[0]).size()).isZero();
  }

  @Test
  void theRawFormIsLittleEndian() {
    assertThat(raw(Tensor.ints("t", 0x01020304, -1)))
        .containsExactly(4, 3, 2, 1, 0xff, 0xff, 0xff, 0xff);
    assertThat(raw(Tensor.of("t", Datatype.UINT16, ONE, new int[] {0xabcd})))
        .containsExactly(0xcd, 0xab);
    assertThat(raw(Tensor.of("t", Datatype.INT64, ONE, new long[] {1})))
        .containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
    assertThat(raw(Tensor.floats("t", 1))).containsExactly(0, 0, 0x80, 0x3f);
    assertThat(raw(Tensor.booleans("t", true, false))).containsExactly(1, 0);
    assertThat(raw(Tensor.text("t", "hi", ""))).containsExactly(2, 0, 0, 0, 'h', 'i', 0, 0, 0, 0);
  }

  @Test
  void rawContentsAreReadOnlyAndLittleEndian() {
    for (Tensor tensor :
        List.of(
            Tensor.ints("t", 1),
            Tensor.text("t", "a"),
            Tensor.raw("t", Datatype.INT8, ONE, ByteBuffer.allocate(1)))) {
      assertThat(tensor.rawContents().isReadOnly()).isTrue();
      assertThat(tensor.rawContents().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }
  }

  @Test
  void rawBytesAreSharedAndNotCopied() {
    byte[] bytes = {1, 2};
    var tensor = Tensor.raw("t", Datatype.UINT8, TWO, ByteBuffer.wrap(bytes));

    bytes[1] = 9;

    assertThat(tensor.ints()).containsExactly(1, 9);
  }

  @Test
  void onlyTheRemainingBytesCountInAnyByteOrder() {
    var buffer = ByteBuffer.wrap(new byte[] {9, 9, 1, 0, 9}).order(ByteOrder.BIG_ENDIAN);
    buffer.position(2).limit(4);

    var tensor = Tensor.raw("t", Datatype.INT16, ONE, buffer);
    buffer.clear();

    assertThat(tensor.ints()).containsExactly(1);
    assertThat(buffer.position()).isZero();
  }

  @Test
  void byteStringsAreReadOnlyViews() {
    byte[] bytes = {9, 'h', 'i', 9};
    var typed = Tensor.of("t", ONE, List.of(ByteBuffer.wrap(bytes, 1, 2)));
    byte[] prefixed = {2, 0, 0, 0, 'h', 'i'};
    var raw = Tensor.raw("t", Datatype.BYTES, ONE, ByteBuffer.wrap(prefixed));

    bytes[2] = 'o';
    prefixed[5] = 'o';

    for (Tensor tensor : List.of(typed, raw)) {
      assertThat(tensor.texts()).containsExactly("ho");
      assertThat(tensor.bytes(0).isReadOnly()).isTrue();
      assertThatThrownBy(() -> tensor.bytes(0).put((byte) 0))
          .isInstanceOf(ReadOnlyBufferException.class);
    }
  }

  @Test
  void everyViewStartsAfresh() {
    var tensor = Tensor.text("t", "hi");

    tensor.bytes(0).get();
    tensor.rawContents().get();

    assertThat(tensor.bytes(0).remaining()).isEqualTo(2);
    assertThat(tensor.rawContents().remaining()).isEqualTo(6);
  }

  @Test
  void arraysAreCopiedOnTheirWayInAndOut() {
    int[] values = {1, 2};
    long[] shape = {2};
    var tensor = Tensor.of("t", Datatype.INT32, shape, values);

    values[0] = 9;
    shape[0] = 9;
    tensor.ints()[0] = 9;
    tensor.shape()[0] = 9;

    assertThat(tensor).isEqualTo(Tensor.ints("t", 1, 2));
  }

  @Test
  void malformedUtf8IsReplacedInTexts() {
    var tensor = Tensor.of("t", ONE, List.of(ByteBuffer.wrap(new byte[] {'a', (byte) 0xff})));

    assertThat(tensor.texts()).containsExactly("a\ufffd");
    assertThat(tensor.bytes(0).remaining()).isEqualTo(2);
  }

  @Test
  void tensorsDifferByNameDatatypeShapeOrElements() {
    var tensor = Tensor.ints("t", 1, 2);

    assertThat(tensor)
        .isEqualTo(Tensor.ints("t", 1, 2))
        .isNotEqualTo(Tensor.ints("u", 1, 2))
        .isNotEqualTo(Tensor.ints("t", 1, 3))
        .isNotEqualTo(Tensor.of("t", Datatype.UINT32, TWO, new int[] {1, 2}))
        .isNotEqualTo(Tensor.of("t", Datatype.INT32, new long[] {1, 2}, new int[] {1, 2}))
        .isNotEqualTo("t");
  }

  @Test
  void everyRawByteButZeroIsTrue() {
    var raw = Tensor.raw("t", Datatype.BOOL, TWO, ByteBuffer.wrap(new byte[] {0, 7}));
    var typed = Tensor.booleans("t", false, true);

    assertThat(raw.booleans()).containsExactly(false, true);
    assertThat(raw).isEqualTo(typed).hasSameHashCodeAs(typed);
  }

  @Test
  void aShapeThatDoesNotFitIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of("t", new long[] {2, 3}, new float[5]))
        .withMessage("tensor 't': shape [2, 3] requires 6 elements, but 5 were given");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of("t", new long[] {-1}, new float[1]))
        .withMessage("tensor 't': shape [-1] has a negative dimension");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of("t", new long[] {1L << 32, 1L << 32}, new float[0]))
        .withMessage("tensor 't': shape [4294967296, 4294967296] has too many elements for a long");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.raw("t", Datatype.INT32, new long[] {3}, ByteBuffer.allocate(8)));
  }

  @ParameterizedTest
  @CsvSource({
    "INT8, -129",
    "INT8, 128",
    "INT16, 32768",
    "UINT8, -1",
    "UINT8, 256",
    "UINT16, 65536"
  })
  void aValueBeyondItsDatatypeIsRefused(Datatype datatype, int value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of("t", datatype, ONE, new int[] {value}))
        .withMessage("tensor 't': %d is out of range for %s".formatted(value, datatype));
  }

  @Test
  void anArrayOfAnotherTypeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of("t", Datatype.INT64, ONE, new int[1]))
        .withMessage("tensor 't': INT64 elements cannot be given as int[]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of("t", Datatype.INT32, ONE, new long[1]))
        .withMessage("tensor 't': INT32 elements cannot be given as long[]");
  }

  @ParameterizedTest
  @EnumSource(Datatype.class)
  void elementsAreReadOnlyInTheirDeclaredType(Datatype datatype) {
    int size = datatype == Datatype.BYTES ? Integer.BYTES : datatype.size();
    var tensor = Tensor.raw("t", datatype, ONE, ByteBuffer.allocate(size));
    boolean integer = datatype.name().contains("INT");
    boolean single = List.of("FP16", "FP32", "BF16").contains(datatype.name());

    assertReadable(integer && datatype.size() <= 4, tensor::ints);
    assertReadable(integer, tensor::longs);
    assertReadable(single, tensor::floats);
    assertReadable(single || datatype == Datatype.FP64, tensor::doubles);
    assertReadable(datatype == Datatype.BOOL, tensor::booleans);
    assertReadable(datatype == Datatype.BYTES, () -> tensor.bytes(0));
    assertReadable(datatype == Datatype.BYTES, tensor::texts);
  }

  @Test
  void anElementBeyondTheLastIsOutOfBounds() {
    assertThatThrownBy(() -> Tensor.text("t", "a").bytes(1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Datatype.class,
      names = {"INT16", "UINT32", "INT64", "FP16", "BF16", "FP32", "FP64"})
  void aPartOfAnElementIsRefused(Datatype datatype) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.raw("t", datatype, ONE, ByteBuffer.allocate(datatype.size() + 1)))
        .withMessageContaining("not a whole number of " + datatype + " elements");
  }

  @Test
  void aCutLengthPrefixIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rawBytes(1, 0, 0, 0, 'a', 1, 0))
        .withMessage(
            "tensor 't': expected a length prefix of 4 bytes, but only 2 raw bytes are left");
  }

  @Test
  void aLengthPrefixThatClaimsTooMuchIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rawBytes(5, 0, 0, 0, 'a'))
        .withMessage("tensor 't': element 0 declares 5 bytes, but only 1 are left");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rawBytes(0xff, 0xff, 0xff, 0xff))
        .withMessage("tensor 't': element 0 declares 4294967295 bytes, but only 0 are left");
  }

  @Test
  void aShapeOfVeryManyDimensionsIsShownByItsFirst() {
    long[] shape = new long[100_000];
    Arrays.fill(shape, 2);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of("t", shape, new float[1]))
        .withMessage(
            "tensor 't': shape [2, 2, 2, 2, 2, 2, 2, 2, and 99992 more] has too many elements for a"
                + " long");
  }

  private static Tensor rawBytes(int... bytes) {
    var raw = ByteBuffer.allocate(bytes.length);
    Arrays.stream(bytes).forEach(b -> raw.put((byte) b));
    return Tensor.raw("t", Datatype.BYTES, ONE, raw.flip());
  }

  private static int[] raw(Tensor tensor) {
    ByteBuffer raw = tensor.rawContents();
    int[] bytes = new int[raw.remaining()];
    Arrays.setAll(bytes, i -> Byte.toUnsignedInt(raw.get(i)));
    return bytes;
  }

  private static void assertReadable(boolean readable, Runnable accessor) {
    if (readable) {
      accessor.run();
    } else {
      assertThatIllegalStateException()
          .isThrownBy(accessor::run)
          .withMessageStartingWith("tensor 't' has the datatype ");
    }
  }
}
