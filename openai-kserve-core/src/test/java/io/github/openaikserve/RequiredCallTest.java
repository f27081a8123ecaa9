package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that the request requires, of which the prompt has the beginning. */
final class RequiredCallTest {
  private static final Path TEMPLATES = Path.of("src/test/resources/model-templates");
  private static final ChatCompletionTool BOOK =
      ChatCompletionTool.function(
          "book",
          "Books.",
          Map.of("type", "object", "properties", Map.of("zip", Map.of("type", "string"))));

  @Test
  void aRequiredCallEndsOpenReasoningFirst() {
    var backend =
        FakeBackend.tokens("\n<parameter=zip>\n1\n</parameter>\n</function>\n</tool_call>");
    ChatCompletion answer =
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .chatTemplate(
                            ChatTemplates.fromJinja(TEMPLATES.resolve("Qwen3.5-4B.jinja"))))
            .build()
            .chatCompletions()
            .create(r -> r.user("Hi").tool(BOOK).toolChoice("required"));

    assertThat(backend.onlyRequest().input("prompt").orElseThrow().texts().get(0))
        .endsWith("</think>\n\n<tool_call>\n<function=book>\n");
    assertThat(answer.toolCalls()).hasSize(1);
  }

  static List<Path> templates() throws IOException {
    return ModelAnswersTest.templates();
  }

  @ParameterizedTest
  @MethodSource("templates")
  void aRequiredCallOfAnyTemplateEndsReasoningThatThePromptOpens(Path file) {
    ChatTemplate template = ChatTemplates.fromJinja(file);
    ReasoningFormat reasoning = template.format().reasoning();
    ToolCallFormat calls = template.format().toolCalls();
    if (calls == null) {
      return;
    }
    var backend = FakeBackend.tokens("x");
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(template))
            .build();
    openai.chatCompletions().create(r -> r.user("Hi").tool(BOOK));
    openai.chatCompletions().create(r -> r.user("Hi").tool(BOOK).toolChoice("required"));

    String usual = backend.calls().get(0).request().input("prompt").orElseThrow().texts().get(0);
    String forced = backend.calls().get(1).request().input("prompt").orElseThrow().texts().get(0);
    boolean open = reasoning != null && reasoning.isOpenAfter(usual);
    String closing = open ? Objects.requireNonNull(reasoning).closing() : "";
    assertThat(forced)
        .isEqualTo(usual + closing + calls.afterPrompt(usual, calls.opening("book").orElse("")));
    assertThat(open).as("whether the prompt opens reasoning").isEqualTo(OPEN.contains(name(file)));
  }

  /** The templates whose prompts open reasoning. */
  private static final Set<String> OPEN =
      Set.of(
          "Apriel-1.6-15b-Thinker-fixed",
          "GLM-4.7-Flash",
          "Kimi-K3",
          "MiniMax-M2",
          "Qwen3.5-4B",
          "StepFun3.5-Flash",
          "documented/GLM-5",
          "documented/Kimi-K2.5",
          "documented/Nemotron-3-Nano",
          "documented/Step3",
          "inclusionai-ling-3.0-flash");

  private static String name(Path file) {
    return TEMPLATES.relativize(file).toString().replace(".jinja", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"succleean\", \"conke\": \"good lple\"}}\n</tool_call>",
        "{\"zip\": oops}}\n</tool_call>",
        "[1]}\n</tool_call>",
        "\"zip\"}\n</tool_call>",
      })
  void aRequiredCallWhoseArgumentsAreNotJsonIsNotACall(String arguments) {
    Consumer<CreateChatCompletionRequest.Builder> request =
        r -> r.user("Hi").tool(BOOK).toolChoice("required");
    var backend = FakeBackend.tokens(arguments);
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.QWEN3))
            .build();

    ChatCompletion whole = openai.chatCompletions().create(request);

    assertThat(backend.onlyRequest().input("prompt").orElseThrow().texts().get(0))
        .endsWith("{\"name\": \"book\", \"arguments\":");
    assertThat(whole.toolCalls()).isEmpty();
    assertThat(whole.choices().get(0).finishReason()).isNotEqualTo(FinishReason.TOOL_CALLS);
    List<ChatCompletionChunk> chunks = new ArrayList<>();
    Throwable failure =
        catchThrowable(
            () -> {
              try (var stream = openai.chatCompletions().stream(request)) {
                stream.forEach(chunks::add);
              }
            });
    assertThat(chunks)
        .noneMatch(chunk -> chunk.choices().get(0).finishReason() == FinishReason.TOOL_CALLS);
    if (chunks.stream().anyMatch(c -> !c.choices().get(0).delta().toolCalls().isEmpty())) {
      assertThat(failure).isInstanceOf(InvalidAnswerException.class);
    }
  }

  /** Kimi, Command A and Solar number the calls of a conversation. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "moonshotai-Kimi-K2;functions.book:2<|tool_call_argument_begin|>",
        "documented/Kimi-K2.5;functions.book:2<|tool_call_argument_begin|>",
        "documented/Command-A-Reasoning;\"tool_call_id\": \"2\", \"tool_name\": \"book\", \"parameters\":",
        "documented/Solar-Open;call_2<|tool_call:name|>book<|tool_call:args|>",
      })
  void theNumberOfARequiredCallFollowsTheCallsOfTheConversation(String template, String opening) {
    var backend = FakeBackend.tokens(" {\"zip\": \"1\"}");
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .chatTemplate(
                            ChatTemplates.fromJinja(TEMPLATES.resolve(template + ".jinja"))))
            .build();

    ChatCompletion answer =
        openai
            .chatCompletions()
            .create(
                r ->
                    r.user("Hi")
                        .message(call("functions.book:0"))
                        .message(ChatCompletionRequestMessage.tool("functions.book:0", "ok"))
                        .message(call("functions.book:1"))
                        .message(ChatCompletionRequestMessage.tool("functions.book:1", "ok"))
                        .tool(BOOK)
                        .toolChoice("required"));

    assertThat(backend.onlyRequest().input("prompt").orElseThrow().texts().get(0))
        .endsWith(opening);
    if (template.contains("Kimi")) {
      assertThat(answer.toolCalls()).extracting(c -> c.id()).containsExactly("functions.book:2");
    }
  }

  private static AssistantMessage call(String id) {
    return new AssistantMessage(
        null,
        null,
        List.of(new ChatCompletionMessageToolCall(id, "book", "{\"zip\": \"1\"}")),
        Map.of());
  }

  @Test
  void aRequiredCallContinuesTheMarkerOfThePrompt() {
    var backend = FakeBackend.tokens("{\"zip\": \"1\"}");

    ChatCompletion answer =
        functionary(backend)
            .chatCompletions()
            .create(r -> r.user("Hi").tool(BOOK).toolChoice("required"));

    assertThat(backend.onlyRequest().input("prompt").orElseThrow().texts().get(0))
        .endsWith("<|end_header_id|>\n\n>>>book\n");
    assertThat(answer.toolCalls())
        .extracting(c -> c.name() + c.arguments())
        .containsExactly("book{\"zip\": \"1\"}");
  }

  @Test
  void theRecipientOfContentIsRemovedWithoutTools() {
    ChatCompletion answer =
        functionary(FakeBackend.tokens("all", "\n", "Hello"))
            .chatCompletions()
            .create(r -> r.user("Hi"));

    assertThat(answer.text()).isEqualTo("Hello");
  }

  @Test
  void theRecipientOfContentIsRemovedFromAModelWhoseToolsAreTurnedOff() {
    OpenAiKServe openai = functionary(FakeBackend.tokens("all", "\n", "Hello"), false);

    assertThat(openai.chatCompletions().create(r -> r.user("Hi")).text()).isEqualTo("Hello");
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> openai.chatCompletions().create(r -> r.user("Hi").tool(BOOK)))
        .withMessageContaining("'tools' is not supported with model 'm'");
  }

  private static OpenAiKServe functionary(FakeBackend backend) {
    return functionary(backend, true);
  }

  private static OpenAiKServe functionary(FakeBackend backend, boolean tools) {
    return OpenAiKServe.builder(backend)
        .model(
            "m",
            m ->
                m.dialect(Dialects.ANYSERVE)
                    .tools(tools)
                    .chatTemplate(
                        ChatTemplates.fromJinja(
                            TEMPLATES.resolve("meetkai-functionary-medium-v3.2.jinja"))))
        .build();
  }
}
