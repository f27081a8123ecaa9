package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.CheckedHandler;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionMessageToolCallChunk;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of tools, from the request's choice to the answer's shape, in a format of one's own. */
final class ToolCallingTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ToolCallFormat BRACKETS = BracketCalls.FORMAT;
  private static final ChatCompletionTool WEATHER =
      ChatCompletionTool.function("weather", "Tells the weather.", Map.of("type", "object"));
  private static final ChatCompletionTool TIME = ChatCompletionTool.function("time", null, null);

  /** Writes down the names of the tools and the last message. */
  private static final ChatTemplate TEMPLATE =
      conversation ->
          new ChatPrompt(
              conversation.tools().stream().map(ChatCompletionTool::name).toList()
                  + conversation.messages().get(conversation.messages().size() - 1).text(),
              List.of(),
              false);

  @Test
  void textAroundACallIsContent() {
    ChatCompletion answer = create(FakeBackend.tokens("Let me see. [wea", "ther|{\"c\"", ":1}]"));

    ChatCompletion.Choice choice = answer.choices().get(0);
    assertThat(choice.message().content()).isEqualTo("Let me see.");
    assertThat(answer.toolCalls())
        .containsExactly(new ChatCompletionMessageToolCall("call_id", "weather", "{\"c\":1}"));
    assertThat(choice.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
  }

  @Test
  void contentIsNullWhenTheAnswerHasOnlyToolCalls() {
    ChatCompletion answer = create(FakeBackend.tokens("[weather|{}]", "[time|{}]"));

    assertThat(answer.choices().get(0).message().content()).isNull();
    assertThat(answer.toolCalls())
        .extracting(ChatCompletionMessageToolCall::name)
        .containsExactly("weather", "time");
  }

  @Test
  void aStreamedToolCallIsNamedOnceAndItsArgumentsFollowInDeltas() {
    List<ChatCompletionChunk> chunks = stream(FakeBackend.tokens("[weather|", "{\"c\"", ":1}]"));

    List<ChatCompletionMessageToolCallChunk> calls =
        chunks.stream().flatMap(c -> c.choices().get(0).delta().toolCalls().stream()).toList();
    assertThat(calls.get(0))
        .isEqualTo(new ChatCompletionMessageToolCallChunk(0, "call_id", "weather", ""));
    assertThat(calls.subList(1, calls.size()))
        .allSatisfy(
            call -> {
              assertThat(call.id()).isNull();
              assertThat(call.name()).isNull();
              assertThat(call.index()).isZero();
            })
        .extracting(ChatCompletionMessageToolCallChunk::arguments)
        .containsExactly("{\"c\"", ":1}");
    assertThat(chunks.get(chunks.size() - 1).choices().get(0).finishReason())
        .isEqualTo(FinishReason.TOOL_CALLS);
  }

  @Test
  void aCallThatWasCutOffIsText() {
    ChatCompletion answer = create(FakeBackend.tokens("[weather|{\"c"));

    assertThat(answer.toolCalls()).isEmpty();
    assertThat(answer.text()).isEqualTo("[weather|{\"c");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void aStreamedCallThatWasCutOffIsFollowedByItsText() {
    List<ChatCompletionChunk> chunks = stream(FakeBackend.tokens("[weather|{\"c"));

    assertThat(chunks.stream().map(ChatCompletionChunk::text).toList().toString())
        .contains("[weather|{\"c");
    assertThat(chunks.get(chunks.size() - 1).choices().get(0).finishReason())
        .isEqualTo(FinishReason.STOP);
  }

  @Test
  void withoutToolsTheTextIsNotRead() {
    var openai = openai(FakeBackend.tokens("[weather|{}]"));

    ChatCompletion answer = openai.chatCompletions().create(r -> r.user("Hi"));

    assertThat(answer.text()).isEqualTo("[weather|{}]");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void theChoiceNoneShowsTheModelNoTools() {
    var backend = FakeBackend.tokens("[weather|{}]");

    ChatCompletion answer = create(backend, r -> r.toolChoice("none"));

    assertThat(answer.text()).isEqualTo("[weather|{}]");
    assertThat(prompt(backend)).isEqualTo("[]Hi");
  }

  @Test
  void theChoiceRequiredMakesTheAnswerBeginWithACall() {
    var backend = FakeBackend.tokens("weather|{}]");

    ChatCompletion answer = create(backend, r -> r.toolChoice("required"));

    assertThat(prompt(backend)).isEqualTo("[weather, time]Hi[");
    assertThat(answer.toolCalls())
        .containsExactly(new ChatCompletionMessageToolCall("call_id", "weather", "{}"));
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
  }

  @Test
  void theChoiceOfAFunctionMakesTheAnswerOneCallOfIt() {
    var backend =
        FakeBackend.answering(
            call -> ScriptedResponse.of(FakeBackendReplies.tokens("{}]", " more")).thenHangs());

    ChatCompletion answer =
        create(
            backend,
            r -> r.toolChoice(Map.of("type", "function", "function", Map.of("name", "time"))));

    assertThat(prompt(backend)).isEqualTo("[weather, time]Hi[time|");
    assertThat(answer.toolCalls())
        .containsExactly(new ChatCompletionMessageToolCall("call_id", "time", "{}"));
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(answer.choices().get(0).message().content()).isNull();
    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void allowedToolsAreTheOnlyOnesShown() {
    var backend = FakeBackend.tokens("no");

    create(
        backend,
        r ->
            r.toolChoice(
                Map.of(
                    "type",
                    "allowed_tools",
                    "allowed_tools",
                    Map.of(
                        "mode",
                        "auto",
                        "tools",
                        List.of(Map.of("type", "function", "function", Map.of("name", "time")))))));

    assertThat(prompt(backend)).isEqualTo("[time]Hi");
  }

  @Test
  void withoutParallelCallsTheAnswerIsOverAfterTheFirst() {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(FakeBackendReplies.tokens("ok [time|{}]", "[weather|{}]"))
                    .thenHangs());

    ChatCompletion answer = create(backend, r -> r.parallelToolCalls(false));

    assertThat(answer.toolCalls()).hasSize(1);
    assertThat(answer.text()).isEqualTo("ok");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"function\",\"function\":{\"name\":\"unknown\"}}",
        "{\"type\":\"function\"}",
        "{\"type\":\"function\",\"function\":{\"name\":7}}",
        "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\"}}",
        "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"tools\":[{\"function\":{\"name\":\"x\"}}]}}",
        "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"any\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"time\"}}]}}",
        "{\"type\":\"custom\",\"custom\":{\"name\":\"x\"}}"
      })
  void anInvalidToolChoiceIsRejected(String choice) throws IOException {
    Object object = JSON.readValue(choice, Map.class);

    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> create(FakeBackend.tokens("x"), r -> r.toolChoice(object)));

    assertThat(refusal.param()).startsWith("tool_choice");
    assertThat(refusal.status()).isEqualTo(400);
  }

  static Stream<Object> unknownChoices() {
    return Stream.of("any", "weather", "", 5, true, List.of("auto"));
  }

  @ParameterizedTest
  @MethodSource("unknownChoices")
  void anUnknownToolChoiceOfAJavaCallerIsRejected(Object choice) {
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> create(FakeBackend.tokens("x"), r -> r.toolChoice(choice)));

    assertThat(refusal.param()).isEqualTo("tool_choice");
  }

  @Test
  void choicesWithoutToolsAreRefused() {
    var openai = openai(FakeBackend.tokens("x"));

    var choice =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai.chatCompletions().create(r -> r.user("Hi").toolChoice("auto")));
    var parallel =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai.chatCompletions().create(r -> r.user("Hi").parallelToolCalls(true)));

    assertThat(choice.param()).isEqualTo("tool_choice");
    assertThat(choice)
        .hasMessage(
            "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are"
                + " specified.");
    assertThat(parallel.param()).isEqualTo("parallel_tool_calls");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'tools':[] | 200",
        "'stop':[] | 200",
        "'tools':[],'stop':[] | 200",
        "'tools':[],'tool_choice':'required' | 400",
        "'tool_choice':'required' | 400",
      })
  void emptyListsAreAbsentFields(String fields, int status) {
    ApiResponse answer =
        openai(FakeBackend.tokens("x"))
            .httpHandler()
            .answer(
                Requests.post(
                    "/v1/chat/completions",
                    "{'messages':[{'role':'user','content':'Hi'}],FIELDS}"
                        .replace("FIELDS", fields)
                        .replace('\'', '"')));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(Bodies.text(answer)).contains(status == 200 ? "\"x\"" : "\"param\":\"tool_choice\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with space", "é", "a.b"})
  void aNameThatOpenAiWouldRefuseIsRefused(String name) {
    var tool = ChatCompletionTool.function(name, null, null);

    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> create(FakeBackend.tokens("x"), r -> r.tool(tool)));

    assertThat(refusal.param()).isEqualTo("tools[2].function.name");
  }

  @Test
  void moreToolsThanOpenAiTakesAreRefused() {
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> create(FakeBackend.tokens("x"), r -> r.tools(Collections.nCopies(129, TIME))));

    assertThat(refusal.param()).isEqualTo("tools");
    assertThat(refusal.code()).isEqualTo("array_above_max_length");
  }

  @Test
  void anAnswerOfAToolHasToFollowItsCall() {
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                create(
                    FakeBackend.tokens("x"),
                    r -> r.message(ChatCompletionRequestMessage.tool("call_1", "12:00"))));

    assertThat(refusal.param()).isEqualTo("messages[1].role");
    assertThat(refusal).hasMessageContaining("must be a response to a preceeding message");
  }

  @Test
  void everyToolCallNeedsAResultBeforeTheNextMessage() {
    var called =
        new ChatCompletion.Message(
            null,
            null,
            List.of(
                new ChatCompletionMessageToolCall("call_1", "time", "{}"),
                new ChatCompletionMessageToolCall("call_2", "time", "{}")));

    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                create(
                    FakeBackend.tokens("x"),
                    r ->
                        r.message(ChatCompletionRequestMessage.assistant(called))
                            .message(ChatCompletionRequestMessage.tool("call_1", "12:00"))
                            .user("And?")));
    ChatCompletion answer =
        create(
            FakeBackend.tokens("x"),
            r ->
                r.message(ChatCompletionRequestMessage.assistant(called))
                    .message(ChatCompletionRequestMessage.tool("call_2", "12:01"))
                    .message(ChatCompletionRequestMessage.tool("call_1", "12:00")));

    assertThat(refusal.param()).isEqualTo("messages[1].role");
    assertThat(refusal).hasMessageContaining("1 of them did not have response messages");
    assertThat(answer.text()).isEqualTo("x");
  }

  @Test
  void toolsOfUnknownTypesAreRefused() {
    var tool = new ChatCompletionTool("web_search", Map.of("name", "x"));

    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> create(FakeBackend.tokens("x"), r -> r.tool(tool)));

    assertThat(refusal.param()).isEqualTo("tools[2].type");
  }

  @Test
  void aRouteWithoutAToolFormatRejectsTools() {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("x"))
            .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.PLAIN))
            .build();

    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai.chatCompletions().create(r -> r.user("Hi").tools(List.of(TIME))));

    assertThat(refusal.param()).isEqualTo("tools");
    assertThat(refusal.code()).isEqualTo("unsupported_parameter");
  }

  @Test
  void everyChoiceHasItsOwnToolCalls() {
    ChatCompletion answer = create(FakeBackend.tokens("[time|{}]"), r -> r.n(2));

    assertThat(answer.choices())
        .allSatisfy(
            choice -> {
              assertThat(choice.message().toolCalls()).hasSize(1);
              assertThat(choice.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
            });
  }

  @Test
  void aLegacyFunctionRequestGetsALegacyAnswer() throws IOException {
    String request =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
            + "\"functions\":[{\"name\":\"time\"}]%s}";

    JsonNode whole = JSON.readTree(post(FakeBackend.tokens("[time|{}]"), request.formatted("")));
    String events = post(FakeBackend.tokens("[time|{}]"), request.formatted(",\"stream\":true"));

    assertThat(whole.at("/choices/0/message/function_call"))
        .isEqualTo(JSON.readTree("{\"name\":\"time\",\"arguments\":\"{}\"}"));
    assertThat(whole.at("/choices/0/message").has("tool_calls")).isFalse();
    assertThat(whole.at("/choices/0/finish_reason").asText()).isEqualTo("function_call");
    assertThat(events)
        .contains("{\"function_call\":{\"name\":\"time\",\"arguments\":\"\"}}")
        .contains("{\"function_call\":{\"arguments\":\"{}\"}}")
        .doesNotContain("tool_calls");
  }

  @Test
  void theJsonOfCallsIsOpenAis() throws IOException {
    String request =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"tools\":[{\"type\":\"function\","
            + "\"function\":{\"name\":\"time\"}}]%s}";

    JsonNode whole = JSON.readTree(post(FakeBackend.tokens("[time|{}]"), request.formatted("")));
    String events = post(FakeBackend.tokens("[time|{}]"), request.formatted(",\"stream\":true"));

    assertThat(whole.at("/choices/0/message"))
        .isEqualTo(
            JSON.readTree(
                "{\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"tool_calls\":[{"
                    + "\"id\":\"call_id\",\"type\":\"function\",\"function\":{\"name\":\"time\","
                    + "\"arguments\":\"{}\"}}]}"));
    assertThat(events)
        .contains(
            "\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_id\",\"type\":\"function\","
                + "\"function\":{\"name\":\"time\",\"arguments\":\"\"}}]}")
        .contains("\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}");
  }

  @Test
  void aCustomToolReceivesText() throws IOException {
    FakeBackend backend = FakeBackend.tokens("Yes. [patch|{\"in", "put\":\"a\\nb\"}]");
    String request =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}%s],\"tools\":["
            + "{\"type\":\"custom\",\"custom\":{\"name\":\"patch\"}}]%s}";
    String history =
        ",{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"custom\",\"custom\":"
            + "{\"name\":\"patch\",\"input\":\"x\"}}]},"
            + "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"done\"}";

    JsonNode whole = JSON.readTree(post(backend, request.formatted(history, "")));
    String events = post(backend, request.formatted("", ",\"stream\":true"));

    JsonNode message = whole.at("/choices/0/message");
    assertThat(message.get("content").asText()).isEqualTo("Yes.");
    assertThat(message.at("/tool_calls/0/type").asText()).isEqualTo("custom");
    assertThat(message.at("/tool_calls/0/custom/input").asText()).isEqualTo("a\nb");
    assertThat(events)
        .contains("\"type\":\"custom\",\"custom\":{\"name\":\"patch\",\"input\":\"a\\nb\"}");
  }

  @Test
  void aCustomToolCanBeRequired() {
    ChatCompletion answer =
        create(
            FakeBackend.tokens("{\"input\":\"x\"}]"),
            r ->
                r.tool(new ChatCompletionTool("custom", Map.of("name", "patch")))
                    .toolChoice(Map.of("type", "custom", "custom", Map.of("name", "patch"))));

    assertThat(answer.toolCalls())
        .containsExactly(new ChatCompletionMessageToolCall("call_id", "custom", "patch", "x"));
  }

  private static String post(FakeBackend backend, String body) throws IOException {
    var checked = new CheckedHandler(openai(backend).httpHandler());
    ApiResponse response =
        checked
            .handle(
                new ApiRequest(
                    "POST",
                    "/v1/chat/completions",
                    Map.of(),
                    body.getBytes(StandardCharsets.UTF_8)))
            .toCompletableFuture()
            .join();
    var bytes = new ByteArrayOutputStream();
    response.body().writeTo(bytes);
    assertThat(checked.problems()).isEmpty();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String prompt(FakeBackend backend) {
    return backend.onlyRequest().input("prompt").orElseThrow().texts().get(0);
  }

  private static ChatCompletion create(FakeBackend backend) {
    return create(backend, r -> {});
  }

  private static ChatCompletion create(
      FakeBackend backend, Consumer<CreateChatCompletionRequest.Builder> more) {
    return openai(backend).chatCompletions().create(request(more));
  }

  private static List<ChatCompletionChunk> stream(FakeBackend backend) {
    List<ChatCompletionChunk> chunks = new ArrayList<>();
    try (var stream = openai(backend).chatCompletions().stream(request(r -> {}))) {
      stream.forEach(chunks::add);
    }
    return chunks;
  }

  private static CreateChatCompletionRequest request(
      Consumer<CreateChatCompletionRequest.Builder> more) {
    var request = CreateChatCompletionRequest.builder().user("Hi").tools(List.of(WEATHER, TIME));
    more.accept(request);
    return request.build();
  }

  private static OpenAiKServe openai(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model(
            "m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(TEMPLATE).toolCallFormat(BRACKETS))
        .ids(() -> "id")
        .build();
  }
}
