package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.Conversation;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What models write that is not quite their format, from the request to the answer. A stream has
 * the same parts as the whole answer.
 */
final class ModelAnswersTest {
  private static final Path TEMPLATES = Path.of("src/test/resources/model-templates");

  private static ChatCompletionTool tool(Map<String, @Nullable Object> property) {
    return ChatCompletionTool.function(
        "book", "Books.", Map.of("type", "object", "properties", Map.of("zip", property)));
  }

  static List<Path> templates() throws IOException {
    try (Stream<Path> files = Files.walk(TEMPLATES)) {
      return files.filter(file -> file.toString().endsWith(".jinja")).sorted().toList();
    }
  }

  private static String name(Path template) {
    return TEMPLATES.relativize(template).toString().replace(".jinja", "");
  }

  /** Returns reasoning as the model of a template writes it, before content or a call. */
  private static String thought(ChatTemplate template, boolean call) {
    ReasoningFormat reasoning = template.format().reasoning();
    if (reasoning == null) {
      return "";
    }
    if (reasoning.channels()) {
      return "<|channel|>analysis<|message|>I think.<|end|><|start|>assistant"
          + (call ? "" : "<|channel|>final<|message|>");
    }
    String prompt =
        template.render(new Conversation(List.of(ChatCompletionRequestMessage.user("Hi")))).text();
    String begin = reasoning.isOpenAfter(prompt) ? "" : reasoning.begins().get(0);
    String content = call ? "" : String.join("", reasoning.contentBegins());
    return begin + "I think." + reasoning.ends().get(0) + content;
  }

  private static @Nullable String reasoning(ChatTemplate template) {
    return template.format().reasoning() == null ? null : "I think.";
  }

  @ParameterizedTest
  @MethodSource("templates")
  void theStopSequencesOfATemplateDoNotCutItsReasoning(Path file) {
    ChatTemplate template = ChatTemplates.fromJinja(file);
    for (int piece : new int[] {1, 1000}) {
      ChatCompletion answer =
          ask(name(file), thought(template, false) + "The answer.", piece, r -> {});

      assertThat(answer.text()).isEqualTo("The answer.");
      assertThat(answer.choices().get(0).message().reasoningContent())
          .isEqualTo(reasoning(template));
    }
  }

  @ParameterizedTest
  @MethodSource("templates")
  void theStopSequencesOfATemplateDoNotCutItsCalls(Path file) {
    ChatTemplate template = ChatTemplates.fromJinja(file);
    ToolCallFormat calls = template.format().toolCalls();
    if (calls == null) {
      return;
    }
    String call = calls.write("book", Map.of("zip", "<s>1</s> <|im_end|> <|end|>"));
    for (int piece : new int[] {1, 1000}) {
      ChatCompletion answer =
          ask(
              name(file),
              thought(template, true) + call,
              piece,
              r -> r.tool(tool(Map.of("type", "string"))));

      assertThat(answer.toolCalls())
          .extracting(one -> one.name() + one.arguments().replace(": ", ":"))
          .containsExactly("book{\"zip\":\"<s>1</s> <|im_end|> <|end|>\"}");
      assertThat(answer.choices().get(0).message().reasoningContent())
          .isEqualTo(reasoning(template));
      assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }
  }

