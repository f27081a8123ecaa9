package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** LangChain4j's OpenAI models work unchanged, over real sockets, gRPC and llama.cpp. */
final class LangChain4jTest {
  private static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("get_weather")
          .description("Get the current weather for a city")
          .parameters(JsonObjectSchema.builder().addStringProperty("city").required("city").build())
          .build();
  private static final UserMessage QUESTION = UserMessage.from("What is the weather in Paris?");

  private static RunningService service;
  private static OpenAiChatModel chat;
  private static OpenAiStreamingChatModel streaming;

  @BeforeAll
  static void start() throws IOException {
    service = new RunningService();
    chat =
        OpenAiChatModel.builder()
            .baseUrl(service.url() + "/v1")
            .apiKey("any")
            .modelName("llamacpp")
            .temperature(0.0)
            .maxRetries(0)
            .build();
    streaming =
        OpenAiStreamingChatModel.builder()
            .baseUrl(service.url() + "/v1")
            .apiKey("any")
            .modelName("llamacpp")
            .temperature(0.0)
            .build();
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @Test
  void chats() {
    assertThat(chat.chat("What is the capital of France?")).contains("Paris");
  }

  @Test
  void chatsInAStream() throws Exception {
    var collected = new Collected();

    streaming.chat("What is the capital of France?", collected);

    assertThat(collected.response().aiMessage().text())
        .contains("Paris")
        .isEqualTo(String.join("", collected.pieces));
    assertThat(collected.response().finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(collected.response().tokenUsage().outputTokenCount()).isPositive();
  }

  @Test
  void callsAToolAndAnswersFromItsResult() {
    ChatResponse first = chat.chat(request(List.of(QUESTION)));

    assertThat(first.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    ToolExecutionRequest call = first.aiMessage().toolExecutionRequests().get(0);
    assertThat(call.name()).isEqualTo("get_weather");
    assertThat(call.arguments()).contains("Paris");

    ChatResponse second =
        chat.chat(
            request(
                List.of(
                    QUESTION,
                    first.aiMessage(),
                    ToolExecutionResultMessage.from(
                        call, "{\"temperature\": 18, \"condition\": \"sunny\"}"))));

    assertThat(second.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(second.aiMessage().text()).contains("sunny");
  }

  @Test
  void callsAToolInAStream() throws Exception {
    var collected = new Collected();

    streaming.chat(request(List.of(QUESTION)), collected);

    ToolExecutionRequest call = collected.response().aiMessage().toolExecutionRequests().get(0);
    assertThat(call.name()).isEqualTo("get_weather");
    assertThat(call.arguments()).contains("Paris");
    assertThat(collected.calls).containsExactly(call);
    assertThat(collected.response().finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
  }

  @Test
  void embeds() {
    var embeddings =
        OpenAiEmbeddingModel.builder()
            .baseUrl(service.url() + "/v1")
            .apiKey("any")
            .modelName("llamacpp")
            .maxRetries(0)
            .build();

    List<Embedding> vectors =
        embeddings
            .embedAll(
                List.of(
                    TextSegment.from("a fox"),
                    TextSegment.from("a fox"),
                    TextSegment.from("Paris")))
            .content();

    assertThat(vectors).hasSize(3);
    assertThat(vectors.get(0)).isEqualTo(vectors.get(1)).isNotEqualTo(vectors.get(2));
    assertThat(vectors.get(0).dimension()).isEqualTo(256);
  }

  private static ChatRequest request(List<ChatMessage> messages) {
    return ChatRequest.builder().messages(messages).toolSpecifications(WEATHER).build();
  }

  /** Waits for a streamed answer. */
  private static final class Collected implements StreamingChatResponseHandler {
    final List<String> pieces = new ArrayList<>();
    final List<ToolExecutionRequest> calls = new ArrayList<>();
    private final CompletableFuture<ChatResponse> response = new CompletableFuture<>();

    ChatResponse response() throws Exception {
      return response.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void onPartialResponse(String piece) {
      pieces.add(piece);
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
      calls.add(call.toolExecutionRequest());
    }

    @Override
    public void onCompleteResponse(ChatResponse whole) {
      response.complete(whole);
    }

    @Override
    public void onError(Throwable failure) {
      response.completeExceptionally(failure);
    }
  }
}
