package io.github.openaikserve.langchain4j;

import static io.github.openaikserve.langchain4j.Service.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.testing.FakeBackend;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole answers, in the oldest and in the newest version of LangChain4j. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class KServeChatModelTest {
  private static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("weather")
          .description("Tells the weather.")
          .parameters(JsonObjectSchema.builder().addStringProperty("city").required("city").build())
          .build();

  private static KServeChatModel model(FakeBackend backend) {
    return KServeChatModel.builder(Service.over(backend)).build();
  }

  @Test
  void theLibraryIsTheOneThatThisRunIsFor() throws URISyntaxException {
    URI jar = ChatModel.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    String version = System.getProperty("langchain4j.core");

    assertThat(version).isNotNull();
    assertThat(Path.of(jar).getFileName()).hasToString("langchain4j-core-" + version + ".jar");
  }

  @Test
  void answersWithItsMetadata() {
    ChatResponse response =
        model(FakeBackend.tokens("<think>", "Hm.", "</think>", "Hello", " there"))
            .chat(UserMessage.from("Hello"));

    assertThat(response.aiMessage().text()).isEqualTo("Hello there");
    assertThat(response.aiMessage().thinking()).isEqualTo("Hm.");
    assertThat(response.id()).startsWith("chatcmpl-");
    assertThat(response.modelName()).isEqualTo(Service.MODEL);
    assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(response.tokenUsage().outputTokenCount()).isPositive();
    assertThat(response.metadata())
        .isInstanceOfSatisfying(
            KServeChatResponseMetadata.class,
            metadata -> assertThat(metadata.usageEstimated()).isTrue());
    assertThat(response.metadata().toBuilder().build()).isEqualTo(response.metadata());
  }

  @Test
  void aRequestOverridesTheDefaultParameters() {
    var requests = new Service.Requests();
    ChatModel model =
        KServeChatModel.builder(Service.over(FakeBackend.tokens("x")))
            .defaultRequestParameters(
                ChatRequestParameters.builder().topP(0.5).temperature(0.1).topK(7).build())
            .modelName(Service.MODEL)
            .temperature(0.2)
            .maxOutputTokens(20)
            .changeRequests(r -> requests.add(r.seed(43)))
            .build();

    model.chat(
        ChatRequest.builder()
            .messages(UserMessage.from("Hello"))
            .maxOutputTokens(10)
            .stopSequences(List.of("end"))
            .build());

    CreateChatCompletionRequest sent = requests.last();
    assertThat(sent.model()).isEqualTo(Service.MODEL);
    assertThat(sent.topP()).isEqualTo(0.5);
    assertThat(sent.temperature()).isEqualTo(0.2);
    assertThat(sent.maxCompletionTokens()).isEqualTo(10);
    assertThat(sent.stop()).containsExactly("end");
    assertThat(sent.extra()).containsEntry("top_k", 7);
    assertThat(sent.seed()).isEqualTo(43);
    assertThat(sent.responseFormat()).isNull();
  }

  @Test
  void fieldsThatTheServerCannotTakeAreNamed() {
    ChatModel model =
        KServeChatModel.builder(Service.over(FakeBackend.tokens("x")))
            .changeRequests(r -> r.extra("min_p", 0.1))
            .build();

    ChatResponse response = model.chat(UserMessage.from("Hello"));

    assertThat(((KServeChatResponseMetadata) response.metadata()).droppedParams())
        .contains("min_p");
  }

  @Test
  void callsATool() {
    ChatResponse response =
        model(FakeBackend.answers(Service.WEATHER_CALL))
            .chat(
                ChatRequest.builder()
                    .messages(UserMessage.from("What is the weather in Paris?"))
                    .toolSpecifications(WEATHER)
                    .build());

    ToolExecutionRequest call = response.aiMessage().toolExecutionRequests().get(0);
    assertThat(call.name()).isEqualTo("weather");
    assertThat(call.arguments()).contains("\"Paris\"");
    assertThat(call.id()).isNotEmpty();
    assertThat(response.aiMessage().text()).isNull();
    assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_ARGUMENT, InvalidRequestException",
    "NOT_FOUND, ModelNotFoundException",
    "RESOURCE_EXHAUSTED, RateLimitException",
    "DEADLINE_EXCEEDED, TimeoutException",
    "UNAVAILABLE, InternalServerException",
    "INTERNAL, InternalServerException",
  })
  void aFailureIsLangChain4jsException(BackendCode code, String name) {
    Throwable failure = catchThrowable(() -> model(FakeBackend.failing(code, "No.")).chat("Hello"));

    assertThat(failure.getClass()).hasPackage("dev.langchain4j.exception");
    assertThat(failure.getClass().getSimpleName()).isEqualTo(name);
    assertThat(failure).hasMessageContaining("No.").hasCauseInstanceOf(OpenAiException.class);
  }

  @Test
  void anInvalidRequestNamesItsField() {
    ChatModel model =
        KServeChatModel.builder(Service.over(FakeBackend.tokens("x"))).temperature(3.0).build();

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> model.chat("Hello"))
        .withMessageContaining("temperature");
  }

  @Test
  void anAnswerWithoutTheRequestedFormatIsNotTriedAgain() {
    assertThatExceptionOfType(NonRetriableException.class)
        .isThrownBy(
            () ->
                model(FakeBackend.tokens("no JSON"))
                    .chat(
                        ChatRequest.builder()
                            .messages(UserMessage.from("Hello"))
                            .responseFormat(ResponseFormat.JSON)
                            .build()));
  }

  @Test
  void listenersSeeRequestsResponsesAndFailures() {
    var seen = new ArrayList<String>();
    var listener =
        new ChatModelListener() {
          @Override
          public void onRequest(ChatModelRequestContext context) {
            seen.add("request " + context.chatRequest().modelName());
          }

          @Override
          public void onResponse(ChatModelResponseContext context) {
            seen.add("response " + context.chatResponse().aiMessage().text());
          }

          @Override
          public void onError(ChatModelErrorContext context) {
            seen.add("error " + context.error().getClass().getSimpleName());
          }
        };
    KServeChatModel.builder(Service.over(FakeBackend.tokens("x")))
        .modelName(Service.MODEL)
        .listener(listener)
        .build()
        .chat("Hello");
    ChatModel failing =
        KServeChatModel.builder(Service.over(FakeBackend.tokens("x")))
            .modelName("none")
            .listener(listener)
            .build();

    assertThat(catchThrowable(() -> failing.chat("Hello"))).isNotNull();
    assertThat(seen)
        .containsExactly(
            "request qwen", "response x", "request none", "error ModelNotFoundException");
  }

  @Test
  void anInterruptCancelsTheCall() throws InterruptedException {
    FakeBackend backend = Service.hanging();
    var failure = new AtomicReference<Throwable>();
    var thread = new Thread(() -> failure.set(catchThrowable(() -> model(backend).chat("Hello"))));
    thread.start();
    await(() -> backend.calls().size() == 1);

    thread.interrupt();
    thread.join();

    assertThat(failure.get()).isInstanceOf(CancellationException.class);
    await(() -> backend.cancellations() == 1);
  }

  @Test
  void anAsynchronousAnswerMayBeWaitedForInItsContinuation() {
    KServeChatModel model = model(FakeBackend.answers(List.of("one"), List.of("two")));

    CompletableFuture<String> both =
        model
            .doChatAsync(question())
            .thenApply(first -> first.aiMessage().text() + " " + model.chat("again"));

    assertThat(both.join()).isEqualTo("one two");
  }

  @Test
  void anAsynchronousFailureIsMapped() {
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(
            () ->
                model(FakeBackend.failing(BackendCode.RESOURCE_EXHAUSTED, "full"))
                    .doChatAsync(question())
                    .join())
        .withCauseInstanceOf(RateLimitException.class);
  }

  @Test
  void cancellingTheFutureCancelsTheCall() {
    FakeBackend backend = Service.hanging();
    CompletableFuture<ChatResponse> answer = model(backend).doChatAsync(question());
    await(() -> backend.calls().size() == 1);

    answer.cancel(true);

    await(() -> backend.cancellations() == 1);
  }

  private static ChatRequest question() {
    return ChatRequest.builder().messages(UserMessage.from("Hello")).build();
  }
}