  private static ChatCompletion ask(
      String template,
      String answer,
      int piece,
      Consumer<CreateChatCompletionRequest.Builder> request) {
    List<String> pieces = new ArrayList<>();
    for (int i = 0; i < answer.length(); i += piece) {
      pieces.add(answer.substring(i, Math.min(answer.length(), i + piece)));
    }
    return WholeAndStreamed.ask(
        OpenAiKServe.builder(FakeBackend.tokens(pieces.toArray(String[]::new)))
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .chatTemplate(
                            ChatTemplates.fromJinja(TEMPLATES.resolve(template + ".jinja"))))
            .build(),
        r -> request.accept(r.user("Hi")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void aCallInOpenReasoningIsACall(int piece) {
    ChatCompletion answer =
        ask(
            "Qwen3.5-4B",
            "I will look.\n<tool_call>\n<function=book>\n<parameter=zip>\n75001\n</parameter>\n"
                + "</function>\n</tool_call>",
            piece,
            r -> r.tool(tool(Map.of("type", "string"))));

    assertThat(answer.choices().get(0).message().reasoningContent()).isEqualTo("I will look.");
    assertThat(answer.toolCalls())
        .extracting(ChatCompletionMessageToolCall::arguments)
        .containsExactly("{\"zip\": \"75001\"}");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void theAnswerBeginsWithinAHeader(int piece) {
    ChatCompletion answer =
        ask(
            "openai-gpt-oss-120b",
            " to=functions.book<|channel|>commentary json<|message|>{\"zip\":\"1\"}<|call|>",
            piece,
            r -> r.tool(tool(Map.of("type", "string"))));

    assertThat(answer.toolCalls())
        .extracting(ChatCompletionMessageToolCall::name)
        .containsExactly("book");
    assertThat(answer.text()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "string,null| 12345| \"12345\"",
        "string,null| null| null",
        "string,integer| 12345| \"12345\"",
        "integer,null| 12345| 12345",
        "array| ['a', True]| [\"a\", true]",
        "boolean| True| true",
        "object| {'a': None}| {\"a\": null}",
      })
  void valuesHaveTheTypesOfTheSchema(String types, String written, String json) {
    for (int piece : new int[] {1, 3, 1000}) {
      ChatCompletion answer =
          ask(
              "Qwen3-Coder",
              "<tool_call>\n<function=book>\n<parameter=zip>\n"
                  + written
                  + "\n</parameter>\n</function>\n</tool_call>",
              piece,
              r -> r.tool(tool(Map.of("type", List.of(types.split(","))))));

      assertThat(answer.toolCalls().get(0).arguments()).isEqualTo("{\"zip\": " + json + "}");
    }
  }

  @Test
  void schemasOfSeveralTypesAreResolved() {
    List<Map<String, @Nullable Object>> strings =
        List.of(
            Map.of("anyOf", List.of(Map.of("type", "string"), Map.of("type", "null"))),
            Map.of("oneOf", List.of(Map.of("type", "integer"), Map.of("type", "string"))),
            Map.of("enum", List.of("12345", "2")),
            Map.of("allOf", List.of(Map.of("type", "string"), Map.of("minLength", 1))),
            Map.of("description", "anything"));
    for (Map<String, @Nullable Object> schema : strings) {
      ChatCompletion answer =
          ask(
              "Qwen3-Coder",
              "<tool_call>\n<function=book>\n<parameter=zip>\n12345\n</parameter>\n</function>",
              1000,
              r -> r.tool(tool(schema)));

      assertThat(answer.toolCalls().get(0).arguments())
          .as(schema.toString())
          .isEqualTo("{\"zip\": \"12345\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void stopSequencesOfTheRequestCutTheContentOnly(int piece) {
    ChatCompletion answer =
        ask(
            "Qwen-Qwen3-0.6B",
            "<think>First, Question: what?</think>42 Question: no",
            piece,
            r -> r.stop("Question:"));

    assertThat(answer.choices().get(0).message().reasoningContent())
        .isEqualTo("First, Question: what?");
    assertThat(answer.text()).isEqualTo("42 ");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void reasoningThatIsOpenedTwiceAndAgainLater(int piece) {
    ChatCompletion answer =
        ask("Qwen3.5-4B", "<think>\nhm\n</think>\n\nOne<think>b</think>Two", piece, r -> {});

    assertThat(answer.choices().get(0).message().reasoningContent()).isEqualTo("hmb");
    assertThat(answer.text()).isEqualTo("OneTwo");
  }

  @Test
  void aCallThatIsNotJsonIsTextAndEndsAStreamWithAnError() {
    String call = "<tool_call>{\"name\": \"book\", \"arguments\": {\"zip\": oops}}</tool_call>";
    Consumer<CreateChatCompletionRequest.Builder> request =
        r -> r.user("Hi").tool(tool(Map.of("type", "string")));
    OpenAiKServe openai =
        OpenAiKServe.builder(FakeBackend.tokens(call))
            .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
            .build();

    ChatCompletion whole = openai.chatCompletions().create(request);

    assertThat(whole.toolCalls()).isEmpty();
    assertThat(whole.text()).isEqualTo(call);
    List<ChatCompletionChunk> chunks = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              try (var stream = openai.chatCompletions().stream(request)) {
                stream.forEach(chunks::add);
              }
            })
        .isInstanceOf(InvalidAnswerException.class);
    assertThat(chunks)
        .allSatisfy(chunk -> assertThat(chunk.choices().get(0).finishReason()).isNull());
  }

  @Test
  void idsOfCallsDoNotRepeat() {
    String call =
        "<|tool_calls_section_begin|><|tool_call_begin|>functions.book:0"
            + "<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>";

    ChatCompletion answer =
        ask("moonshotai-Kimi-K2", call + call, 1000, r -> r.tool(tool(Map.of("type", "string"))));

    assertThat(answer.toolCalls())
        .extracting(ChatCompletionMessageToolCall::id)
        .doesNotHaveDuplicates()
        .first()
        .isEqualTo("functions.book:0");
  }

  @Test
  void idsOfCallsDoNotRepeatThoseOfEarlierTurns() {
    ChatCompletion answer =
        ask(
            "moonshotai-Kimi-K2",
            "<|tool_calls_section_begin|><|tool_call_begin|>functions.book:0"
                + "<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>",
            1000,
            r ->
                r.tool(tool(Map.of("type", "string")))
                    .message(
                        new AssistantMessage(
                            null,
                            null,
                            List.of(
                                new ChatCompletionMessageToolCall(
                                    "functions.book:0", "book", "{}")),
                            Map.of()))
                    .message(ChatCompletionRequestMessage.tool("functions.book:0", "booked")));

    assertThat(answer.toolCalls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.name()).isEqualTo("book");
              assertThat(call.id()).isNotEqualTo("functions.book:0");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "Qwen-Qwen3-0.6B, none, </think>",
    "openai-gpt-oss-120b, max, Reasoning: high",
    "openai-gpt-oss-120b, minimal, Reasoning: low",
    "ByteDance-Seed-OSS, low, 1024",
  })
  void reasoningEffortIsMappedToTheTemplatesValues(
      String template, String effort, String expected) {
    var backend = FakeBackend.tokens("Hi");
    OpenAiKServe.builder(backend)
        .model(
            "m",
            m ->
                m.dialect(Dialects.ANYSERVE)
                    .chatTemplate(ChatTemplates.fromJinja(TEMPLATES.resolve(template + ".jinja"))))
        .build()
        .chatCompletions()
        .create(r -> r.user("Hi").reasoningEffort(effort));

    assertThat(backend.onlyRequest().input("prompt").orElseThrow().texts().get(0))
        .contains(expected);
  }

  @ParameterizedTest
  @MethodSource("templates")
  void noTemplateRefusesAnEffort(Path file) {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("Hi"))
            .model(
                "m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.fromJinja(file)))
            .build();
    for (String effort : List.of("none", "minimal", "low", "medium", "high", "xhigh", "max")) {
      assertThat(openai.chatCompletions().create(r -> r.user("Hi").reasoningEffort(effort)))
          .as(effort)
          .isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource({"minimal, low", "low, low", "medium, high", "high, high", "xhigh, max", "max, max"})
  void anEffortThatTheTemplateRefusesIsTheNearestThatItTakes(String effort, String expected) {
    reasoningEffortIsMappedToTheTemplatesValues("Kimi-K3", effort, "thinking_effort=" + expected);
  }

  @Test
  void theTokensOfReasoningAreCounted() {
    ChatCompletion answer =
        OpenAiKServe.builder(FakeBackend.tokens("<think>", "a", " b", "</think>", "c", "d"))
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .reasoningFormat(ReasoningFormats.THINK)
                        .toolCallFormat(ToolCallFormats.HERMES))
            .build()
            .chatCompletions()
            .create(r -> r.user("Hi"));

    CompletionUsage usage = Objects.requireNonNull(answer.usage());
    assertThat(usage.reasoningTokens()).isEqualTo(4);
    assertThat(usage.completionTokens()).isEqualTo(6);
  }

  /**
   * Unlike vLLM, which stops at any text: the call would be lost with the rest of its arguments.
   */
  @Test
  void aStopSequenceOfTheRequestCutsContentOnly() {
    String call = ToolCallFormats.HERMES.write("book", Map.of("zip", "a END b"));
    for (int piece : new int[] {1, 3, 1000}) {
      ChatCompletion answer =
          ask(
              "Qwen-Qwen3-0.6B",
              "<think>END of it</think>I book. " + call + "Done END more",
              piece,
              r -> r.tool(tool(Map.of("type", "string"))).stop("END"));

      assertThat(answer.choices().get(0).message().reasoningContent()).isEqualTo("END of it");
      assertThat(answer.toolCalls())
          .extracting(one -> one.arguments())
          .containsExactly("{\"zip\":\"a END b\"}");
      assertThat(answer.text()).isEqualTo("I book.Done ");
    }
  }
}
