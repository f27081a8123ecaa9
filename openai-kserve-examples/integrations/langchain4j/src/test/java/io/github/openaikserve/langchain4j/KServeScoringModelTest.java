package io.github.openaikserve.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.output.Response;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scores of texts, by a server that scores a text by its length. */
final class KServeScoringModelTest {
  private final FakeBackend server = FakeBackend.answering(KServeScoringModelTest::lengths);
  private final OpenAiKServe openai =
      OpenAiKServe.builder(server).model("m", m -> m.dialect(Dialects.SCORES)).build();

  private static ScriptedResponse lengths(InferCall call) {
    List<String> texts = call.request().input("documents").orElseThrow().texts();
    float[] scores = new float[texts.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = texts.get(i).length();
    }
    return ScriptedResponse.of(
        List.of(InferResponse.of(Tensor.of("scores", new long[] {scores.length}, scores))));
  }

  @Test
  void eachTextHasItsScoreInOrder() {
    Response<List<Double>> scores =
        KServeScoringModel.of(openai)
            .scoreAll(List.of(TextSegment.from("ab"), TextSegment.from("abcd")), "q");

    assertThat(scores.content()).containsExactly(2.0, 4.0);
    assertThat(scores.tokenUsage())
        .satisfies(usage -> assertThat(usage.inputTokenCount()).isPositive());
    assertThat(KServeScoringModel.of(openai, "m").score("abc", "q").content()).isEqualTo(3.0);
  }

  @Test
  void manyTextsAreScoredInSeveralRequests() {
    List<TextSegment> texts = Collections.nCopies(2100, TextSegment.from("ab"));

    assertThat(KServeScoringModel.of(openai).scoreAll(texts, "q").content())
        .hasSize(2100)
        .containsOnly(2.0);
  }

  @Test
  void noTextsHaveNoScores() {
    assertThat(KServeScoringModel.of(openai).scoreAll(List.of(), "q").content()).isEmpty();
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void aFailureIsLangChain4js() {
    assertThatExceptionOfType(ModelNotFoundException.class)
        .isThrownBy(
            () ->
                KServeScoringModel.of(openai, "none")
                    .scoreAll(List.of(TextSegment.from("a")), "q"));
  }
}
