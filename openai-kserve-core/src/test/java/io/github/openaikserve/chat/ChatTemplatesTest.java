package io.github.openaikserve.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChatTemplatesTest {
  @Test
  void plainIsAnyServesOwnForm() {
    ChatPrompt prompt =
        render(
            ChatTemplates.PLAIN,
            ChatCompletionRequestMessage.system("Be brief."),
            ChatCompletionRequestMessage.user("Hi"),
            ChatCompletionRequestMessage.assistant("Hello!"),
            ChatCompletionRequestMessage.user("Bye"));

    assertThat(prompt.text())
        .isEqualTo("System: Be brief.\n\nUser: Hi\n\nAssistant: Hello!\n\nUser: Bye\n\nAssistant:");
    assertThat(prompt.stopSequences()).contains("\n\nUser:");
    assertThat(prompt.trimsAnswer()).isTrue();
  }

  @Test
  void chatMlEndsEveryTurn() {
    ChatPrompt prompt =
        render(
            ChatTemplates.CHATML,
            ChatCompletionRequestMessage.user("Hi"),
            ChatCompletionRequestMessage.assistant("Hello!"));

    assertThat(prompt.text())
        .isEqualTo(
            "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello!<|im_end|>\n"
                + "<|im_start|>assistant\n");
    assertThat(prompt.stopSequences()).containsExactly("<|im_end|>");
  }

  @Test
  void whatIsNotTextIsRefusedByItsPlace() {
    var image = new ContentPart.Media("image_url", Map.of("url", "x"));
    var call = new ChatCompletionMessageToolCall("1", "f", "{}");
    var user =
        new UserMessage(
            new MessageContent.Parts(List.of(new ContentPart.Text("see"), image)), null, Map.of());

    assertThat(refused(user)).isEqualTo("messages[0].content[1]");
    assertThat(refused(new AssistantMessage(null, null, List.of(call), Map.of())))
        .isEqualTo("messages[0].tool_calls");
    assertThat(refused(new ToolMessage("tool", MessageContent.of("x"), "1", Map.of())))
        .isEqualTo("messages[0].role");
  }

  @Test
  void templatesAreFoundByName() {
    assertThat(ChatTemplates.names()).hasSize(21).contains("plain", "chatml", "llama3", "qwen2.5");
    assertThat(ChatTemplates.byName("mistral-v3")).contains(ChatTemplates.MISTRAL_V3);
    assertThat(ChatTemplates.byName("chatml")).contains(ChatTemplates.CHATML);
    assertThat(ChatTemplates.byName("nonsense")).isEmpty();
  }

  @Test
  void anEstimateIsOneTokenForFourCharacters() {
    assertThat(TokenCounter.ESTIMATE.count("")).isZero();
    assertThat(TokenCounter.ESTIMATE.count("a")).isEqualTo(1);
    assertThat(TokenCounter.ESTIMATE.count("abcde")).isEqualTo(2);
  }

  private static String refused(ChatCompletionRequestMessage message) {
    InvalidRequestException refusal =
        catchThrowableOfType(
            InvalidRequestException.class, () -> render(ChatTemplates.PLAIN, message));
    return String.valueOf(refusal.param());
  }

  private static ChatPrompt render(
      ChatTemplate template, ChatCompletionRequestMessage... messages) {
    return template.render(new Conversation(List.of(messages)));
  }
}
