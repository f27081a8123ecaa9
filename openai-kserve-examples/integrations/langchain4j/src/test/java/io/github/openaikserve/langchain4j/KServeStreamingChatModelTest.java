package io.github.openaikserve.langchain4j;

import static io.github.openaikserve.langchain4j.Service.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streamed answers, in the oldest and in the newest version of LangChain4j. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class KServeStreamingChatModelTest {
  private static final ToolSpecification WEATHER =
      ToolSpecification.builder().name("weather").build();

  private static KServeStreamingChatModel model(FakeBackend backend) {
    return KServeStreamingChatModel.builder(Service.over(backend)).build();
  }

  private static ChatRequest question() {
    return ChatRequest.builder().messages(UserMessage.from("Hello")).build();
  }

  @Test
  void thinkingAndTextComeInPieces() throws Exception {
    var collected = new Collected();
    model(FakeBackend.tokens("<think>", "I ", "wonder.", "</think>", "Hel", "lo"))
        .chat(question(), collected);

    ChatResponse whole = collected.response.get();
    assertThat(collected.events).containsExactly("?I", "? wonder.", "Hel", "lo");
    assertThat(whole.aiMessage().text()).isEqualTo("Hello");
    assertThat(whole.aiMessage().thinking()).isEqualTo("I wonder.");
    assertThat(whole.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(whole.tokenUsage().outputTokenCount()).isPositive();
    assertThat(whole.modelName()).isEqualTo(Service.MODEL);
    assertThat(whole.id()).startsWith("chatcmpl-");
  }

  @Test
  void callsComeInPiecesAndThenWhole() throws Exception {
    List<String> two = new ArrayList<>(Service.WEATHER_CALL);
    two.addAll(Service.WEATHER_CALL);
    var collected = new Collected();
    model(FakeBackend.answers(two))
        .chat(question().toBuilder().toolSpecifications(WEATHER).build(), collected);

    List<ToolExecutionRequest> calls = collected.response.get().aiMessage().toolExecutionRequests();
    assertThat(calls).extracting(ToolExecutionRequest::name).containsExactly("weather", "weather");
    assertThat(calls.get(0).id()).isNotEqualTo(calls.get(1).id());
    assertThat(collected.wholeCalls).isEqualTo(calls);
    assertThat(String.join("", collected.events))
        .isEqualTo(
            "0:weather:" + calls.get(0).arguments() + "1:weather:" + calls.get(1).arguments());
    assertThat(collected.response.get().finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    assertThat(collected.response.get().aiMessage().text()).isNull();
  }

  @Test
  void aHandlerMayBlockWithoutHoldingTheServersThread() throws Exception {
    KServeStreamingChatModel model = model(FakeBackend.answers(List.of("a", "b"), List.of("c")));
    var inner = new ArrayList<String>();
    var collected =
        new Collected() {
          @Override
          public void onCompleteResponse(ChatResponse whole) {
            var second = new Collected();
            model.chat(question(), second);
            inner.add(second.response.join().aiMessage().text());
            super.onCompleteResponse(whole);
          }
        };

    model.chat(question(), collected);

    assertThat(collected.response.get().aiMessage().text()).isEqualTo("ab");
    assertThat(inner).containsExactly("c");
  }

  @Test
  void aSlowHandlerSlowsTheServer() throws Exception {
    String[] many = Collections.nCopies(10_000, "x").toArray(String[]::new);
    FakeBackend backend =
        FakeBackend.answering(
            call -> {
              ScriptedResponse all = ScriptedResponse.tokens(call, many);
              return ScriptedResponse.of(all.responses());
            });
    var go = new CompletableFuture<Void>();
    var collected = new Collected();
    collected.onPiece = handle -> go.join();

    model(backend).chat(question(), collected);
    await(() -> collected.events.size() == 1);
    go.complete(null);

    assertThat(collected.response.get().aiMessage().text()).hasSize(10_000);
    assertThat(collected.events).hasSize(10_000);
  }

  @Test
  void cancellingByTheHandleCancelsTheCallAndSilencesTheHandler() {
    FakeBackend backend = Service.hanging();
    var collected = new Collected();
    collected.onPiece = context -> context.streamingHandle().cancel();

    model(backend).chat(question(), collected);

    await(() -> backend.cancellations() == 1);
    assertThat(collected.events).containsExactly("word");
    assertThat(collected.response).isNotDone();
  }

  @Test
  void aFailureBeforeTheFirstPieceReachesTheHandler() {
    var collected = new Collected();
    model(FakeBackend.failing(BackendCode.RESOURCE_EXHAUSTED, "full")).chat(question(), collected);

    assertThat(collected.failure()).isInstanceOf(RateLimitException.class);
    assertThat(collected.events).isEmpty();
  }

  @Test
  void aFailureInTheMiddleReachesTheHandlerAfterTheText() {
    var gone = new BackendException(BackendCode.INTERNAL, "The GPU is gone.");
    var collected = new Collected();
    model(FakeBackend.answering(call -> Service.first(call).thenFails(gone)))
        .chat(question(), collected);

    assertThat(collected.failure())
        .isInstanceOf(InternalServerException.class)
        .hasMessageContaining("The GPU is gone.");
    assertThat(collected.events).containsExactly("word");
  }

  @Test
  void contentWithoutAFormReachesTheHandlerAsAFailure() {
    var video = new Collected();
    var audio = new Collected();
    KServeStreamingChatModel model = model(FakeBackend.tokens("x"));
    URI url = URI.create("http://h/x");
    model.chat(ask(UserMessage.from(VideoContent.from(url))), video);
    model.chat(ask(UserMessage.from(AudioContent.from(url))), audio);

    assertThat(video.failure()).isInstanceOf(UnsupportedFeatureException.class);
    assertThat(audio.failure()).isInstanceOf(UnsupportedFeatureException.class);
  }

  private static ChatRequest ask(UserMessage message) {
    return ChatRequest.builder().messages(message).build();
  }

  @Test
  void aHandlerThatThrowsEndsItsStream() {
    FakeBackend backend = Service.hanging();
    var collected = new Collected();
    var bug = new IllegalStateException("bug");
    collected.onPiece =
        context -> {
          throw bug;
        };

    model(backend).chat(question(), collected);

    assertThat(collected.failure()).isSameAs(bug);
    await(() -> backend.cancellations() == 1);
  }

  @Test
  void anExecutorThatRefusesIsAFailure() {
    FakeBackend backend = Service.hanging();
    var collected = new Collected();
    KServeStreamingChatModel.builder(Service.over(backend))
        .executor(
            task -> {
              throw new RejectedExecutionException("stopped");
            })
        .build()
        .chat(question(), collected);

    assertThat(collected.failure()).isInstanceOf(RejectedExecutionException.class);
    assertThat(backend.cancellations()).isEqualTo(backend.calls().size());
  }

  /** Collects what a handler receives. */
  private static class Collected implements StreamingChatResponseHandler {
    final List<String> events = Collections.synchronizedList(new ArrayList<>());
    final List<ToolExecutionRequest> wholeCalls = Collections.synchronizedList(new ArrayList<>());
    final CompletableFuture<ChatResponse> response = new CompletableFuture<>();
    volatile Consumer<PartialResponseContext> onPiece = context -> {};

    Throwable failure() {
      Throwable failure = catchThrowable(response::get);
      assertThat(failure).isInstanceOf(ExecutionException.class);
      return Objects.requireNonNull(failure.getCause());
    }

    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
      events.add(piece.text());
      onPiece.accept(context);
    }

    @Override
    public void onPartialThinking(PartialThinking piece) {
      events.add("?" + piece.text());
    }

    @Override
    public void onPartialToolCall(PartialToolCall piece) {
      boolean first = events.stream().noneMatch(e -> e.startsWith(piece.index() + ":"));
      String start = first ? piece.index() + ":" + piece.name() + ":" : "";
      events.add(start + piece.partialArguments());
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
      wholeCalls.add(call.toolExecutionRequest());
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
