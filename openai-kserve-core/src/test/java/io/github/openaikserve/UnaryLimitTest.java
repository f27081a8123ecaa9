package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.testing.FakeBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** A limit of tokens holds for answers in one response of a server that does not receive it. */
final class UnaryLimitTest {
  /** Estimated as 12 tokens. */
  private static final String TEXT = "A summary of some forty-eight characters, whole.";

  private static final TokenCounter WORDS =
      text -> text.isBlank() ? 0 : text.strip().split(" +").length;

  @Test
  void aWholeAnswerIsCutAtTheLimitAndSaysSo() {
    Completion answer = whole(own(TEXT, TokenCounter.ESTIMATE), r -> r.prompt("p").maxTokens(3));

    assertThat(answer.text()).isEqualTo("A summary of");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(answer.usage()).isEqualTo(new CompletionUsage(1, 3, true));
  }

  @Test
  void aStreamGetsTheSameTextAsItsOnlyPiece() {
    List<Completion> pieces = new ArrayList<>();
    OpenAiKServe openai = own(TEXT, TokenCounter.ESTIMATE);

    try (var stream = openai.completions().stream(r -> r.prompt("p").maxTokens(3))) {
      stream.forEach(pieces::add);
    }

    assertThat(String.join("", pieces.stream().map(Completion::text).toList()))
        .isEqualTo("A summary of");
    assertThat(pieces.get(pieces.size() - 1).choices().get(0).finishReason())
        .isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void aCompletionWithoutALimitHasSixteenTokens() {
    Completion answer = whole(own(TEXT.repeat(9), TokenCounter.ESTIMATE), r -> r.prompt("p"));

    assertThat(answer.text()).hasSize(64);
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void anAnswerWithinTheLimitIsWhole() {
    Completion answer = whole(own(TEXT, TokenCounter.ESTIMATE), r -> r.prompt("p").maxTokens(12));

    assertThat(answer.text()).isEqualTo(TEXT);
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void theCounterOfTheModelDecides() {
    Completion answer = whole(own(TEXT, WORDS), r -> r.prompt("p").maxTokens(2));

    assertThat(answer.text().strip()).isEqualTo("A summary");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(Objects.requireNonNull(answer.usage()).completionTokens()).isEqualTo(2);
  }

  @Test
  void aStopSequenceBeforeTheLimitCounts() {
    Completion answer =
        whole(
            own(TEXT, TokenCounter.ESTIMATE), r -> r.prompt("p").maxTokens(3).stop(List.of(" of")));

    assertThat(answer.text()).isEqualTo("A summary");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void aStopSequenceBeyondTheLimitDoesNot() {
    Completion answer =
        whole(
            own(TEXT, TokenCounter.ESTIMATE),
            r -> r.prompt("p").maxTokens(3).stop(List.of("whole", "of some")));

    assertThat(answer.text()).isEqualTo("A summary of");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void anAnswerOfWhichTheServerCountsNoMoreThanTheLimitIsNotCut() {
    Dialect counting =
        Dialects.generic("prompt", "text")
            .output("tokens", ResponseField.COMPLETION_TOKENS)
            .output("why", ResponseField.FINISH_REASON)
            .build();
    FakeBackend backend =
        FakeBackend.responses(
            InferResponse.of(
                Tensor.text("text", TEXT), Tensor.ints("tokens", 8), Tensor.text("why", "stop")));
    OpenAiKServe openai = OpenAiKServe.builder(backend).model("m", counting).build();

    Completion within = whole(openai, r -> r.prompt("p").maxTokens(9));
    Completion beyond = whole(openai, r -> r.prompt("p").maxTokens(7));

    assertThat(within.text()).isEqualTo(TEXT);
    assertThat(within.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(beyond.text()).hasSize(28);
    assertThat(beyond.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void aPromptInFrontOfTheTextDoesNotCount() {
    Dialect echoing = Dialects.generic("prompt", "text").unary().promptInOutput().build();
    OpenAiKServe openai =
        OpenAiKServe.builder(
                FakeBackend.responses(InferResponse.of(Tensor.text("text", "Say it: " + TEXT))))
            .model("m", echoing)
            .build();

    assertThat(whole(openai, r -> r.prompt("Say it: ").maxTokens(3)).text())
        .isEqualTo("A summary of");
  }

  @Test
  void wholeAnswersOfDynamoAreCutToo() {
    OpenAiKServe openai =
        OpenAiKServe.builder(
                FakeBackend.responses(
                    InferResponse.of(
                        Tensor.text("text_output", TEXT), Tensor.text("finish_reason", "stop"))))
            .model("m", m -> m.dialect(Dialects.DYNAMO).unaryAnswers(true))
            .build();

    Completion answer = whole(openai, r -> r.prompt("p").maxTokens(3));

    assertThat(answer.text()).isEqualTo("A summary of");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Property(tries = 200)
  void textIsTruncatedToItsLongestPrefixOfWholeCharacters(
      @ForAll @StringLength(max = 60) String random,
      @ForAll @IntRange(min = 1, max = 9) int limit) {
    String text = "😀é語a" + random.replaceAll("[\\ud800-\\udfff]", "");
    String cut =
        whole(own(text, TokenCounter.ESTIMATE), r -> r.prompt("p").maxTokens(limit)).text();

    assertThat(text).startsWith(cut);
    assertThat(TokenCounter.ESTIMATE.count(cut)).isLessThanOrEqualTo(limit);
    if (cut.length() < text.length()) {
      int next = text.offsetByCodePoints(cut.length(), 1);
      assertThat(TokenCounter.ESTIMATE.count(text.substring(0, next))).isGreaterThan(limit);
    }
  }

  private static OpenAiKServe own(String text, TokenCounter counter) {
    return OpenAiKServe.builder(FakeBackend.responses(InferResponse.of(Tensor.text("text", text))))
        .model(
            "m",
            m ->
                m.dialect(Dialects.generic("prompt", "text").unary().build()).tokenCounter(counter))
        .build();
  }

  private static Completion whole(
      OpenAiKServe openai, Consumer<CreateCompletionRequest.Builder> request) {
    return openai.completions().create(request);
  }
}
