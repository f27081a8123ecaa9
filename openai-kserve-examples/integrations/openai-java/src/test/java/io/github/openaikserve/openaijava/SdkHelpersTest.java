package io.github.openaikserve.openaijava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.SseException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.StructuredChatCompletionCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.StructuredResponseCreateParams;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The SDK's accumulators, structured outputs and tools from classes, over chats and responses. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SdkHelpersTest {
  private static final ChatCompletionCreateParams QUESTION =
      ChatCompletionCreateParams.builder()
          .model("m")
          .addUserMessage("Ann is seven.")
          .addTool(Weather.class)
          .build();
  private static final ResponseCreateParams RESPONSE_QUESTION =
      ResponseCreateParams.builder()
          .model("m")
          .input("Ann is seven.")
          .addTool(Weather.class)
          .build();
  private static final List<String> PERSON = List.of("{\"name\": \"Ann\", ", "\"age\": 7}");

  /** What a model is asked to find. */
  static final class Person {
    public String name = "";
    public int age;
  }

  /** A tool. */
  @JsonTypeName("weather")
  @JsonClassDescription("Tells the weather.")
  static final class Weather {
    public String city = "";
  }

  /** A call of the tool, as Qwen writes it, in tokens. */
  private static List<String> weatherCall() {
    return List.of(
        "<tool_call>\n{\"name\": \"weather\", ",
        "\"arguments\": {\"city\": ",
        "\"Paris\"}}\n</tool_call>");
  }

  private static OpenAIClient client(FakeBackend backend) {
    return InProcessOpenAi.client(
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .chatTemplate(ChatTemplates.QWEN3)
                        .emulateResponseFormat(true))
            .build()
            .httpHandler());
  }

  private static FakeBackend failing() {
    var gone = new BackendException(BackendCode.INTERNAL, "The GPU is gone.");
    return FakeBackend.answering(
        call ->
            ScriptedResponse.of(ScriptedResponse.tokens(call, "word").responses().subList(0, 1))
                .thenFails(gone));
  }

  private static ChatCompletion accumulatedChat(FakeBackend backend) {
    var accumulator = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> stream =
        client(backend).chat().completions().createStreaming(QUESTION)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    return accumulator.chatCompletion();
  }

  private static ResponseAccumulator accumulatedResponse(
      FakeBackend backend, ResponseCreateParams question) {
    var accumulator = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> stream =
        client(backend).responses().createStreaming(question)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    return accumulator;
  }

  private static String text(Response response) {
    return response.output().get(0).asMessage().content().get(0).asOutputText().text();
  }

  @Test
  void theChunksOfAChatAddUpToTheWholeAnswer() {
    ChatCompletion streamed = accumulatedChat(FakeBackend.tokens("Hello", " there"));
    ChatCompletion whole =
        client(FakeBackend.tokens("Hello", " there")).chat().completions().create(QUESTION);

    assertThat(streamed.choices().get(0).message().content()).hasValue("Hello there");
    assertThat(streamed.choices().get(0).message().content())
        .isEqualTo(whole.choices().get(0).message().content());
    assertThat(streamed.choices().get(0).finishReason())
        .isEqualTo(whole.choices().get(0).finishReason());
    assertThat(streamed.model()).isEqualTo(whole.model());
  }

  @Test
  void aToolCallIsReadBackAsItsClass() {
    ChatCompletion streamed = accumulatedChat(FakeBackend.answers(weatherCall()));

    ChatCompletionMessageFunctionToolCall call =
        streamed.choices().get(0).message().toolCalls().orElseThrow().get(0).asFunction();
    assertThat(call.function().name()).isEqualTo("weather");
    assertThat(call.function().arguments(Weather.class).city).isEqualTo("Paris");
    assertThat(streamed.choices().get(0).finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
  }

  @Test
  void aStructuredChatIsAnObjectWholeAndStreamed() {
    StructuredChatCompletionCreateParams<Person> question =
        ChatCompletionCreateParams.builder()
            .model("m")
            .addUserMessage("Ann is seven.")
            .responseFormat(Person.class)
            .build();
    OpenAIClient client = client(FakeBackend.answers(PERSON));

    Person whole =
        client
            .chat()
            .completions()
            .create(question)
            .choices()
            .get(0)
            .message()
            .content()
            .orElseThrow();
    var accumulator = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(question)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    Person streamed =
        accumulator.chatCompletion(Person.class).choices().get(0).message().content().orElseThrow();

    for (Person person : List.of(whole, streamed)) {
      assertThat(person.name).isEqualTo("Ann");
      assertThat(person.age).isEqualTo(7);
    }
  }

  @Test
  void theEventsOfAResponseAddUpToTheWholeAnswer() {
    Response whole =
        client(FakeBackend.tokens("Hello", " there")).responses().create(RESPONSE_QUESTION);
    Response streamed =
        accumulatedResponse(FakeBackend.tokens("Hello", " there"), RESPONSE_QUESTION).response();

    assertThat(text(whole)).isEqualTo("Hello there");
    assertThat(text(streamed)).isEqualTo("Hello there");
    assertThat(streamed.status()).isEqualTo(whole.status());
    assertThat(streamed.usage().orElseThrow().totalTokens())
        .isEqualTo(whole.usage().orElseThrow().totalTokens());
  }

  @Test
  void theFunctionCallOfAResponseIsReadBackAsItsClass() {
    Response streamed =
        accumulatedResponse(FakeBackend.answers(weatherCall()), RESPONSE_QUESTION).response();

    ResponseFunctionToolCall call = streamed.output().get(0).asFunctionCall();
    assertThat(call.name()).isEqualTo("weather");
    assertThat(call.arguments(Weather.class).city).isEqualTo("Paris");
  }

  @Test
  void aStructuredResponseIsAnObjectWholeAndStreamed() {
    StructuredResponseCreateParams<Person> question =
        ResponseCreateParams.builder().model("m").input("Ann is seven.").text(Person.class).build();
    OpenAIClient client = client(FakeBackend.answers(PERSON));

    Person whole =
        client
            .responses()
            .create(question)
            .output()
            .get(0)
            .asMessage()
            .content()
            .get(0)
            .asOutputText();
    Person streamed =
        accumulatedResponse(FakeBackend.answers(PERSON), question.rawParams())
            .response(Person.class)
            .output()
            .get(0)
            .asMessage()
            .content()
            .get(0)
            .asOutputText();

    for (Person person : List.of(whole, streamed)) {
      assertThat(person.name).isEqualTo("Ann");
      assertThat(person.age).isEqualTo(7);
    }
  }

  @Test
  void aFailingChatIsAnErrorOfItsStream() {
    assertThatExceptionOfType(SseException.class).isThrownBy(() -> accumulatedChat(failing()));
  }

  /** OpenAI's API has an event for it. */
  @Test
  void aFailingResponseIsAnErrorOrAFailedResponse() {
    FakeBackend unavailable = FakeBackend.failing(BackendCode.UNAVAILABLE, "gone");

    assertThatExceptionOfType(InternalServerException.class)
        .isThrownBy(() -> client(unavailable).responses().create(RESPONSE_QUESTION));
    Response streamed = accumulatedResponse(failing(), RESPONSE_QUESTION).response();
    assertThat(streamed.status()).hasValue(ResponseStatus.FAILED);
    assertThat(streamed.error().orElseThrow().message()).contains("The GPU is gone.");
  }

  @Test
  void closingTheStreamOfAResponseCancelsTheCall() {
    FakeBackend backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(ScriptedResponse.tokens(call, "word").responses().subList(0, 1))
                    .thenHangs());
    try (StreamResponse<ResponseStreamEvent> stream =
        client(backend).responses().createStreaming(RESPONSE_QUESTION)) {
      assertThat(stream.stream().findFirst()).isPresent();
    }

    await(() -> backend.cancellations() == 1);
  }

  @Test
  void anAsynchronousResponseIsAnsweredAndFails() throws Exception {
    Response whole =
        client(FakeBackend.tokens("Hello"))
            .async()
            .responses()
            .create(RESPONSE_QUESTION)
            .get(20, TimeUnit.SECONDS);
    assertThat(text(whole)).isEqualTo("Hello");

    var accumulator = ResponseAccumulator.create();
    client(failing())
        .async()
        .responses()
        .createStreaming(RESPONSE_QUESTION)
        .subscribe(accumulator::accumulate)
        .onCompleteFuture()
        .get(20, TimeUnit.SECONDS);
    assertThat(accumulator.response().status()).hasValue(ResponseStatus.FAILED);
  }

  private static void await(BooleanSupplier reached) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
