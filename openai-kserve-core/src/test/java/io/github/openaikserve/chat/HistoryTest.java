package io.github.openaikserve.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that a template has no form for keep their words. */
final class HistoryTest {
  private static final ChatCompletionRequestMessage SYSTEM =
      ChatCompletionRequestMessage.system("Be kind.");
  private static final ChatCompletionRequestMessage LATER =
      ChatCompletionRequestMessage.system("Be brief.");
  private static final ChatCompletionRequestMessage DEVELOPER =
      new SystemMessage("developer", MessageContent.of("Be exact."), null, Map.of());
  private static final ChatCompletionRequestMessage USER =
      ChatCompletionRequestMessage.user("Hello");
  private static final ChatCompletionRequestMessage ANSWER =
      ChatCompletionRequestMessage.assistant("Hi");
  private static final ChatCompletionTool TOOL =
      new ChatCompletionTool(
          "function", Map.of("name", "look", "description", "d", "parameters", Map.of()));

  /** Takes a system message at the front only, as Qwen 3.5's does. */
  private static final String FIRST =
      """
      {%- for m in messages -%}
      {%- if m.role == 'system' and not loop.first -%}
      {{ raise_exception('System message must be at the beginning.') }}
      {%- endif -%}
      <{{ m.role }}>{{ m.content }}</{{ m.role }}>
      {%- endfor -%}
      """;

  /** Leaves out later system messages without an error, as Llama 2's does. */
  private static final String SILENT =
      """
      {%- if messages[0].role == 'system' %}<sys>{{ messages[0].content }}</sys>{% endif -%}
      {%- for m in messages -%}
      {%- if m.role != 'system' %}<{{ m.role }}>{{ m.content }}</{{ m.role }}>{% endif -%}
      {%- endfor -%}
      """;

  /** Takes none, as Gemma 2's. */
  private static final String NONE =
      """
      {%- for m in messages -%}
      {%- if m.role == 'system' %}{{ raise_exception('System role not supported') }}{% endif -%}
      <{{ m.role }}>{{ m.content }}</{{ m.role }}>
      {%- endfor -%}
      """;

  static List<String> templates() {
    return ChatTemplates.names().stream().sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("templates")
  void noSystemMessageIsLostInAnyTemplate(String name) {
    String prompt =
        text(ChatTemplates.byName(name).orElseThrow(), SYSTEM, USER, ANSWER, LATER, USER);

    assertThat(prompt).contains("Be kind.", "Be brief.", "Hi", "Hello");
  }

  @ParameterizedTest
  @MethodSource("templates")
  void aDevelopersMessageIsASystemMessage(String name) {
    assertThat(text(ChatTemplates.byName(name).orElseThrow(), DEVELOPER, USER))
        .contains("Be exact.", "Hello");
  }

  @Test
  void laterSystemMessagesJoinTheFirst() {
    String merged = "Be kind.\n\nBe exact.\n\nBe brief.";

    assertThat(text(ChatTemplates.fromJinja(FIRST), SYSTEM, DEVELOPER, USER, ANSWER, LATER, USER))
        .isEqualTo(
            "<system>%s</system><user>Hello</user><assistant>Hi</assistant><user>Hello</user>"
                .formatted(merged));
    assertThat(text(ChatTemplates.fromJinja(SILENT), SYSTEM, USER, ANSWER, LATER, USER))
        .startsWith("<sys>Be kind.\n\nBe brief.</sys><user>Hello</user>");
  }

  @Test
  void aSystemMessageThatIsNotTheFirstBecomesIt() {
    assertThat(text(ChatTemplates.fromJinja(SILENT), USER, ANSWER, LATER, USER))
        .startsWith("<sys>Be brief.</sys><user>Hello</user>");
  }

  @Test
  void systemMessagesBeginTheFirstQuestionWhereTheTemplateTakesNone() {
    assertThat(text(ChatTemplates.fromJinja(NONE), SYSTEM, USER, ANSWER, LATER, USER))
        .isEqualTo(
            "<user>Be kind.\n\n"
                + "Be brief.\n\n"
                + "Hello</user><assistant>Hi</assistant><user>Hello</user>");
    assertThat(
            text(
                ChatTemplates.fromJinja(NONE),
                SYSTEM,
                ChatCompletionRequestMessage.user(ContentPart.text("Hel"), ContentPart.text("lo"))))
        .isEqualTo("<user>Be kind.\n\nHello</user>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "qwen3 | '' | \"arguments\": {}",
        "qwen3 | {\"a\": | \"arguments\": {\"a\":}",
        "qwen2.5 | '' | \"arguments\": {}",
        "llama3 | '' | \"parameters\": {}",
        "llama3 | {\"a\": | \"parameters\": {\"a\":}",
        "mistral-v3 | '' | \"arguments\": {}",
        "chatml | {\"a\": | \"arguments\": \"{\\\"a\\\":\"",
      })
  void argumentsThatAreNotAnObjectAreRendered(String name, String arguments, String written) {
    assertThat(call(ChatTemplates.byName(name).orElseThrow(), null, arguments)).contains(written);
  }

  @Test
  void malformedArgumentsAreOneParameterWhereTheTemplateWritesEach() {
    String source =
        """
        {%- for m in messages -%}
        <{{ m.role }}>{{ m.content or '' }}
        {%- for c in m.tool_calls or [] -%}
        <f={{ c.function.name }}>
        {%- for k, v in c.function.arguments|items %}<{{ k }}>{{ v }}</{{ k }}>{% endfor -%}
        </f>
        {%- endfor -%}
        {%- endfor -%}
        {%- if tools %}{{ tools|tojson }}{% endif -%}
        """;

    assertThat(call(ChatTemplates.fromJinja(source), null, "{\"a\":"))
        .contains("<f=look><arguments>{\"a\":</arguments></f>");
    assertThat(call(ChatTemplates.fromJinja(source), null, "{\"a\": 1}"))
        .contains("<f=look><a>1</a></f>");
  }

  @ParameterizedTest
  @CsvSource({"llama3", "qwen3", "mistral-v3", "mistral-v7", "granite3", "deepseek-v3", "chatml"})
  void textNextToCallsIsKept(String name) {
    assertThat(call(ChatTemplates.byName(name).orElseThrow(), "Let me see.", "{\"a\": 1}"))
        .contains("Let me see.", "look");
  }

  @ParameterizedTest
  @ValueSource(strings = {"reasoning_content", "reasoning"})
  void reasoningIsSentBackUnderEitherNameToTemplatesOfEitherName(String name) {
    var message = new AssistantMessage(MessageContent.of("x"), null, List.of(), Map.of(name, "hm"));
    for (String read : List.of("reasoning_content", "reasoning")) {
      ChatTemplate template =
          ChatTemplates.fromJinja("{% for m in messages %}{{ m." + read + " }}{% endfor %}");

      assertThat(text(template, message)).as(read).isEqualTo("hm");
    }
  }

  private static String call(ChatTemplate template, @Nullable String text, String arguments) {
    var call = new ChatCompletionMessageToolCall("call00001", "look", arguments);
    var calls =
        new AssistantMessage(
            text == null ? null : MessageContent.of(text), null, List.of(call), Map.of());
    var messages = List.of(USER, calls, ChatCompletionRequestMessage.tool("call00001", "seen"));
    return template.render(new Conversation(messages, List.of(TOOL), Map.of())).text();
  }

  private static String text(ChatTemplate template, ChatCompletionRequestMessage... messages) {
    return template.render(new Conversation(List.of(messages))).text();
  }
}
