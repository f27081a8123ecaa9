package io.github.openaikserve.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
  private static final ChatCompletionRequestMessage LAST = ChatCompletionRequestMessage.user("Bye");
  private static final Path MODELS = Path.of("src/test/resources/model-templates");
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

  /** The library's templates by name, and the files with models' own templates. */
  static List<String> allTemplates() throws IOException {
    List<String> all = new ArrayList<>(templates());
    try (Stream<Path> files = Files.walk(MODELS)) {
      files.map(Path::toString).filter(file -> file.endsWith(".jinja")).sorted().forEach(all::add);
    }
    return all;
  }

  private static ChatTemplate template(String name) {
    return name.endsWith(".jinja")
        ? ChatTemplates.fromJinja(Path.of(name))
        : ChatTemplates.byName(name).orElseThrow();
  }

  private static ChatCompletionRequestMessage calls(@Nullable String text, String... names) {
    List<ChatCompletionMessageToolCall> calls = new ArrayList<>();
    for (String name : names) {
      calls.add(
          new ChatCompletionMessageToolCall(
              "call_" + name, name, "{\"city\": \"city_" + name + "\"}"));
    }
    return new AssistantMessage(
        text == null ? null : MessageContent.of(text), null, calls, Map.of());
  }

  private static ChatCompletionRequestMessage result(String name) {
    return ChatCompletionRequestMessage.tool("call_" + name, "result_" + name);
  }

  private static ChatCompletionTool tool(String name) {
    return ChatCompletionTool.function(
        name,
        "Looks.",
        Map.of(
            "type",
            "object",
            "properties",
            Map.of("city", Map.of("type", "string", "description", "d"))));
  }

  /** Returns histories with tool calls, each with the words that must be rendered in this order. */
  private static Map<List<ChatCompletionRequestMessage>, List<String>> historiesOfCalls() {
    Map<List<ChatCompletionRequestMessage>, List<String>> all = new LinkedHashMap<>();
    all.put(
        List.of(USER, calls("First text.", "aaa"), result("aaa")),
        List.of("Hello", "city_aaa", "result_aaa"));
    all.put(
        List.of(USER, calls(null, "aaa"), result("aaa"), ANSWER, LAST),
        List.of("Hello", "city_aaa", "result_aaa", "Hi", "Bye"));
    all.put(
        List.of(USER, calls("First text.", "aaa"), result("aaa"), ANSWER, LAST),
        List.of("Hello", "city_aaa", "result_aaa", "Hi", "Bye"));
    all.put(
        List.of(
            USER,
            calls("First text.", "aaa"),
            result("aaa"),
            calls("Second text.", "bbb"),
            result("bbb")),
        List.of("Hello", "city_aaa", "result_aaa", "city_bbb", "result_bbb"));
    all.put(
        List.of(
            USER,
            calls("First text.", "aaa"),
            result("aaa"),
            calls("Second text.", "bbb"),
            result("bbb"),
            ANSWER,
            LAST),
        List.of("Hello", "city_aaa", "result_aaa", "city_bbb", "result_bbb", "Hi", "Bye"));
    all.put(
        List.of(USER, calls(null, "aaa", "bbb"), result("aaa"), result("bbb")),
        List.of("Hello", "city_aaa", "city_bbb", "result_bbb"));
    all.put(
        List.of(
            USER, calls("First text.", "aaa", "bbb"), result("bbb"), result("aaa"), ANSWER, LAST),
        List.of("Hello", "city_aaa", "city_bbb", "Hi", "Bye"));
    return all;
  }

  @ParameterizedTest
  @MethodSource("allTemplates")
  void noWordOfAHistoryWithCallsIsLost(String name) {
    ChatTemplate template = template(name);
    if (!takesCalls(template)) {
      return;
    }
    historiesOfCalls()
        .forEach(
            (history, inOrder) -> {
              List<String> words = new ArrayList<>(inOrder);
              history.forEach(message -> words.addAll(words(message)));
              for (List<ChatCompletionTool> tools :
                  List.of(List.<ChatCompletionTool>of(), List.of(tool("aaa"), tool("bbb")))) {
                String prompt = template.render(new Conversation(history, tools, Map.of())).text();

                String turn = prompt.substring(prompt.indexOf("Hello"));
                assertThat(turn).as(history.toString()).contains(words);
                assertThat(turn).as(history.toString()).containsSubsequence(inOrder);
              }
            });
  }

  private static boolean takesCalls(ChatTemplate template) {
    try {
      call(template, null, "{\"a\": 1}");
      return true;
    } catch (InvalidRequestException e) {
      assertThat(e).hasMessageContaining("does not support");
      return false;
    }
  }

  private static List<String> words(ChatCompletionRequestMessage message) {
    List<String> words = new ArrayList<>();
    words.add(message.text());
    if (message instanceof AssistantMessage assistant) {
      assistant.toolCalls().forEach(call -> words.add("city_" + call.name()));
    }
    return words;
  }

  @ParameterizedTest
  @MethodSource("allTemplates")
  void aConversationOfSystemMessagesKeepsThem(String name) {
    assertThat(text(template(name), SYSTEM)).contains("Be kind.");
    assertThat(text(template(name), SYSTEM, LATER)).contains("Be kind.", "Be brief.");
  }

  @ParameterizedTest
  @MethodSource("allTemplates")
  void aResultWithoutACallIsKept(String name) {
    ChatTemplate template = template(name);
    if (takesCalls(template)) {
      assertThat(text(template, USER, result("aaa"), ANSWER, LAST))
          .contains("Hello", "result_aaa", "Hi", "Bye");
    }
  }

  /** Descriptions and parameters are optional. */
  @ParameterizedTest
  @MethodSource("allTemplates")
  void everyToolThatOpenAiTakesIsRendered(String name) {
    ChatTemplate template = template(name);
    List<Map<String, @Nullable Object>> definitions =
        List.of(
            Map.of("name", "aaa"),
            Map.of("name", "aaa", "description", "Looks."),
            Map.of("name", "aaa", "parameters", Map.of()),
            Map.of("name", "aaa", "parameters", Map.of("type", "object")),
            Map.of("name", "aaa", "parameters", Map.of("type", "object", "properties", Map.of())),
            Map.of(
                "name",
                "aaa",
                "description",
                "Looks.",
                "parameters",
                Map.of("type", "object", "properties", Map.of("p", Map.of("type", "string")))),
            Map.of("name", "aaa", "description", "Looks.", "parameters", Map.of()),
            Map.of("name", "aaa", "description", "Looks.", "parameters", Map.of("type", "object")));
    for (Map<String, @Nullable Object> definition : definitions) {
      List<ChatCompletionTool> tools = List.of(new ChatCompletionTool("function", definition));
      try {
        assertThat(template.render(new Conversation(List.of(USER), tools, Map.of())).text())
            .contains("aaa");
      } catch (InvalidRequestException e) {
        assertThat(e).as(definition.toString()).hasMessageContaining("does not support tools");
      }
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
