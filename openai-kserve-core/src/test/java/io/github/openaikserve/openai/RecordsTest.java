package io.github.openaikserve.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordsTest {
  @Test
  void theNewerTokenLimitWins() {
    var none = CreateChatCompletionRequest.builder().user("hi");

    assertThat(none.build().tokenLimit()).isNull();
    assertThat(none.maxTokens(5).build().tokenLimit()).isEqualTo(5);
    assertThat(none.maxCompletionTokens(6).build().tokenLimit()).isEqualTo(6);
  }

  @Test
  void aCompletionIsLimitedTo16Tokens() {
    var request = CreateCompletionRequest.builder().prompt("once");

    assertThat(request.build().tokenLimit()).isEqualTo(16);
    assertThat(request.maxTokens(0).build().tokenLimit()).isZero();
  }

  @Test
  void aBuiltRequestDoesNotChangeWithItsBuilder() {
    var builder = CreateChatCompletionRequest.builder().user("hi").extra("top_k", 40);
    var request = builder.build();

    builder.user("more").extra("min_p", 0.1);

    assertThat(request.messages()).hasSize(1);
    assertThat(request.extra()).containsOnlyKeys("top_k");
    assertThatThrownBy(() -> request.extra().put("x", 1))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void anExtraFieldMayBeNull() {
    var values = new HashMap<String, @Nullable Object>();
    values.put("x", null);

    var tool = new ChatCompletionTool("function", values);
    values.clear();

    assertThat(tool.definition()).containsEntry("x", null);
  }

  @Test
  void theTextOfPartsIsJoined() {
    var content =
        new MessageContent.Parts(
            List.of(
                new ContentPart.Text("what "),
                new ContentPart.Media("image_url", Map.of("url", "x")),
                new ContentPart.Text("is"),
                new ContentPart.Refusal(" this")));

    assertThat(content.text()).isEqualTo("what is this");
    assertThat(content.parts())
        .extracting(ContentPart::type)
        .containsExactly("text", "image_url", "text", "refusal");
  }

  @Test
  void aMessageWithoutContentHasNoText() {
    var message =
        new ChatCompletionRequestMessage.AssistantMessage(null, null, List.of(), Map.of());

    assertThat(message.text()).isEmpty();
    assertThat(message.role()).isEqualTo("assistant");
  }

  @Test
  void messagesOfOneTextAreMadeByRole() {
    assertThat(
            List.of(
                ChatCompletionRequestMessage.system("s"),
                ChatCompletionRequestMessage.user("u"),
                ChatCompletionRequestMessage.assistant("a")))
        .extracting(message -> message.role() + ":" + message.text())
        .containsExactly("system:s", "user:u", "assistant:a");
  }

  @Test
  void theTextOfAnAnswerIsThatOfItsFirstChoice() {
    var first = new ChatCompletion.Choice(0, new ChatCompletion.Message("hi"), FinishReason.STOP);
    var second = new ChatCompletion.Choice(1, new ChatCompletion.Message(null), FinishReason.STOP);

    assertThat(chat(first, second).text()).isEqualTo("hi");
    assertThat(chat(second, first).text()).isEmpty();
    assertThat(chat().text()).isEmpty();
    assertThat(chat(first, second).message()).isEqualTo(first.message());
    assertThat(chat(first, second).finishReason()).isEqualTo(FinishReason.STOP);
    assertThatIllegalStateException().isThrownBy(chat()::message);
  }

  @Test
  void theTextOfAChunkIsItsFirstChoicesDelta() {
    var said = new ChatCompletionChunk.Choice(0, new ChatCompletionChunk.Delta(null, "hi"), null);
    var ended =
        new ChatCompletionChunk.Choice(
            0, new ChatCompletionChunk.Delta(null, null), FinishReason.STOP);

    assertThat(new ChatCompletionChunk("c", 1, "m", List.of(said), null).text()).isEqualTo("hi");
    assertThat(new ChatCompletionChunk("c", 1, "m", List.of(ended), null).text()).isEmpty();
    assertThat(new ChatCompletionChunk("c", 1, "m", List.of(), null).text()).isEmpty();
  }

  @Test
  void theTextOfACompletionIsThatOfItsFirstChoice() {
    var choice = new Completion.Choice(0, "hi", null);

    assertThat(new Completion("c", 1, "m", List.of(choice), null, List.of()).text())
        .isEqualTo("hi");
    assertThat(new Completion("c", 1, "m", List.of(), null, List.of()).text()).isEmpty();
    assertThat(new Completion("c", 1, "m", List.of(choice), null, List.of()).finishReason())
        .isNull();
  }

  @Test
  void answersCopyTheirLists() {
    var choices = new ArrayList<>(List.of(new Completion.Choice(0, "hi", null)));
    var dropped = new ArrayList<>(List.of("seed"));
    var completion = new Completion("c", 1, "m", choices, null, dropped);

    choices.clear();
    dropped.clear();

    assertThat(completion.choices()).hasSize(1);
    assertThat(completion.droppedParams()).containsExactly("seed");
  }

  @Test
  void usageIsNeverNegative() {
    assertThat(new CompletionUsage(3, 4, false).totalTokens()).isEqualTo(7);
    assertThatIllegalArgumentException().isThrownBy(() -> new CompletionUsage(-1, 0, false));
    assertThatIllegalArgumentException().isThrownBy(() -> new CompletionUsage(0, -1, false));
  }

  @Test
  void aPromptReportsItsNumberOfTexts() {
    assertThat(new Prompt.Texts(List.of("a", "b")).size()).isEqualTo(2);
    assertThat(new Prompt.Tokens(List.of(List.of(1, 2, 3))).size()).isEqualTo(1);
  }

  private static ChatCompletion chat(ChatCompletion.Choice... choices) {
    return new ChatCompletion("c", 1, "m", List.of(choices), null, List.of());
  }
}
