package io.github.openaikserve.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Activation;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.DialectBuilder;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import io.github.openaikserve.openai.EmbeddingInput;
import io.github.openaikserve.testing.FakeBackend;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Texts that are classified, in Java. */
final class ClassifyTest {
  private static final Tensor ROWS =
      Tensor.of("scores", new long[] {2, 2}, new float[] {0.25f, 0.75f, 0.5f, 0.5f});

  @Test
  void eachInputHasTheProbabilityOfEachClass() {
    var backend = FakeBackend.responses(InferResponse.of(ROWS, Tensor.text("labels", "no", "yes")));

    ClassifyResponse answer =
        classifying(backend, Dialects.CLASSIFICATION).classify().create(r -> r.input("a", "b"));

    assertThat(answer.data())
        .containsExactly(
            new Classification(0, List.of("no", "yes"), List.of(0.25, 0.75)),
            new Classification(1, List.of("no", "yes"), List.of(0.5, 0.5)));
    assertThat(answer.data()).extracting(Classification::label).containsExactly("yes", "no");
    assertThat(answer.id()).startsWith("classify-");
    assertThat(answer.usage()).isEqualTo(new Usage(2, true));
    assertThat(backend.onlyRequest().inputs()).containsExactly(Tensor.text("text", "a", "b"));
  }

  @Test
  void labelsMayDifferFromInputToInput() {
    var labels = Tensor.text("labels", "x", "y", "y", "x").withShape(2, 2);

    ClassifyResponse answer =
        classifying(FakeBackend.responses(InferResponse.of(ROWS, labels)), Dialects.CLASSIFICATION)
            .classify()
            .create(r -> r.input("a", "b"));

    assertThat(answer.data()).extracting(Classification::label).containsExactly("y", "y");
  }

