package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.ServerErrors;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.CheckedHandler;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseSchemas;
import io.github.openaikserve.openai.responses.ResponseStatus;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import io.github.openaikserve.openai.responses.ResponseTool;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses, whole and streamed, over a model whose formats of calls and reasoning are known. */
final class ResponsesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOOLS =
      "'tools':[{'type':'function','name':'weather','parameters':{'type':'object'}},"
          + "{'type':'custom','name':'patch','description':'Edits files.'},"
          + "{'type':'namespace','name':'agents','description':'Agents.','tools':["
          + "{'type':'function','name':'spawn','parameters':{'type':'object'}}]},"
          + "{'type':'web_search'}]";

  @Test
  void aTextIsAMessage() {
    Response response = openai("Hel", "lo").responses().create(r -> r.input("Hi"));

    assertThat(response.status()).isEqualTo(ResponseStatus.COMPLETED);
    assertThat(response.outputText()).isEqualTo("Hello");
    assertThat(response.output())
        .singleElement()
        .satisfies(item -> assertThat(item.id()).startsWith("msg_"));
    assertThat(response.id()).startsWith("resp_");
    assertThat(response.usage()).isNotNull();
  }

  @Test
  void aStreamedTextHasOpenAisEventsInOrder() throws IOException {
    List<JsonNode> events = stream("{'input':'Hi','stream':true}", "Hel", "lo");

    assertThat(types(events))
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed");
    assertThat(events.get(4).get("delta").asText()).isEqualTo("Hel");
    assertThat(events.get(5).get("delta").asText()).isEqualTo("lo");
    assertThat(events.get(6).get("text").asText()).isEqualTo("Hello");
    JsonNode completed = events.get(9).get("response");
    assertThat(completed.at("/output/0/content/0/text").asText()).isEqualTo("Hello");
    assertThat(completed.at("/usage/output_tokens").asInt()).isPositive();
    assertThat(events.get(4).get("item_id")).isEqualTo(completed.at("/output/0/id"));
  }

  @Test
  void reasoningIsASummaryInASeparateItem() throws IOException {
    List<JsonNode> events =
        stream("{'input':'Hi','stream':true}", "<think>", "I ", "wonder.", "</think>", "Hi");

    assertThat(types(events))
        .containsSubsequence(
            "response.output_item.added",
            "response.reasoning_summary_part.added",
            "response.reasoning_summary_text.delta",
            "response.reasoning_summary_text.delta",
            "response.reasoning_summary_text.done",
            "response.reasoning_summary_part.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.completed");
    JsonNode completed = last(events).get("response");
    assertThat(completed.at("/output/0/type").asText()).isEqualTo("reasoning");
    assertThat(completed.at("/output/0/summary/0/text").asText()).isEqualTo("I wonder.");
    assertThat(completed.at("/output/1/content/0/text").asText()).isEqualTo("Hi");
    assertThat(completed.at("/usage/output_tokens_details/reasoning_tokens").asInt()).isPositive();
  }

  @Test
  void reasoningIsShownAsWrittenWhereTheRequestIncludesIt() throws IOException {
    List<JsonNode> events =
        stream(
            "{'input':'Hi','stream':true,'include':['reasoning.text']}",
            "<think>",
            "I wonder.",
            "</think>",
            "Hi");

    assertThat(types(events))
        .contains("response.reasoning_text.delta", "response.reasoning_text.done")
        .doesNotContain("response.reasoning_summary_text.delta");
    assertThat(last(events).at("/response/output/0/content/0/text").asText())
        .isEqualTo("I wonder.");
  }

  @Test
  void severalCallsAreItemsInOrder() throws IOException {
    List<JsonNode> events =
        stream(
            "{'input':'Hi','stream':true," + TOOLS + "}",
            "I look.",
            "\n<tool_call>\n",
            "{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}",
            "\n</tool_call>\n<tool_call>\n{\"name\": \"agents__spawn\", \"arguments\": {}}",
            "\n</tool_call>");

    JsonNode output = last(events).at("/response/output");
    assertThat(output).hasSize(3);
    assertThat(output.at("/0/content/0/text").asText()).isEqualTo("I look.");
    assertThat(output.at("/1/type").asText()).isEqualTo("function_call");
    assertThat(output.at("/1/name").asText()).isEqualTo("weather");
    assertThat(JSON.readTree(output.at("/1/arguments").asText()).get("city").asText())
        .isEqualTo("Rome");
    assertThat(output.at("/1/id").asText()).startsWith("fc_");
    assertThat(output.at("/1/call_id").asText()).startsWith("call_");
    assertThat(output.at("/2/namespace").asText()).isEqualTo("agents");
    assertThat(output.at("/2/name").asText()).isEqualTo("spawn");
    assertThat(types(events))
        .containsSubsequence(
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed");
  }

  @Test
  void aCustomToolReceivesText() throws IOException {
    List<JsonNode> events =
        stream(
            "{'input':'Hi','stream':true," + TOOLS + "}",
            "<tool_call>\n{\"name\": \"patch\", \"arguments\": {\"input\": \"line 1\\nline 2\"}}",
            "\n</tool_call>");

    JsonNode call = last(events).at("/response/output/0");
    assertThat(call.get("type").asText()).isEqualTo("custom_tool_call");
    assertThat(call.get("input").asText()).isEqualTo("line 1\nline 2");
    assertThat(types(events))
        .containsSubsequence(
            "response.output_item.added",
            "response.custom_tool_call_input.delta",
            "response.custom_tool_call_input.done",
            "response.output_item.done",
            "response.completed");
  }

  @Test
  void theOutputIsTheInputOfTheNextRequest() {
    FakeBackend backend =
        FakeBackend.tokens(
            "<think>I look.</think><tool_call>\n{\"name\": \"weather\", \"arguments\": {}}\n</tool_call>");
    OpenAiKServe openai = openai(backend);
    Response first =
        openai
            .responses()
            .create(r -> r.input("Weather?").tool(ResponseTool.function("weather", null, null)));
    List<ResponseItem> items = new ArrayList<>(List.of(ResponseItem.user("Weather?")));
    items.addAll(first.output());
    items.add(
        ResponseItem.functionCallOutput(first.functionCalls().get(0).callId(), "It is sunny."));

    openai
        .responses()
        .create(r -> r.input(items).tool(ResponseTool.function("weather", null, null)));

    String prompt = prompt(backend.calls().get(1));
    assertThat(prompt).contains("Weather?", "\"name\": \"weather\"", "It is sunny.");
  }

  @Test
  void anAnswerThatWasCutOffIsIncomplete() throws IOException {
    List<JsonNode> events =
        stream("{'input':'Hi','stream':true,'max_output_tokens':2}", "Hel", "lo");

    JsonNode response = last(events).get("response");
    assertThat(last(events).get("type").asText()).isEqualTo("response.incomplete");
    assertThat(response.at("/incomplete_details/reason").asText()).isEqualTo("max_output_tokens");
    assertThat(response.at("/output/0/status").asText()).isEqualTo("incomplete");
  }

  @Test
  void aFailureBeforeTheFirstTokenIsAStatus() {
    var backend = FakeBackend.failing(BackendCode.UNAVAILABLE, "gone");

    ApiResponse response = post(openai(backend), "{'input':'Hi','stream':true}");

    assertThat(response.status()).isEqualTo(503);
    Throwable failure =
        catchThrowableOfType(
            BackendException.class, () -> openai(backend).responses().create(r -> r.input("Hi")));
    assertThat(failure).isNotNull();
  }

  @Test
  void aFailureInTheMiddleIsAnErrorAndAFailedResponse() throws IOException {
    var gone = new BackendException(BackendCode.UNAVAILABLE, "gone");
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(ScriptedResponse.tokens(call, "Hel").responses().subList(0, 1))
                    .thenFails(gone));

    List<JsonNode> events = events(post(openai(backend), "{'input':'Hi','stream':true}"));

    assertThat(types(events)).endsWith("response.output_text.delta", "error", "response.failed");
    JsonNode response = last(events).get("response");
    assertThat(response.at("/error/message").asText()).isEqualTo("gone");
    assertThat(response.at("/output/0/content/0/text").asText()).isEqualTo("Hel");
    assertThat(response.at("/output/0/status").asText()).isEqualTo("incomplete");
  }

  @Test
  void aPromptThatIsTooLongHasTheCodeThatAgentsRead() throws IOException {
    BackendException tooLong =
        ServerErrors.of(
            BackendCode.INVALID_ARGUMENT,
            "The prompt has 4010 tokens, but the context holds 1024 with at least one of the answer");
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(ScriptedResponse.tokens(call, "Hel").responses().subList(0, 1))
                    .thenFails(tooLong));

    ApiResponse before =
        post(
            openai(
                FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenFails(tooLong))),
            "{'input':'Hi'}");
    List<JsonNode> events = events(post(openai(backend), "{'input':'Hi','stream':true}"));

    assertThat(before.status()).isEqualTo(400);
    assertThat(Bodies.text(before)).contains("\"code\":\"context_length_exceeded\"");
    assertThat(last(events).at("/response/error/code").asText())
        .isEqualTo("context_length_exceeded");
  }

  @Test
  void whiteSpaceBeforeAToolCallIsNotAMessage() throws IOException {
    List<JsonNode> events =
        stream(
            "{'input':'Hi','stream':true," + TOOLS + "}",
            "\n\n",
            "<tool_call>\n{\"name\": \"weather\", \"arguments\": {}}\n</tool_call>");

    assertThat(last(events).at("/response/output")).hasSize(1);
  }

  @Test
  void anEmptyAnswerIsAnEmptyMessage() throws IOException {
    List<JsonNode> events = stream("{'input':'Hi','stream':true}", "");

    assertThat(last(events).at("/response/output/0/content/0/text").asText("none")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "'max_output_tokens':1,"})
  void aCallThatWasCutOffIsTheSameInAStreamAndInAWholeResponse(String limit) throws IOException {
    String body = "{'input':'Hi'," + limit + TOOLS + "}";
    String cut = "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"ci";

    JsonNode whole = JSON.readTree(Bodies.text(post(openai(cut), body)));
    List<JsonNode> events = stream(body.replace("{'input'", "{'stream':true,'input'"), cut);

    assertThat(last(events).get("type").asText()).isEqualTo("response.incomplete");
    JsonNode streamed = last(events).get("response");
    for (JsonNode response : List.of(whole, streamed)) {
      assertThat(response.get("status").asText()).isEqualTo("incomplete");
      assertThat(response.at("/incomplete_details/reason").asText()).isEqualTo("max_output_tokens");
      assertThat(response.get("output")).hasSize(1);
      assertThat(response.at("/output/0/type").asText()).isEqualTo("function_call");
      assertThat(response.at("/output/0/status").asText()).isEqualTo("incomplete");
      assertThat(response.at("/output/0/arguments").asText()).isEqualTo("{\"ci");
    }
  }

  @Test
  void aCustomToolsInputIsCheckedAgainstItsRegularExpression() {
    String body =
        "{'input':'Hi','tools':[{'type':'custom','name':'patch','format':"
            + "{'type':'grammar','syntax':'regex','definition':'[a-z]+'}}]}";
    String call =
        "<tool_call>\n{\"name\": \"patch\", \"arguments\": {\"input\": \"%s\"}}\n</tool_call>";

    assertThat(post(openai(call.formatted("abc")), body).status()).isEqualTo(200);
    ApiResponse wrong = post(openai(call.formatted("ABC")), body);
    assertThat(wrong.status()).isEqualTo(502);
    assertThat(Bodies.text(wrong)).contains("does not match its grammar");
  }

  @Test
  void aCustomToolsInputIsCheckedAgainstItsLarkGrammar() throws IOException {
    String call =
        "<tool_call>\n{\"name\": \"sum\", \"arguments\": {\"input\": \"%s\"}}\n</tool_call>";
    String grammar = "start: INT (\\\"+\\\" INT)*\\n%import common.INT";

    ApiResponse right = post(openai(call.formatted("1+22")), lark(grammar));
    ApiResponse wrong = post(openai(call.formatted("1+")), lark(grammar));
    ApiResponse unchecked = post(openai(call.formatted("1+")), lark("start: sum{INT}"));
    ApiResponse malformed = post(openai(call.formatted("1+")), lark("start: other"));

    assertThat(right.status()).isEqualTo(200);
    assertThat(right.headers()).doesNotContainKey("x-openai-kserve-dropped-params");
    assertThat(wrong.status()).isEqualTo(502);
    assertThat(Bodies.text(wrong)).contains("does not match its grammar");
    assertThat(unchecked.status()).isEqualTo(200);
    assertThat(unchecked.headers()).containsEntry("x-openai-kserve-dropped-params", "tools.format");
    JsonNode error = JSON.readTree(Bodies.text(malformed)).get("error");
    assertThat(malformed.status()).isEqualTo(400);
    assertThat(error.get("param").asText()).isEqualTo("tools[0].format");
    assertThat(error.get("message").asText()).contains("malformed", "'other' is not defined");
  }

  private static String lark(String grammar) {
    return "{'input':'Hi','tools':[{'type':'custom','name':'sum','format':"
        + "{'type':'grammar','syntax':'lark','definition':'"
        + grammar
        + "'}}]}";
  }

  @Test
  void hostedToolsAreLeftOutAndNamed() {
    ApiResponse response = post(openai("Hi"), "{'input':'Hi'," + TOOLS + ",'colour':'red'}");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().get("x-openai-kserve-dropped-params"))
        .contains("tools.web_search", "colour");
  }

  @Test
  void namesOfUnknownFieldsAreSafeInAHeader() {
    var body = new StringBuilder("{'input':'Hi','m\u00afx: y':1,'a b':2");
    for (int i = 0; i < 1000; i++) {
      body.append(",'field").append(i).append("':1");
    }

    ApiResponse response = post(openai("Hi"), body.append('}').toString());

    String dropped = response.headers().get("x-openai-kserve-dropped-params");
    assertThat(dropped.split(", ")).hasSize(32).contains("unknown", "field0");
    assertThat(dropped.chars()).allMatch(c -> c > 0x1f && c < 0x7f);
  }

  @Test
  void hostedToolsAreRejectedWhenConfigured() {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("Hi"))
            .model("m", Dialects.ANYSERVE)
            .rejectHostedTools(true)
            .build();

    ApiResponse response = post(openai, "{'input':'Hi','tools':[{'type':'web_search'}]}");

    assertThat(response.status()).isEqualTo(400);
    assertThat(Bodies.text(response)).contains("tools[0].type", "web_search");
  }

  @Test
  void aForcedHostedToolIsRefused() {
    ApiResponse response =
        post(openai("Hi"), "{'input':'Hi','tool_choice':{'type':'web_search'}," + TOOLS + "}");

    assertThat(response.status()).isEqualTo(400);
    assertThat(Bodies.text(response)).contains("\"param\":\"tool_choice\"");
  }

  @Test
  void errorsHaveTheNamesOfTheRequestsOwnFields() {
    ApiResponse response =
        post(openai("Hi"), "{'input':'Hi','tools':[{'type':'function','name':'a b'}]}");

    assertThat(response.status()).isEqualTo(400);
    assertThat(Bodies.text(response)).contains("\"param\":\"tools[0].name\"");
  }

  @Test
  void errorsNameTheToolAsTheRequestHasIt() throws IOException {
    ApiResponse response =
        post(
            openai("Hi"),
            "{'input':'Hi','tools':[{'type':'web_search'},{'type':'function','name':'f'},"
                + "{'type':'namespace','name':'n','tools':[{'type':'function','name':'a b'}]}]}");

    assertThat(response.status()).isEqualTo(400);
    JsonNode error = JSON.readTree(Bodies.text(response)).get("error");
    assertThat(error.get("param").asText()).isEqualTo("tools[2].tools[0].name");
    assertThat(error.get("message").asText()).contains("'tools[2].tools[0].name'");
  }

  @Test
  void featuresThatNeedAStoreAreRejectedWithAdvice() {
    for (String field :
        List.of(
            "'previous_response_id':'resp_1'",
            "'conversation':'conv_1'",
            "'background':true",
            "'input':[{'type':'item_reference','id':'msg_1'}]")) {
      ApiResponse response = post(openai("Hi"), "{'input':'Hi'," + field + "}");

      assertThat(response.status()).as(field).isEqualTo(400);
      assertThat(Bodies.text(response)).contains("'store': false");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'reasoning':{'effort':'huge'}                                  | reasoning.effort",
        "'reasoning':{'summary':'long'}                                 | reasoning.summary",
        "'text':{'verbosity':'loud'}                                    | text.verbosity",
        "'text':{'format':{'type':'xml'}}                               | text.format.type",
        "'truncation':'some'                                            | truncation",
        "'tools':[{'type':'function','name':'f','parameters':[]}]       | tools[0].parameters",
        "'tools':[{'type':'function','name':'f','strict':1}]            | tools[0].strict",
        "'tools':[{'type':'custom','name':'f','format':{'type':'x'}}]   | tools[0].format.type",
        "'tools':[{'type':'namespace','name':'n','tools':[]}]           | tools[0].tools",
        "'tool_choice':{'type':'allowed_tools','mode':'x','tools':[]}   | tool_choice.mode",
      })
  void aValueThatOpenAiDoesNotHaveIsRefusedByName(String field, String param) throws IOException {
    ApiResponse response = post(openai("Hi"), "{'input':'Hi'," + field + "}");

    assertThat(response.status()).isEqualTo(400);
    assertThat(JSON.readTree(Bodies.text(response)).at("/error/param").asText()).isEqualTo(param);
  }

  static Stream<Object> unknownChoices() {
    return Stream.of("any", "", 5, true);
  }

  @ParameterizedTest
  @MethodSource("unknownChoices")
  void anUnknownToolChoiceOfAJavaCallerIsRefusedEvenWithoutTools(Object choice) {
    OpenAiKServe openai = openai("Hi");

    InvalidRequestException refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai.responses().create(r -> r.input("Hi").toolChoice(choice)));

    assertThat(refusal.param()).isEqualTo("tool_choice");
  }

  @Test
  void anInputWithoutAMessageIsRefusedByName() throws IOException {
    ApiResponse response =
        post(
            openai("Hi"),
            "{'input':[{'type':'reasoning','summary':[]},{'type':'web_search_call'}]}");

    JsonNode error = JSON.readTree(Bodies.text(response)).get("error");
    assertThat(error.get("param").asText()).isEqualTo("input");
    assertThat(error.get("message").asText()).contains("at least one message");
  }

  @Test
  void aResponseRepeatsTheToolsThatTheModelWasOffered() throws IOException {
    String namespace = "{'type':'namespace','name':'n','tools':[{'type':'function','name':'g'}]}";

    JsonNode response =
        JSON.readTree(
            Bodies.text(
                post(
                    openai("Hi"),
                    "{'input':'Hi','tools':[{'type':'file_search'}," + namespace + "]}")));

    assertThat(response.get("tools")).hasSize(1);
    assertThat(response.at("/tools/0/tools/0/name").asText()).isEqualTo("g");
  }

  @Test
  void aCallWithoutItsOutputIsRefused() {
    InvalidRequestException failure =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                openai("Hi")
                    .responses()
                    .create(
                        r ->
                            r.input(
                                List.of(
                                    new ResponseItem.FunctionCall(
                                        null, "call_1", null, "weather", "{}", null)))));

    assertThat(failure).hasMessage("No tool output found for function call call_1.");
  }

  @Test
  void eventsInJavaAreThoseOfTheStream() {
    List<ResponseStreamEvent> events = new ArrayList<>();
    try (var stream = openai("Hel", "lo").responses().stream(r -> r.input("Hi"))) {
      stream.forEach(events::add);
    }

    assertThat(events).extracting(ResponseStreamEvent::text).contains("Hel", "lo");
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).sequenceNumber()).isEqualTo(i);
    }
    assertThat(events.get(events.size() - 1))
        .isInstanceOfSatisfying(
            ResponseStreamEvent.Snapshot.class,
            last -> assertThat(last.response().outputText()).isEqualTo("Hello"));
  }

  @Test
  void structuredTextIsCheckedAsInAChat() {
    Response response =
        openai("{\"a\":", "1}")
            .responses()
            .create(r -> r.input("Hi").textSchema("answer", Map.of("type", "object")));

    assertThat(response.outputText()).isEqualTo("{\"a\":1}");
  }

  @Test
  void theTokensOfAnInputAreCountedAndNothingIsSent() throws IOException {
    FakeBackend backend = FakeBackend.tokens("Hi");
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).tokenCounter(String::length))
            .build();
    byte[] body = "{\"input\":\"Hi\"}".getBytes(StandardCharsets.UTF_8);

    ApiResponse response =
        openai
            .httpHandler()
            .handle(new ApiRequest("POST", "/v1/responses/input_tokens", Map.of(), body))
            .join();

    JsonNode counted = JSON.readTree(Bodies.text(response));
    assertThat(ResponseSchemas.problems("TokenCountsResource", counted)).isEmpty();
    assertThat(counted.get("input_tokens").asInt())
        .isEqualTo(
            openai
                .responses()
                .countInputTokens(CreateResponseRequest.builder().input("Hi").build()))
        .isGreaterThan(2);
    assertThat(backend.calls()).isEmpty();
  }

  private static String prompt(InferCall call) {
    return call.request().input("prompt").orElseThrow().texts().get(0);
  }

  private static OpenAiKServe openai(String... tokens) {
    return openai(FakeBackend.tokens(tokens));
  }

  private static OpenAiKServe openai(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model(
            "m",
            m ->
                m.dialect(Dialects.ANYSERVE)
                    .chatTemplate(ChatTemplates.QWEN3)
                    .emulateResponseFormat(true))
        .build();
  }

  /** Returns the events of a stream, each checked against OpenAI's schemas. */
  private static List<JsonNode> stream(String body, String... tokens) throws IOException {
    return events(post(openai(tokens), body));
  }

  private static List<JsonNode> events(ApiResponse response) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String event : Bodies.text(response).split("\n\n")) {
      JsonNode data = JSON.readTree(event.substring(event.indexOf("data: ") + "data: ".length()));
      assertThat(event).startsWith("event: " + data.get("type").asText() + "\n");
      assertThat(data.get("sequence_number").asInt()).isEqualTo(events.size());
      events.add(data);
    }
    return events;
  }

  private static ApiResponse post(OpenAiKServe openai, String body) {
    byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    var checked = new CheckedHandler(openai.httpHandler());
    ApiResponse response =
        checked.handle(new ApiRequest("POST", "/v1/responses", Map.of(), bytes)).join();
    byte[] answer = Bodies.bytes(response);
    assertThat(checked.problems()).isEmpty();
    return new ApiResponse(response.status(), response.headers(), ApiBody.of(answer));
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(event -> event.get("type").asText()).toList();
  }

  private static JsonNode last(List<JsonNode> events) {
    return events.get(events.size() - 1);
  }
}
