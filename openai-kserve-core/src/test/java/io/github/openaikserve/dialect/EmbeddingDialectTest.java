package io.github.openaikserve.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.EmbeddingInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class EmbeddingDialectTest {
  private static final EmbeddingInput TWO_TEXTS = new EmbeddingInput.Texts(List.of("a", "b"));
  private static final EmbeddingInput TOKENS = new EmbeddingInput.Tokens(List.of(List.of(7, 8, 9)));

  @Test
  void textsAreOneTensor() {
    InferCall call = Dialects.EMBEDDINGS.encode(batch(TWO_TEXTS, null));

    assertThat(call.rpc()).isEqualTo(Rpc.MODEL_INFER);
    assertThat(call.request().modelName()).isEqualTo("route");
    assertThat(call.request().modelVersion()).isEmpty();
    assertThat(call.request().inputs()).containsExactly(Tensor.text("text_input", "a", "b"));
  }

  @Test
  void anyServeIsAddressedByCapability() {
    InferCall call =
        Dialects.ANYSERVE
            .serving(RequestKind.EMBEDDING)
            .orElseThrow()
            .encode(batch(new EmbeddingInput.Texts(List.of("é")), null));

    assertThat(call.request().modelName()).isEqualTo("embed");
    assertThat(call.request().modelVersion()).isEmpty();
    assertThat(call.request().inputs()).containsExactly(Tensor.text("text", "é"));
    assertThat(
            Dialects.ANYSERVE
                .serving(RequestKind.EMBEDDING)
                .orElseThrow()
                .maxBatch(RequestField.INPUT))
        .isEqualTo(1);
  }

  @Test
  void theRoutesVersionOverridesTheDialects() {
    Dialect dialect = table().modelVersion("2").build();

    assertThat(dialect.encode(batch(TWO_TEXTS, null)).request().modelVersion()).isEqualTo("2");
    assertThat(
            dialect.encode(batch(TWO_TEXTS, null).withModel("route", "3")).request().modelVersion())
        .isEqualTo("3");
  }

  @Test
  void everythingThatATensorCarriesIsSent() {
    Dialect dialect =
        table()
            .input("ids", Datatype.INT64, RequestField.INPUT_TOKENS)
            .input("size", Datatype.INT32, RequestField.DIMENSIONS)
            .build();

    assertThat(dialect.encode(batch(TWO_TEXTS, 5)).request().inputs())
        .containsExactly(Tensor.text("text", "a", "b"), Tensor.ints("size", 5));
    assertThat(dialect.encode(batch(TOKENS, null)).request().inputs())
        .containsExactly(Tensor.of("ids", Datatype.INT64, new long[] {3}, new long[] {7, 8, 9}));
    assertThat(dialect.maxBatch(RequestField.INPUT)).isEqualTo(32);
    assertThat(dialect.maxBatch(RequestField.INPUT_TOKENS)).isEqualTo(1);
  }

  @Test
  void aBatchDimensionIsInFrontOfEveryTensor() {
    Dialect dialect =
        table()
            .input("ids", Datatype.INT32, RequestField.INPUT_TOKENS)
            .input("size", Datatype.INT32, RequestField.DIMENSIONS)
            .batchDimension()
            .build();

    List<Tensor> texts = dialect.encode(batch(TWO_TEXTS, 5)).request().inputs();
    assertThat(texts.get(0).shape()).containsExactly(2, 1);
    assertThat(texts.get(1).shape()).containsExactly(2, 1);
    assertThat(texts.get(1).ints()).containsExactly(5, 5);
    assertThat(dialect.encode(batch(TOKENS, null)).request().inputs().get(0).shape())
        .containsExactly(1, 3);
  }

  static Stream<Arguments> shapes() {
    return Stream.of(
        Arguments.of(2, new long[] {2, 3}),
        Arguments.of(2, new long[] {6}),
        Arguments.of(1, new long[] {6}),
        Arguments.of(1, new long[] {1, 6}),
        Arguments.of(6, new long[] {6, 1}));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void vectorsComeInRowsOrOneAfterTheOther(int inputs, long[] shape) {
    var answer = Tensor.of("embedding", shape, new float[] {1, 2, 3, 4, 5, 6});

    List<float[]> vectors = vectors(decode(answer, inputs));

    assertThat(vectors).hasSize(inputs);
    assertThat(vectors.get(0)[0]).isEqualTo(1);
    assertThat(vectors.get(inputs - 1)).hasSize(6 / inputs).endsWith(6);
  }

  static Stream<Arguments> wrongShapes() {
    return Stream.of(
        Arguments.of(2, new long[] {3, 2}),
        Arguments.of(2, new long[] {1, 6}),
        Arguments.of(1, new long[] {6, 1}),
        Arguments.of(4, new long[] {6}),
        Arguments.of(2, new long[] {2, 3, 1}),
        Arguments.of(1, new long[] {1, 1, 6}));
  }

  @ParameterizedTest
  @MethodSource("wrongShapes")
  void anUnexpectedShapeIsReportedWithTheExpectedOne(int inputs, long[] shape) {
    var answer = Tensor.of("embedding", shape, new float[6]);

    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> decode(answer, inputs))
        .withMessageContaining("'embedding'")
        .withMessageContaining(Arrays.toString(shape))
        .withMessageContaining("[%d, d]".formatted(inputs));
  }

  @Test
  void emptyVectorsAreNone() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> decode(Tensor.of("embedding", new long[] {2, 0}, new float[0]), 2))
        .withMessageContaining("[2, 0]");
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> decode(Tensor.floats("embedding"), 1))
        .withMessageContaining("[0]");
  }

  @Test
  void rawNumbersAreNotCopied() {
    ByteBuffer raw = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    raw.putFloat(1).putFloat(2).putFloat(3).putFloat(4).flip();
    var answer = Tensor.raw("embedding", Datatype.FP32, new long[] {2, 2}, raw);

    EmbeddingVectors decoded = decode(answer, 2);
    raw.putFloat(8, 9); // against the contract, to see that the bytes are the same

    assertThat(vectors(decoded).get(1)).containsExactly(9, 4);
    assertThat(decoded.vectors().get(0).isReadOnly()).isTrue();
  }

  @Test
  void numbersOfOtherPrecisionsAreConverted() {
    assertThat(
            vectors(decode(Tensor.of("embedding", new long[] {2}, new double[] {0.1, -2}), 1))
                .get(0))
        .containsExactly(0.1f, -2);
    ByteBuffer halves = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    halves.putShort((short) 0x3c00).putShort((short) 0xc000).flip();
    assertThat(
            vectors(decode(Tensor.raw("embedding", Datatype.FP16, new long[] {2}, halves), 1))
                .get(0))
        .containsExactly(1, -2);
  }

  @Test
  void tensorsOfOtherTypesAreNotVectors() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> decode(Tensor.ints("embedding", 1, 2), 1))
        .withMessage("Output tensor 'embedding' is INT32; expected FP32.");
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity"})
  void numbersThatAreNotFiniteAreRefused(float number) {
    var answer = Tensor.of("embedding", new long[] {2, 2}, new float[] {0, 1, 2, number});

    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> decode(answer, 2))
        .withMessage(
            "Output tensor 'embedding' contains %s as number 1 of vector 1; expected finite"
                + " numbers.",
            number)
        .satisfies(e -> assertThat(e.status()).isEqualTo(502));
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> decode(Tensor.of("embedding", new long[] {1}, new double[] {1e300}), 1))
        .withMessageContaining("Infinity");
  }

  @Test
  void aResponseWithoutTheTensorNamesTheTensorsItHas() {
    Dialect dialect = table().build();

    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> decode(dialect, InferResponse.of(Tensor.floats("vectors", 1)), 1))
        .withMessageContaining("[vectors]")
        .withMessageContaining("[embedding]");
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> decode(dialect, InferResponse.of(), 1))
        .withMessageContaining("without any output tensor");
  }

  @Test
  void theServersCountsAreAddedUp() {
    Dialect dialect = table().output("tokens", ResponseField.PROMPT_TOKENS).build();
    Tensor vectors = Tensor.floats("embedding", 1, 2);

    assertThat(
            decode(dialect, InferResponse.of(vectors, Tensor.ints("tokens", 3, 4)), 2)
                .promptTokens())
        .isEqualTo(7);
    assertThat(decode(dialect, InferResponse.of(vectors), 2).promptTokens()).isNull();
    for (Tensor wrong :
        List.of(
            Tensor.ints("tokens", -1),
            Tensor.ints("tokens"),
            Tensor.ints("tokens", Integer.MAX_VALUE, 1),
            Tensor.text("tokens", "3"))) {
      assertThatExceptionOfType(DialectException.class)
          .isThrownBy(() -> decode(dialect, InferResponse.of(vectors, wrong), 2))
          .withMessageContaining("'tokens'");
    }
  }

  @Test
  void anInvalidTableNamesItsWrongRow() {
    assertThatIllegalStateException()
        .isThrownBy(table().input("x", Datatype.FP32, RequestField.TEMPERATURE)::build)
        .withMessageContaining("TEMPERATURE");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table().input("x", Datatype.INT32, RequestField.INPUT));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table().input("x", Datatype.BYTES, RequestField.INPUT_TOKENS));
    assertThatIllegalStateException()
        .isThrownBy(table().output("x", ResponseField.TEXT)::build)
        .withMessageContaining("prompt");
    assertThatIllegalArgumentException().isThrownBy(() -> table().maxBatch(0));
    assertThatIllegalArgumentException().isThrownBy(() -> table().maxBatch(2049));
    assertThatIllegalArgumentException().isThrownBy(() -> table().maxConcurrency(0));
    assertThatIllegalArgumentException().isThrownBy(() -> table().dimensions(0));
    assertThatIllegalStateException()
        .isThrownBy(Dialect.builder("x").output("e", ResponseField.EMBEDDING)::build)
        .withMessageContaining("input");
    assertThatIllegalStateException()
        .isThrownBy(Dialect.builder("x").input("t", Datatype.BYTES, RequestField.INPUT)::build)
        .withMessageContaining("output");
  }

  private static DialectBuilder table() {
    return Dialect.builder("test")
        .input("text", Datatype.BYTES, RequestField.INPUT)
        .output("embedding", ResponseField.EMBEDDING);
  }

  private static InputBatch batch(EmbeddingInput input, @Nullable Integer dimensions) {
    Map<RequestField, Object> values = new EnumMap<>(RequestField.class);
    if (input instanceof EmbeddingInput.Texts texts) {
      values.put(RequestField.INPUT, texts.texts());
    } else if (input instanceof EmbeddingInput.Tokens tokens) {
      values.put(
          RequestField.INPUT_TOKENS,
          tokens.tokens().get(0).stream().mapToInt(Integer::intValue).toArray());
    }
    if (dimensions != null) {
      values.put(RequestField.DIMENSIONS, dimensions);
    }
    return new InputBatch("route", null, RequestKind.EMBEDDING, input.size(), values);
  }

  private static EmbeddingVectors decode(Tensor answer, int inputs) {
    return decode(table().build(), InferResponse.of(answer), inputs);
  }

  private static EmbeddingVectors decode(Dialect dialect, InferResponse response, int inputs) {
    var batch = new InputBatch("route", null, RequestKind.EMBEDDING, inputs, Map.of());
    return (EmbeddingVectors) dialect.decode(response, batch);
  }

  private static List<float[]> vectors(EmbeddingVectors decoded) {
    return decoded.vectors().stream()
        .map(
            bytes -> {
              float[] vector = new float[bytes.remaining() / Float.BYTES];
              bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
              return vector;
            })
        .toList();
  }
}
