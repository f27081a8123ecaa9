package io.github.openaikserve.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.httpclient.InProcessHttpClient;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** LangChain4j's own HTTP client and Spring's RestClient over a handler, without a socket. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InProcessClientsTest {
  private static final String QUESTION =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
  private static final String STREAM = QUESTION.replace("}]}", "}],\"stream\":true}");

  private static OpenAiHandler handler(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
        .build()
        .httpHandler();
  }

  private static ScriptedResponse slow(InferCall call) {
    return ScriptedResponse.tokens(call, "a", "b", "c").every(Duration.ofMillis(1));
  }

  private static ScriptedResponse first(InferCall call) {
    return ScriptedResponse.of(ScriptedResponse.tokens(call, "word").responses().subList(0, 1));
  }

  private static void await(BooleanSupplier reached) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static JdkHttpClientBuilder http(FakeBackend backend) {
    return new JdkHttpClientBuilder()
        .httpClientBuilder(InProcessHttpClient.newBuilder(handler(backend)));
  }

  private static OpenAiChatModel chat(FakeBackend backend) {
    return OpenAiChatModel.builder()
        .httpClientBuilder(http(backend))
        .baseUrl("http://in-process/v1")
        .modelName("m")
        .maxRetries(0)
        .build();
  }

  private static Collected stream(FakeBackend backend, boolean cancels) {
    var collected = new Collected(cancels);
    OpenAiStreamingChatModel.builder()
        .httpClientBuilder(http(backend))
        .baseUrl("http://in-process/v1")
        .modelName("m")
        .build()
        .chat("Hello", collected);
    return collected;
  }

  @Test
  void langChain4jChats() {
    assertThat(chat(FakeBackend.tokens("Hello", " there")).chat("Hello")).isEqualTo("Hello there");
  }

  @Test
  void langChain4jReportsAFailure() {
    assertThatExceptionOfType(RateLimitException.class)
        .isThrownBy(
            () -> chat(FakeBackend.failing(BackendCode.RESOURCE_EXHAUSTED, "full")).chat("Hello"));
  }

  @Test
  void langChain4jChatsInAStreamThatIsSlow() throws Exception {
    Collected collected = stream(FakeBackend.answering(InProcessClientsTest::slow), false);

    assertThat(collected.response.get().aiMessage().text()).isEqualTo("abc");
    assertThat(collected.pieces).containsExactly("a", "b", "c");
  }

  @Test
  void langChain4jReportsAStreamThatFails() {
    var gone = new BackendException(BackendCode.INTERNAL, "The GPU is gone.");
    Collected collected = stream(FakeBackend.answering(call -> first(call).thenFails(gone)), false);

    assertThat(catchThrowable(collected.response::get)).isInstanceOf(ExecutionException.class);
    assertThat(collected.pieces).containsExactly("word");
  }

  @Test
  void langChain4jCancelsAStream() {
    FakeBackend backend = FakeBackend.answering(call -> first(call).thenHangs());
    stream(backend, true);

    await(() -> backend.cancellations() == 1);
  }

  /** A streamed answer. */
  private static final class Collected implements StreamingChatResponseHandler {
    final List<String> pieces = new ArrayList<>();
    final CompletableFuture<ChatResponse> response = new CompletableFuture<>();
    private final boolean cancels;

    Collected(boolean cancels) {
      this.cancels = cancels;
    }

    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
      pieces.add(piece.text());
      if (cancels) {
        context.streamingHandle().cancel();
      }
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

  private static RestClient rest(FakeBackend backend, Duration timeout) {
    return rest(handler(backend), timeout);
  }

  private static RestClient rest(OpenAiHandler handler, Duration timeout) {
    var factory = new JdkClientHttpRequestFactory(InProcessHttpClient.newHttpClient(handler));
    factory.setReadTimeout(timeout);
    return RestClient.builder().requestFactory(factory).baseUrl("http://in-process/v1").build();
  }

  private static RestClient.RequestBodySpec ask(RestClient client, String body) {
    return client
        .post()
        .uri("/chat/completions")
        .contentType(MediaType.APPLICATION_JSON)
        .body(body);
  }

  @Test
  void restClientChats() {
    RestClient client = rest(FakeBackend.tokens("Hello", " there"), Duration.ofSeconds(20));

    assertThat(ask(client, QUESTION).retrieve().body(String.class))
        .contains("\"content\":\"Hello there\"");
  }

  @Test
  void restClientReportsAFailure() {
    RestClient client =
        rest(FakeBackend.failing(BackendCode.RESOURCE_EXHAUSTED, "full"), Duration.ofSeconds(20));

    assertThatExceptionOfType(HttpClientErrorException.TooManyRequests.class)
        .isThrownBy(() -> ask(client, QUESTION).retrieve().body(String.class));
  }

  @Test
  void restClientReadsAStreamAndLeavesIt() {
    FakeBackend backend = FakeBackend.answering(call -> first(call).thenHangs());
    RestClient client = rest(backend, Duration.ofSeconds(20));
    byte[] event = "data: {".getBytes(UTF_8);

    byte[] read =
        ask(client, STREAM)
            .exchange(
                (request, response) -> {
                  try (InputStream in = response.getBody()) {
                    return in.readNBytes(event.length);
                  }
                });

    assertThat(read).isEqualTo(event);
    await(() -> backend.cancellations() == 1);
  }

  /** It passes on the bytes of a stream, so it sees the event, or the end of the connection. */
  @Test
  void restClientReportsAStreamThatFails() {
    var gone = new BackendException(BackendCode.INTERNAL, "The GPU is gone.");
    FakeBackend backend = FakeBackend.answering(call -> first(call).thenFails(gone));

    String events =
        ask(rest(backend, Duration.ofSeconds(20)), STREAM).retrieve().body(String.class);
    assertThat(events).contains("word", "event: error\n", "The GPU is gone.");

    OpenAiHandler aborting =
        OpenAiKServe.builder(backend)
            .abortFailedStreams(true)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
            .build()
            .httpHandler();
    assertThatExceptionOfType(RestClientException.class)
        .isThrownBy(
            () -> ask(rest(aborting, Duration.ofSeconds(20)), STREAM).retrieve().body(String.class))
        .withCauseInstanceOf(IOException.class);
  }

  @Test
  void aReadTimeoutOfRestClientCancelsTheCall() {
    FakeBackend backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    RestClient client = rest(backend, Duration.ofMillis(100));

    assertThatExceptionOfType(ResourceAccessException.class)
        .isThrownBy(() -> ask(client, QUESTION).retrieve().body(String.class))
        .withCauseInstanceOf(IOException.class);
    await(() -> backend.cancellations() == backend.calls().size());
  }
}