  @Test
  void theLabelsOfAnAnswerHaveABound() {
    var labels = Tensor.text("labels", "x".repeat(9 << 20), "y".repeat(9 << 20));
    OpenAiKServe openai =
        classifying(FakeBackend.responses(InferResponse.of(ROWS, labels)), Dialects.CLASSIFICATION);

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> openai.classify().create(r -> r.input("a", "b")))
        .withMessageContaining("more than 16777216 bytes of scores");
  }

  @Test
  void classesWithoutANameAreNumbered() {
    ClassifyResponse answer =
        classifying(FakeBackend.responses(InferResponse.of(ROWS)), Dialects.CLASSIFICATION)
            .classify()
            .create(r -> r.input("a", "b"));

    assertThat(answer.data().get(0).labels()).containsExactly("LABEL_0", "LABEL_1");
  }

  @Test
  void theLabelsOfAModelAreSetOnTheModel() {
    var openai =
        OpenAiKServe.builder(FakeBackend.responses(InferResponse.of(ROWS)))
            .model("m", m -> m.dialect(Dialects.CLASSIFICATION).labels("bad", "good"))
            .build();

    assertThat(openai.classify().create(r -> r.input("a", "b")).data())
        .extracting(Classification::label)
        .containsExactly("good", "bad");
  }

  @Test
  void configuredLabelsOrderTheClassesOfAServerThatSortsThem() {
    var backend =
        FakeBackend.responses(
            InferResponse.of(
                Tensor.text(
                    "output",
                    "[{\"label\": \"POS\", \"score\": 0.9}, {\"label\": \"NEG\", \"score\": 0.1}]")));
    var openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.MLSERVER_CLASSIFICATION).labels("NEG", "POS"))
            .build();

    assertThat(openai.classify().create(r -> r.input("a")).data())
        .containsExactly(new Classification(0, List.of("NEG", "POS"), List.of(0.1, 0.9)));
    assertThat(backend.onlyRequest().input("top_k")).isPresent();
  }

  @Test
  void configuredLabelsNameTheClassesThatAServerNumbers() {
    var backend =
        FakeBackend.responses(
            InferResponse.of(
                Tensor.text(
                    "output",
                    "[{\"label\": \"LABEL_1\", \"score\": 0.9},"
                        + " {\"label\": \"LABEL_0\", \"score\": 0.1}]")));
    var openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.MLSERVER_CLASSIFICATION).labels("NEG", "POS"))
            .build();

    assertThat(openai.classify().create(r -> r.input("a")).data())
        .containsExactly(new Classification(0, List.of("NEG", "POS"), List.of(0.1, 0.9)));
  }

  @Test
  void labelsThatDoNotFitTheScoresAreABadGateway() {
    var openai =
        OpenAiKServe.builder(FakeBackend.responses(InferResponse.of(ROWS)))
            .model("m", m -> m.dialect(Dialects.CLASSIFICATION).labels("one", "two", "three"))
            .build();

    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> openai.classify().create(r -> r.input("a", "b")))
        .withMessageContaining("2 classes")
        .withMessageContaining("3 labels");
  }

  @Test
  void logitsBecomeProbabilitiesThatAddUpToOne() {
    var logits = Tensor.of("scores", new long[] {1, 3}, new float[] {1000, 1000, -1000});

    ClassifyResponse exclusive =
        classifying(
                FakeBackend.responses(InferResponse.of(logits)),
                table().activation(Activation.SOFTMAX).build())
            .classify()
            .create(r -> r.input("a"));
    ClassifyResponse independent =
        classifying(
                FakeBackend.responses(InferResponse.of(logits)),
                table().activation(Activation.SIGMOID).build())
            .classify()
            .create(r -> r.input("a"));

    assertThat(exclusive.data().get(0).probabilities()).containsExactly(0.5, 0.5, 0.0);
    assertThat(independent.data().get(0).probabilities().get(0)).isCloseTo(1, within(1e-9));
    assertThat(independent.data().get(0).probabilities().get(2)).isCloseTo(0, within(1e-9));
  }

  @Test
  void tokenIdsGoWhereATensorTakesThem() {
    var backend =
        FakeBackend.responses(
            InferResponse.of(Tensor.of("scores", new long[] {1, 2}, new float[] {0, 1})));
    Dialect dialect = table().input("ids", Datatype.INT32, RequestField.INPUT_TOKENS).build();

    classifying(backend, dialect)
        .classify()
        .create(r -> r.input(new EmbeddingInput.Tokens(List.of(List.of(1, 2)))));

    assertThat(backend.onlyRequest().inputs()).containsExactly(Tensor.ints("ids", 1, 2));
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(
            () ->
                classifying(backend, Dialects.CLASSIFICATION)
                    .classify()
                    .create(r -> r.input(new EmbeddingInput.Tokens(List.of(List.of(1, 2))))))
        .satisfies(e -> assertThat(e.param()).isEqualTo("input"));
  }

  @Test
  void aResponseWithoutAClassForEachInputIsABadGateway() {
    for (Tensor wrong :
        List.of(
            Tensor.of("scores", new long[] {3, 2}, new float[6]),
            Tensor.floats("scores"),
            Tensor.text("scores", "x"),
            Tensor.floats("scores", 1, Float.POSITIVE_INFINITY))) {
      assertThatExceptionOfType(DialectException.class)
          .isThrownBy(
              () ->
                  classifying(
                          FakeBackend.responses(InferResponse.of(wrong)), Dialects.CLASSIFICATION)
                      .classify()
                      .create(r -> r.input("a", "b")))
          .withMessageContaining("'scores'");
    }
    for (String wrong : List.of("", "[]", "{}", "[1]", "{\"label\": 1, \"score\": 1}", "x")) {
      assertThatExceptionOfType(DialectException.class)
          .isThrownBy(
              () ->
                  classifying(
                          FakeBackend.responses(InferResponse.of(Tensor.text("output", wrong))),
                          Dialects.MLSERVER_CLASSIFICATION)
                      .classify()
                      .create(r -> r.input("a")))
          .withMessageContaining("'output'");
    }
  }

  private static OpenAiKServe classifying(FakeBackend backend, Dialect dialect) {
    return OpenAiKServe.builder(backend).model("m", dialect).build();
  }

  private static DialectBuilder table() {
    return Dialect.builder("test")
        .input("text", Datatype.BYTES, RequestField.INPUT)
        .output("scores", ResponseField.CLASS_SCORES);
  }
}
