package io.github.openaikserve.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JinjaChatTemplateTest {
  private static final String TURNS =
      "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}";
  private static final ChatCompletionRequestMessage HI = ChatCompletionRequestMessage.user("Hi");
  private static final ChatCompletionTool TOOL =
      new ChatCompletionTool("function", Map.of("name", "f"));

  @Test
  void theBosTokenIsLeftOutOnceAtTheFront() {
    String source = "{{ bos_token }}{{ bos_token }}" + TURNS + "{{ eos_token }}";
    ChatTemplate template = ChatTemplates.fromJinja(source, "<s>", "</s>");

    assertThat(text(template, HI)).isEqualTo("<s>[user]Hi</s>");
    assertThat(text(ChatTemplates.includeBosToken(template), HI)).isEqualTo("<s><s>[user]Hi</s>");
  }

  @Test
  void aBuiltInTemplateCanKeepItsBosToken() {
    assertThat(text(ChatTemplates.GEMMA3, HI)).startsWith("<start_of_turn>");
    assertThat(text(ChatTemplates.includeBosToken(ChatTemplates.GEMMA3), HI))
        .startsWith("<bos><start_of_turn>");
  }

  @Test
  void aTemplateThatLeavesNoBosTokenOutCannotKeepIt() {
    assertThatThrownBy(() -> ChatTemplates.includeBosToken(ChatTemplates.PLAIN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTemplateThatCannotBeReadSaysWhereAtLoad() {
    assertThatThrownBy(() -> ChatTemplates.fromJinja("ok\n{% if %}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2");
  }

  @Test
  void aConversationTheTemplateRejectsIsA400WithTheTemplatesMessage() {
    ChatTemplate template = ChatTemplates.fromJinja("{{ raise_exception('no cats') }}");

    InvalidRequestException refusal = refused(template, conversation(HI));
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.param()).isEqualTo("messages");
    assertThat(refusal.getMessage()).contains("no cats");
  }

  @Test
  void aTemplateThatFailsIs400AndSaysWhere() {
    ChatTemplate template = ChatTemplates.fromJinja("\n{{ messages[7].content + 'x' }}");

    InvalidRequestException refusal = refused(template, conversation(HI));
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.getMessage()).contains("line 2");
  }

  @Test
  void mediaAreRefusedByTheirPlace() {
    var image = new ContentPart.Media("image_url", Map.of("url", "x"));
    var parts = new MessageContent.Parts(List.of(new ContentPart.Text("see"), image));

    InvalidRequestException refusal =
        refused(
            ChatTemplates.fromJinja(TURNS), conversation(new UserMessage(parts, null, Map.of())));
    assertThat(refusal.param()).isEqualTo("messages[0].content[1]");
  }

  @Test
  void textPartsAreOneText() {
    var parts =
        new MessageContent.Parts(List.of(new ContentPart.Text("a"), new ContentPart.Text("b")));

    assertThat(text(ChatTemplates.fromJinja(TURNS), new UserMessage(parts, null, Map.of())))
        .isEqualTo("[user]ab");
  }

  @Test
  void aTemplateThatWantsTypedPartsGetsThem() {
    String source = "{% for m in messages %}{{ m.content[0]['text'] + ';' }}{% endfor %}";

    assertThat(text(ChatTemplates.fromJinja(source), HI)).isEqualTo("Hi;");
  }

  @ParameterizedTest
  @ValueSource(strings = {"capitalize", "upper", "title"})
  void developersAreSystemToTemplatesThatChangeTheCaseOfRoles(String filter) {
    var message = new SystemMessage("developer", MessageContent.of("x"), null, Map.of());
    String source = "{%% for m in messages %%}{{ m.role | %s }}: {{ m.content }}\n{%% endfor %%}";

    assertThat(text(ChatTemplates.fromJinja(source.formatted(filter)), message))
        .containsIgnoringCase("system: x");
  }

  @Test
  void developersAreSystemToTemplatesThatDoNotKnowThem() {
    var message = new SystemMessage("developer", MessageContent.of("x"), null, Map.of());

    assertThat(text(ChatTemplates.fromJinja(TURNS), message)).isEqualTo("[system]x");
    assertThat(text(ChatTemplates.fromJinja(TURNS + "{# developer #}"), message))
        .isEqualTo("[system]x");
    assertThat(
            text(
                ChatTemplates.fromJinja(
                    "{% for m in messages %}{{ '<dev>' if m.role == 'developer' else m.role }}"
                        + "{{ m.content }}{% endfor %}"),
                message))
        .isEqualTo("<dev>x");
  }

  @Test
  void aTemplateThatOnlyMentionsDevelopersWritesThemAsSystem() {
    var message = new SystemMessage("developer", MessageContent.of("Be brief."), null, Map.of());
    for (String mention :
        List.of("{# for developers #}", "You help developers. ", "{% set role = 'developer' %}")) {
      String source =
          mention
              + "{% for m in messages %}{% if m.role == 'system' %}[S]{{ m.content }}"
              + "{% elif m.role == 'user' %}[U]{{ m.content }}{% endif %}{% endfor %}";

      assertThat(text(ChatTemplates.fromJinja(source), message, HI))
          .as(mention)
          .endsWith("[S]Be brief.[U]Hi");
    }
  }

  @Test
  void argumentsAreVariablesButNeverTheConversation() {
    ChatTemplate template =
        ChatTemplates.fromJinja(
            "{{ mood }} {{ messages | length }} {{ tools is none }} {{ add_generation_prompt }}");
    Map<String, @Nullable Object> arguments =
        Map.of("mood", "glad", "messages", "x", "tools", "x", "add_generation_prompt", false);

    assertThat(template.render(new Conversation(List.of(HI), List.of(), arguments)).text())
        .isEqualTo("glad 1 True True");
  }

  @Test
  void furtherFieldsOfMessagesArriveUnlessTheyAreInTheWay() {
    ChatTemplate template =
        ChatTemplates.fromJinja(
            "{% for m in messages %}{{ m.role }} {{ m.name }} {{ m.reasoning_content }}{% endfor"
                + " %}");
    var message =
        new AssistantMessage(
            MessageContent.of("x"),
            "Ann",
            List.of(),
            Map.of("reasoning_content", "hm", "role", "user"));

    assertThat(text(template, message)).isEqualTo("assistant Ann hm");
  }

  @Test
  void toolsThatTheTemplateDoesNotWriteDownAreRefused() {
    var withTools = new Conversation(List.of(HI), List.of(TOOL), Map.of());

    assertThat(refused(ChatTemplates.fromJinja(TURNS), withTools).param()).isEqualTo("tools");
    assertThat(refused(ChatTemplates.PLAIN, withTools).param()).isEqualTo("tools");
    assertThat(refused(ChatTemplates.ZEPHYR, withTools).param()).isEqualTo("tools");
  }

  @Test
  void toolsThatAreNotFunctionsAreRejected() {
    var tool = new ChatCompletionTool("custom", Map.of("name", "f"));

    assertThat(
            refused(ChatTemplates.QWEN3, new Conversation(List.of(HI), List.of(tool), Map.of()))
                .param())
        .isEqualTo("tools[0].type");
  }

  @Test
  void callsThatTheTemplateDoesNotWriteDownAreRefused() {
    ChatTemplate template = ChatTemplates.fromJinja(TURNS);

    assertThat(refused(template, conversation(HI, call("1", "{}"))).param())
        .isEqualTo("messages[1].tool_calls");
    assertThat(refused(template, conversation(HI, answer("1"))).param())
        .isEqualTo("messages[1].role");
  }

  @Test
  void argumentsOfCallsAreValuesWhereTheTemplateMakesJsonOfThem() {
    ChatTemplate template = ChatTemplates.fromJinja(calls("c.function.arguments | tojson"));

    assertThat(text(template, HI, call("1", "{\"a\":1}"), answer("1")))
        .isEqualTo("Hi f={\"a\": 1} ok");
    assertThat(text(template, HI, call("1", "{\"a\":"), answer("1")))
        .isEqualTo("Hi f=\"{\\\"a\\\":\" ok");
  }

  @Test
  void argumentsOfCallsAreTextWhereTheTemplateJoinsThemToText() {
    ChatTemplate template = ChatTemplates.fromJinja(calls("'' + c.function.arguments"));

    assertThat(text(template, HI, call("1", "{\"a\":1}"), answer("1")))
        .isEqualTo("Hi f={\"a\":1} ok");
  }

  @Test
  void aToolCallWithoutTextHasContentThatTheTemplateCanRead() {
    String source =
        "{% for m in messages %}{% if m.tool_calls is defined and m.content is none %}"
            + "{{ m.tool_calls[0].function.name + m.tool_calls[0].function.arguments }}"
            + "{% else %}{{ m.content + ' ' }}{% endif %}{% endfor %}";

    assertThat(text(ChatTemplates.fromJinja(source), HI, call("1", "{}"), answer("1")))
        .isEqualTo("Hi f{}ok ");
    assertThat(
            text(
                ChatTemplates.fromJinja(
                    calls("m.content + '{}' | string + (c.function.arguments | tojson)")),
                HI,
                call("1", "{}"),
                answer("1")))
        .isEqualTo("Hi f={}{} ok");
  }

  @Test
  void aToolResultCarriesTheNameOfItsFunction() {
    ChatTemplate template =
        ChatTemplates.fromJinja(
            calls("c.function.arguments | tojson")
                + "{{ messages[-1].name }} {{ messages[-1].tool_call_id }}");

    assertThat(text(template, HI, call("id7", "{}"), answer("id7"))).endsWith("f id7");
  }

  @Test
  void idsAreShortenedToMistralsNineCharacters() {
    String prompt = text(ChatTemplates.MISTRAL_V7, HI, call("call_a-1", "{}"), answer("call_a-1"));

    assertThat(prompt).contains("\"id\": \"000calla1\"");
    assertThat(prompt).contains("[TOOL_RESULTS]000calla1[TOOL_CONTENT]");
    assertThat(text(ChatTemplates.MISTRAL_V3, HI, call("call_0123456789", "{}")))
        .contains("\"id\": \"123456789\"");
  }

  @Test
  void idsAreNotShortenedForAMarkerInAComment() {
    ChatTemplate template =
        ChatTemplates.fromJinja(
            "{# [TOOL_CALLS] #}"
                + calls("c.function.arguments | tojson")
                + "{{ messages[-1].tool_call_id }}");

    assertThat(text(template, HI, call("call_123456789", "{}"), answer("call_123456789")))
        .endsWith("call_123456789");
  }

  @Test
  void anUnknownFilterInAnUntakenBranchFailsNoChat() {
    ChatTemplate template =
        ChatTemplates.fromJinja(
            TURNS + "{% if documents %}{{ documents | no_such_filter }}{% endif %}");

    assertThat(text(template, HI)).isEqualTo("[user]Hi");
    assertThat(template.format().toolCalls()).isNull();
  }

  /** Clients send an empty text for a call without arguments. */
  @ParameterizedTest
  @ValueSource(strings = {"chatml", "walking"})
  void anEmptyTextOfArgumentsIsAnEmptyObject(String name) {
    ChatTemplate template =
        name.equals("chatml")
            ? ChatTemplates.CHATML
            : ChatTemplates.fromJinja(
                "{% for m in messages %}{{ m.content or '' }}{% for c in m.tool_calls or [] %}"
                    + "<f {{ c.function.name }}>{% for k, v in c.function.arguments.items() %}"
                    + "<p {{ k }}>{{ v }}</p>{% endfor %}</f>{% endfor %}{% endfor %}");

    assertThat(text(template, HI, call("id7", ""), answer("id7")))
        .contains(name.equals("chatml") ? "\"arguments\": {}}" : "<f f></f>");
  }

  @Test
  void whiteSpaceBelongsToFormsThatLeaveItToTheModel() {
    assertThat(ChatTemplates.LLAMA2.render(conversation(HI)).stripLeadingWhitespace()).isTrue();
    assertThat(ChatTemplates.QWEN3.render(conversation(HI)).stripLeadingWhitespace()).isFalse();
    assertThat(
            ChatTemplates.fromJinja("ASSISTANT:").render(conversation(HI)).stripLeadingWhitespace())
        .isTrue();
  }

  private static String calls(String arguments) {
    return "{% for m in messages %}{% for c in m.tool_calls %}{{ c.function.name ~ '=' ~ ("
        + arguments
        + ") ~ ' ' }}{% else %}{{ m.content }}{{ ' ' if not loop.last }}{% endfor %}{% endfor %}";
  }

  private static ChatCompletionRequestMessage call(String id, String arguments) {
    return new AssistantMessage(
        null, null, List.of(new ChatCompletionMessageToolCall(id, "f", arguments)), Map.of());
  }

  private static ChatCompletionRequestMessage answer(String id) {
    return new ToolMessage("tool", MessageContent.of("ok"), id, Map.of());
  }

  private static Conversation conversation(ChatCompletionRequestMessage... messages) {
    return new Conversation(List.of(messages));
  }

  private static String text(ChatTemplate template, ChatCompletionRequestMessage... messages) {
    return template.render(conversation(messages)).text();
  }

  private static InvalidRequestException refused(ChatTemplate template, Conversation conversation) {
    return catchThrowableOfType(InvalidRequestException.class, () -> template.render(conversation));
  }
}
