package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.internal.answer.text.Pieces;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** However a server cuts its answer into tokens, callers get the same text by every way. */
final class GenerationProperties {
  @Property
  void streamedAndWholeTextAreThePlainCutAtTheEarliestStop(
      @ForAll("texts") String text,
      @ForAll("stops") List<String> stops,
      @ForAll List<Integer> cuts) {
    String whole = Pieces.cutAtEarliest(text, stops);

    assertThat(openai(text, cuts).completions().create(r -> r.prompt("p").stop(stops)).text())
        .isEqualTo(whole);
    assertThat(
            openai(text, cuts).completions().stream(r -> r.prompt("p").stop(stops))
                .asStream()
                .map(Completion::text)
                .collect(Collectors.joining()))
        .isEqualTo(whole);
  }

  @Property
  void theContentOfAChatIsCutInTheSameWay(
      @ForAll("texts") String text,
      @ForAll("stops") List<String> stops,
      @ForAll List<Integer> cuts) {
    String whole = Pieces.cutAtEarliest(text, stops);

    assertThat(
            openai(text, cuts).chatCompletions().stream(r -> r.user("Hi").stop(stops))
                .asStream()
                .flatMap(chunk -> chunk.choices().stream())
                .map(choice -> Objects.requireNonNullElse(choice.delta().content(), ""))
                .collect(Collectors.joining()))
        .isEqualTo(whole);
  }

  private static OpenAiKServe openai(String text, List<Integer> cuts) {
    List<InferResponse> tokens =
        Pieces.of(text.getBytes(StandardCharsets.UTF_8), cuts).stream()
            .map(
                bytes ->
                    InferResponse.of(
                        Tensor.of("token", new long[] {1}, List.of(ByteBuffer.wrap(bytes)))))
            .toList();
    return OpenAiKServe.builder(FakeBackend.answering(call -> ScriptedResponse.of(tokens)))
        .model(
            "m",
            m ->
                m.dialect(Dialects.ANYSERVE)
                    .chatTemplate(ChatTemplates.CHATML)
                    .reasoningFormat(ReasoningFormats.THINK))
        .build();
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("a", "b", "\u00e9", "\u20ac", "\uD83E\uDD8A", "\n")
        .list()
        .ofMaxSize(25)
        .map(letters -> String.join("", letters));
  }

  @Provide
  Arbitrary<List<String>> stops() {
    return Arbitraries.of("a", "b", "\u00e9", "\u20ac", "\uD83E\uDD8A", "\n")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(letters -> String.join("", letters))
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }
}
