package io.github.openaikserve.chat.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functionary v3.2, whose text begins with its recipient: a function, or all for content. */
final class RecipientsTest {
  private static final String PROMPT = "<|start_header_id|>assistant<|end_header_id|>\n\n>>>";
  private static final ToolCallFormat FORMAT =
      ToolCallFormats.byName("functionary_v32").orElseThrow();
  private static final List<ChatCompletionTool> TOOLS =
      List.of(tool("get_weather"), tool("get_time"));

  private static ChatCompletionTool tool(String name) {
    return ChatCompletionTool.function(name, null, Map.of("type", "object"));
  }

  private static List<String> parse(List<ChatCompletionTool> tools, String text) {
    var format = new ModelFormat(null, FORMAT);
    List<String> whole = ParsedAnswer.of(format.parser(PROMPT, tools), List.of(text)).parts();
    List<String> pieces = new ArrayList<>();
    text.codePoints().forEach(c -> pieces.add(Character.toString(c)));
    assertThat(ParsedAnswer.of(format.parser(PROMPT, tools), pieces).parts()).isEqualTo(whole);
    return whole;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "all\\nHello.;content:Hello.",
        "all\\nHello {\"a\": 1} >>> x.;content:Hello {\"a\": 1} >>> x.",
        "get_weather\\n{\"a\": 1};call:get_weather({\"a\": 1})",
        "get_weather\\n{};call:get_weather({})",
        "get_weather\\n{\"a\": 1}>>>get_time\\n{};call:get_weather({\"a\": 1})|call:get_time({})",
        "all\\nI look.>>>get_time\\n{\"a\": 1};content:I look.|call:get_time({\"a\": 1})",
        "get_time\\n{}>>>all\\nDone.;call:get_time({})|content:Done.",
        "Hello.;content:Hello.",
        ">>>get_time\\n{};call:get_time({})",
        ">>>all\\nHello.;content:Hello.",
        "python\\nprint(1);content:python\\nprint(1)",
        "unknown\\n{\"a\": 1};content:unknown\\n{\"a\": 1}",
        "all\\n>>> get_time();content:>>> get_time()",
        "all\\nUse >>>get_time to ask.;content:Use >>>get_time to ask.",
      })
  void theTextAfterARecipientIsACallOrContent(String text, String parts) {
    List<String> expected = List.of(parts.replace("\\n", "\n").split("\\|"));

    assertThat(parse(TOOLS, text.replace("\\n", "\n"))).isEqualTo(expected);
  }

  @Test
  void contentHasNoRecipientWithoutToolsEither() {
    assertThat(parse(List.of(), "all\nHello.")).containsExactly("content:Hello.");
  }

  @Test
  void contentIsEmittedAsItArrives() {
    var answer = new ParsedAnswer();
    AnswerParser parser = new ModelFormat(null, FORMAT).parser(PROMPT, TOOLS);

    parser.next("all\nHello", answer);

    assertThat(answer.content.toString()).isEqualTo("Hello");
  }
}
