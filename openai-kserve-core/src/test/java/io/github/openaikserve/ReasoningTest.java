package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.testing.FakeBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reasoning, split off or left in the text as the route says. */
final class ReasoningTest {
  @Test
  void reasoningIsRemovedFromTheContent() {
    ChatCompletion answer = ask(FakeBackend.tokens("<thi", "nk>I wonder.\n</th", "ink>\n\nHi"));

    assertThat(answer.choices().get(0).message().reasoningContent()).isEqualTo("I wonder.");
    assertThat(answer.text()).isEqualTo("Hi");
  }

  @Test
  void isStreamedInSeparateDeltas() {
    var openai = openai(FakeBackend.tokens("<think>", "I ", "wonder.", "</think>", "Hi"));
    List<ChatCompletionChunk> chunks = new ArrayList<>();

    try (var stream = openai.chatCompletions().stream(r -> r.user("Hello"))) {
      stream.forEach(chunks::add);
    }

    assertThat(chunks)
        .extracting(chunk -> chunk.choices().get(0).delta().reasoningContent())
        .filteredOn(piece -> piece != null)
        .containsExactly("I", " wonder.");
    assertThat(chunks).extracting(ChatCompletionChunk::text).containsExactly("", "", "", "Hi", "");
  }

  @Test
  void reasoningWithoutAnEndTagIsTheWholeAnswer() {
    ChatCompletion answer = ask(FakeBackend.tokens("<think>", "I wonder", " why"));

    assertThat(answer.choices().get(0).message().reasoningContent()).isEqualTo("I wonder why");
    assertThat(answer.text()).isEmpty();
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void isOpenAlreadyWhereThePromptOpensIt() {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("I wonder.", "</think>", "Hi"))
            .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.DEEPSEEK_R1))
            .build();

    ChatCompletion answer = openai.chatCompletions().create(r -> r.user("Hello"));

    assertThat(answer.choices().get(0).message().reasoningContent()).isEqualTo("I wonder.");
    assertThat(answer.text()).isEqualTo("Hi");
  }

  @Test
  void staysInTheTextWhereTheRouteSaysSo() {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("<think>a</think>b"))
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .chatTemplate(ChatTemplates.QWEN3)
                        .separateReasoning(false))
            .build();

    ChatCompletion answer = openai.chatCompletions().create(r -> r.user("Hello"));

    assertThat(answer.text()).isEqualTo("<think>a</think>b");
    assertThat(answer.choices().get(0).message().reasoningContent()).isNull();
  }

  @Test
  void isLookedForWhereTheRouteNamesItsFormat() {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("[THINK]a[/THINK]b"))
            .model("m", m -> m.dialect(Dialects.ANYSERVE).reasoningFormat(ReasoningFormats.MISTRAL))
            .build();

    ChatCompletion answer = openai.chatCompletions().create(r -> r.user("Hello"));

    assertThat(answer.text()).isEqualTo("b");
    assertThat(answer.choices().get(0).message().reasoningContent()).isEqualTo("a");
  }

  @Test
  void isAskedForOrNotByTheTemplatesOwnArguments() {
    var backend = FakeBackend.tokens("Hi");

    openai(backend)
        .chatCompletions()
        .create(
            r -> r.user("Hello").extra("chat_template_kwargs", Map.of("enable_thinking", false)));

    assertThat(backend.onlyRequest().input("prompt").orElseThrow().texts().get(0))
        .endsWith("<|im_start|>assistant\n<think>\n\n</think>\n\n");
  }

  private static ChatCompletion ask(FakeBackend backend) {
    return openai(backend).chatCompletions().create(r -> r.user("Hello"));
  }

  private static OpenAiKServe openai(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.QWEN3))
        .build();
  }
}
