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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChatTemplatesTest {
  @Test
  void plainIsAnyServesNativeFormat() {
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
    assertThat(prompt.stripLeadingWhitespace()).isTrue();
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
  void nonTextContentIsRejectedWithItsPosition() {
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

  /**
   * The bounds are the lowest and the highest count of cl100k_base, o200k_base and the tokenizers
   * of Llama 2, Llama 3 and Mistral 7B, with a tenth more for English and Russian.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The quick brown fox jumps over the lazy dog. Large language models generate text one token at a time, and the server stops when a limit is reached. | 31 | 37",
        "Der schnelle braune Fuchs springt über den faulen Hund. Große Sprachmodelle erzeugen Text Token für Token, und der Server hört auf, wenn die Grenze erreicht ist. | 37 | 48",
        "敏捷的棕色狐狸跳过了懒狗。大型语言模型一次生成一个词元,当达到限制时,服务器就会停止生成文本。人工智能正在改变我们的生活方式。 | 43 | 83",
        "素早い茶色の狐がのろまな犬を飛び越える。大規模言語モデルは一度に一つのトークンを生成し、上限に達するとサーバーは停止します。 | 48 | 72",
        "빠른 갈색 여우가 게으른 개를 뛰어넘습니다. 대형 언어 모델은 한 번에 하나의 토큰을 생성하며, 한도에 도달하면 서버가 중지됩니다. | 46 | 115",
        "สุนัขจิ้งจอกสีน้ำตาลที่ว่องไวกระโดดข้ามสุนัขขี้เกียจ แบบจำลองภาษาขนาดใหญ่สร้างข้อความทีละโทเค็น | 48 | 97",
        "Быстрая коричневая лиса перепрыгивает через ленивую собаку. Большие языковые модели создают текст по одному токену за раз. | 36 | 57",
        "الثعلب البني السريع يقفز فوق الكلب الكسول. تولد نماذج اللغة الكبيرة النص رمزا واحدا في كل مرة. | 32 | 79",
        "तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है। बड़े भाषा मॉडल एक समय में एक टोकन उत्पन्न करते हैं। | 35 | 107",
        "😀🎉👍🚀❤️🔥😂🙏✨🤖 | 13 | 39"
      })
  void anEstimateLiesAmongTheCountsOfTokenizers(String text, int least, int most) {
    assertThat(TokenCounter.ESTIMATE.count(text)).isBetween(least, most);
  }

  @Test
  void anEstimateOfJapaneseIsATokenForEachCharacter() {
    assertThat(TokenCounter.ESTIMATE.count("今日はいい天気ですね。")).isEqualTo(11);
  }

  @Test
  void endTokensAreDistinguishedFromTextThatEndsAnAnswer() {
    UserMessage hi = new UserMessage(MessageContent.of("Hi"), null, Map.of());
    for (String name : ChatTemplates.names()) {
      ChatPrompt prompt = render(ChatTemplates.byName(name).orElseThrow(), hi);

      assertThat(prompt.stopSequences()).as(name).containsAll(prompt.endTokens());
      assertThat(prompt.stopSequences().stream().filter(stop -> !prompt.endTokens().contains(stop)))
          .as(name)
          .allMatch(stop -> name.equals("plain") || stop.equals("### Instruction:"));
    }
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
