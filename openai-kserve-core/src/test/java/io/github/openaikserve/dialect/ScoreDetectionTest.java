package io.github.openaikserve.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that score or classify, recognized by what they declare. */
final class ScoreDetectionTest {
  @ParameterizedTest
  @CsvSource({
    "query, documents, QUERY",
    "query, texts, QUERY",
    "text, text_pair, QUERIES",
    "text_1, text_2, QUERIES",
    "sentence1, sentence2, QUERIES"
  })
  void twoTextsAndANumberAreAScore(String first, String second, RequestField query) {
    DetectedModel detection =
        Dialects.detect(
            described("triton", List.of(text(first), text(second)), List.of(numbers("out"))));

    assertThat(detection.dialect()).isEmpty();
    assertThat(detection.others()).containsOnlyKeys(RequestKind.SCORE);
    assertThat(detection.serving(RequestKind.SCORE).orElseThrow().carries(query)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"probabilities", "probs", "class_scores", "logits"})
  void aTextAndProbabilitiesAreAClassification(String output) {
    DetectedModel detection =
        Dialects.detect(described("triton", List.of(text("TEXT")), List.of(numbers(output))));

    assertThat(detection.others()).containsOnlyKeys(RequestKind.CLASSIFICATION);
  }

  @Test
  void labelsNextToNumbersAreAClassification() {
    DetectedModel detection =
        Dialects.detect(
            described(
                "triton", List.of(text("TEXT")), List.of(text("labels"), numbers("anything"))));

    assertThat(detection.dialect()).isEmpty();
    assertThat(detection.others()).containsOnlyKeys(RequestKind.CLASSIFICATION);
  }

  @Test
  void otherNumbersOfATextAreVectors() {
    DetectedModel detection =
        Dialects.detect(described("triton", List.of(text("TEXT")), List.of(numbers("embedding"))));

    assertThat(detection.others()).containsOnlyKeys(RequestKind.EMBEDDING);
  }

  @Test
  void theBatchOfAModelIsNotExceeded() {
    var config = new ModelConfig("m", "", "python", 8, false, Map.of(), List.of());
    ModelDescription model =
        described("triton", List.of(text("query"), text("documents")), List.of(numbers("s")));

    DetectedModel detection =
        Dialects.detect(
            new ModelDescription(
                model.modelName(), model.server(), model.metadata(), Optional.of(config)));

    assertThat(detection.serving(RequestKind.SCORE).orElseThrow().maxBatch(RequestField.DOCUMENTS))
        .isEqualTo(8);
  }

  @Test
  void aTextClassificationPipelineOfMlServerIsRecognized() {
    DetectedModel detection =
        Dialects.detect(described("mlserver", List.of(text("args")), List.of(text("outputs"))));

    assertThat(detection.explanation()).contains("'mlserver-classification'");
    assertThat(detection.dialect()).isEmpty();
    assertThat(detection.others()).containsOnlyKeys(RequestKind.SCORE, RequestKind.CLASSIFICATION);
  }

  @Test
  void aTextGenerationPipelineOfMlServerStillGenerates() {
    DetectedModel detection =
        Dialects.detect(described("mlserver", List.of(text("array_inputs")), List.of()));

    assertThat(detection.requireDialect().name()).isEqualTo("mlserver-huggingface");
  }

  @Test
  void aTableThatScoresNeedsQueryDocumentsAndScores() {
    DialectBuilder documents =
        Dialect.builder("x").input("documents", Datatype.BYTES, RequestField.DOCUMENTS);
    assertThatIllegalStateException()
        .isThrownBy(documents::build)
        .withMessageContaining("no input for the query");
    assertThatIllegalStateException()
        .isThrownBy(documents.input("query", Datatype.BYTES, RequestField.QUERY)::build)
        .withMessageContaining("no output for the scores");
    assertThat(documents.output("scores", ResponseField.SCORE).build().generates()).isFalse();
  }

  private static ModelDescription described(
      String server, List<TensorMetadata> inputs, List<TensorMetadata> outputs) {
    return new ModelDescription(
        "m",
        Optional.of(new ServerMetadata(server, "2.60.0", List.of())),
        Optional.of(new ModelMetadata("m", List.of("1"), "python", inputs, outputs)),
        Optional.empty());
  }

  private static TensorMetadata text(String name) {
    return new TensorMetadata(name, "BYTES", List.of(-1L));
  }

  private static TensorMetadata numbers(String name) {
    return new TensorMetadata(name, "FP32", List.of(-1L));
  }
}
