package io.github.openaikserve.openaijava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.conversations.Conversation;
import com.openai.models.responses.CustomTool;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseCustomToolCallOutput;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.StructuredResponse;
import com.openai.models.responses.StructuredResponseCreateParams;
import com.openai.models.responses.inputtokens.InputTokenCountParams;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OpenAI's SDK and its helpers for responses, each answer and event validated by the SDK. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ResponsesSdkTest {
  private static final String CALL =
      "<tool_call>\n{\"name\": \"%s\", \"arguments\": %s}\n</tool_call>";

  /** A server that can be told the format of an answer. */
  private static final Dialect GUIDED =
      Dialects.anyServe("guided")
          .input("response_format", Datatype.BYTES, RequestField.RESPONSE_FORMAT)
          .build();

  /** What the model answers with. */
  static final class City {
    @JsonPropertyDescription("Its name.")
    public String name = "";

    public int population;
  }

  private static OpenAIClient client(FakeBackend backend) {
    return InProcessOpenAi.client(
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(GUIDED).chatTemplate(ChatTemplates.QWEN3))
            .responseStore(MemoryResponseStore.ofDefaults())
            .build()
            .httpHandler());
  }

  private static ResponseCreateParams.Builder question() {
    return ResponseCreateParams.builder().model("m").input("Hello");
  }

  private static FunctionTool weather() {
    return FunctionTool.builder()
        .name("weather")
        .parameters(
            FunctionTool.Parameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .build())
        .strict(false)
        .build();
  }

  /** Returns what the SDK's helper makes of a stream. */
  private static Response accumulated(OpenAIClient client, ResponseCreateParams params) {
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(params)) {
      events.stream().forEach(event -> accumulator.accumulate(event.validate()));
    }
    return accumulator.response().validate();
  }

  private static String text(Response response) {
    return response.output().stream()
        .flatMap(item -> item.message().stream())
        .flatMap(message -> message.content().stream())
        .flatMap(content -> content.outputText().stream())
        .map(text -> text.text())
        .collect(Collectors.joining());
  }

  @Test
  void aStreamAccumulatesToTheWholeAnswer() {
    OpenAIClient client = client(FakeBackend.tokens("<think>Hm.</think>", "Hel", "lo"));

    Response whole = client.responses().create(question().build()).validate();
    Response streamed = accumulated(client, question().build());

    assertThat(text(whole)).isEqualTo("Hello");
    assertThat(text(streamed)).isEqualTo("Hello");
    assertThat(streamed.status()).contains(ResponseStatus.COMPLETED);
    assertThat(streamed.output().get(0).reasoning().orElseThrow().summary().get(0).text())
        .isEqualTo("Hm.");
    assertThat(streamed.usage().orElseThrow().outputTokens())
        .isEqualTo(whole.usage().orElseThrow().outputTokens());
  }

  @Test
  void callsOfFunctionsAndCustomToolsAccumulate() {
    String answer =
        CALL.formatted("weather", "{\"city\": \"Rome\"}")
            + "\n"
            + CALL.formatted("patch", "{\"input\": \"line 1\"}");

    Response response =
        accumulated(
            client(FakeBackend.tokens("I look.\n", answer)),
            question()
                .addTool(weather())
                .addTool(CustomTool.builder().name("patch").build())
                .build());

    assertThat(text(response)).isEqualTo("I look.");
    assertThat(response.output().stream().flatMap(item -> item.functionCall().stream()).toList())
        .singleElement()
        .satisfies(call -> assertThat(call.name()).isEqualTo("weather"));
    assertThat(response.output().stream().flatMap(item -> item.customToolCall().stream()).toList())
        .singleElement()
        .satisfies(call -> assertThat(call.input()).isEqualTo("line 1"));
  }

  @Test
  void anAnswerAtTheLimitIsIncomplete() {
    Response response =
        accumulated(
            client(FakeBackend.tokens("Hel", "lo")), question().maxOutputTokens(2L).build());

    assertThat(response.status()).contains(ResponseStatus.INCOMPLETE);
    assertThat(response.incompleteDetails().orElseThrow().reason().orElseThrow().asString())
        .isEqualTo("max_output_tokens");
  }

  @Test
  void aFailedStreamIsAnErrorAfterTheEventsReceived() {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(ScriptedResponse.tokens(call, "Hel").responses().subList(0, 1))
                    .thenFails(new BackendException(BackendCode.UNAVAILABLE, "gone")));
    List<ResponseStreamEvent> events = new ArrayList<>();

    Throwable failure = null;
    try (StreamResponse<ResponseStreamEvent> stream =
        client(backend).responses().createStreaming(question().build())) {
      stream.stream().forEach(events::add);
    } catch (OpenAIException e) {
      failure = e;
    }

    assertThat(events.stream().flatMap(event -> event.outputTextDelta().stream()))
        .singleElement()
        .satisfies(delta -> assertThat(delta.delta()).isEqualTo("Hel"));
    boolean failed = events.stream().anyMatch(event -> event.failed().isPresent());
    assertThat(failed || failure != null).isTrue();
  }

  @Test
  void structuredAnswersAreParsedWholeAndStreamed() {
    OpenAIClient client =
        client(FakeBackend.tokens("{\"name\":\"Rome\",", "\"population\":2800000}"));
    StructuredResponseCreateParams<City> params = question().text(City.class).build();

    StructuredResponse<City> whole = client.responses().create(params);
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(params)) {
      events.stream().forEach(event -> accumulator.accumulate(event.validate()));
    }

    assertThat(city(whole).name).isEqualTo("Rome");
    assertThat(city(accumulator.response(City.class)).population).isEqualTo(2_800_000);
  }

  private static City city(StructuredResponse<City> response) {
    return response.output().get(0).message().orElseThrow().content().get(0).asOutputText();
  }

  @Test
  void anAgentCallsTwoToolsInThreeTurnsAndPassesEverythingBack() {
    var turn = new AtomicInteger();
    String[] answers = {
      "<think>Weather first.</think>" + CALL.formatted("weather", "{\"city\": \"Rome\"}"),
      CALL.formatted("patch", "{\"input\": \"sunny\"}"),
      "Done."
    };
    FakeBackend backend =
        FakeBackend.answering(
            call -> ScriptedResponse.tokens(call, answers[turn.getAndIncrement()]));
    OpenAIClient client = client(backend);
    List<ResponseInputItem> items = new ArrayList<>();
    items.add(
        ResponseInputItem.ofEasyInputMessage(
            EasyInputMessage.builder().role(EasyInputMessage.Role.USER).content("Go").build()));

    Response response = null;
    while (turn.get() < answers.length) {
      response =
          accumulated(
              client,
              ResponseCreateParams.builder()
                  .model("m")
                  .store(false)
                  .addInclude(ResponseIncludable.REASONING_ENCRYPTED_CONTENT)
                  .reasoning(Reasoning.builder().effort(ReasoningEffort.LOW).build())
                  .inputOfResponse(items)
                  .addTool(weather())
                  .addTool(CustomTool.builder().name("patch").build())
                  .build());
      response.output().forEach(item -> passBack(item, items));
    }

    assertThat(text(Objects.requireNonNull(response))).isEqualTo("Done.");
    assertThat(prompt(backend, 2)).containsSubsequence("Go", "weather", "It is so.", "patch");
  }

  private static void passBack(ResponseOutputItem item, List<ResponseInputItem> items) {
    item.reasoning().ifPresent(thought -> items.add(ResponseInputItem.ofReasoning(thought)));
    item.message().ifPresent(text -> items.add(ResponseInputItem.ofResponseOutputMessage(text)));
    item.functionCall()
        .ifPresent(
            call -> {
              items.add(ResponseInputItem.ofFunctionCall(call));
              items.add(output(call));
            });
    item.customToolCall()
        .ifPresent(
            call -> {
              items.add(ResponseInputItem.ofCustomToolCall(call));
              items.add(
                  ResponseInputItem.ofCustomToolCallOutput(
                      ResponseCustomToolCallOutput.builder()
                          .callId(call.callId())
                          .output("It is so.")
                          .build()));
            });
  }

  private static ResponseInputItem output(ResponseFunctionToolCall call) {
    return ResponseInputItem.ofFunctionCallOutput(
        ResponseInputItem.FunctionCallOutput.builder()
            .callId(call.callId())
            .output("It is so.")
            .build());
  }

  private static String prompt(FakeBackend backend, int call) {
    return backend.calls().get(call).request().input("prompt").orElseThrow().texts().get(0);
  }

  @Test
  void storedResponsesAreContinuedReadAndDeleted() {
    FakeBackend backend = FakeBackend.tokens("Hel", "lo");
    OpenAIClient client = client(backend);
    Response first = accumulated(client, question().build());

    Response next =
        client
            .responses()
            .create(question().input("And?").previousResponseId(first.id()).build())
            .validate();

    assertThat(prompt(backend, 1)).containsSubsequence("Hello", "Hello", "And?");
    assertThat(text(client.responses().retrieve(next.id()).validate())).isEqualTo("Hello");
    assertThat(client.responses().inputItems().list(next.id()).items()).hasSize(1);
    client.responses().delete(first.id());
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> client.responses().retrieve(first.id()));
  }

  @Test
  void aResponseInTheBackgroundIsPolledAndOneThatIsNotIsNotCancelled() {
    OpenAIClient client = client(FakeBackend.tokens("Hel", "lo"));
    Response response = client.responses().create(question().background(true).build());

    long polls = 0;
    while (!response.status().equals(Optional.of(ResponseStatus.COMPLETED))) {
      assertThat(polls++).isLessThan(100_000);
      response = client.responses().retrieve(response.id()).validate();
    }

    assertThat(text(client.responses().cancel(response.id()))).isEqualTo("Hello");
    String waited = client.responses().create(question().build()).id();
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> client.responses().cancel(waited));
  }

  @Test
  void aConversationIsContinued() {
    FakeBackend backend = FakeBackend.tokens("Hel", "lo");
    OpenAIClient client = client(backend);
    Conversation conversation = client.conversations().create().validate();

    client.responses().create(question().conversation(conversation.id()).build());
    client.responses().create(question().input("And?").conversation(conversation.id()).build());

    assertThat(prompt(backend, 1)).containsSubsequence("Hello", "Hello", "And?");
    assertThat(client.conversations().items().list(conversation.id()).items()).hasSize(4);
    client.conversations().delete(conversation.id());
  }

  @Test
  void theTokensOfAnInputAreCounted() {
    var count =
        client(FakeBackend.tokens("x"))
            .responses()
            .inputTokens()
            .count(InputTokenCountParams.builder().model("m").input("Hello").build());

    assertThat(count.validate().inputTokens()).isPositive();
  }

  @Test
  void rejectedValuesNameTheField() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(
            () ->
                client(FakeBackend.tokens("x"))
                    .responses()
                    .create(
                        question()
                            .putAdditionalBodyProperty("truncation", JsonValue.from("some"))
                            .build()))
        .satisfies(failure -> assertThat(failure.param()).contains("truncation"));
  }
}
