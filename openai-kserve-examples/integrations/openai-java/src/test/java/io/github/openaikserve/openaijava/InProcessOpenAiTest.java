package io.github.openaikserve.openaijava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.openai.client.OpenAIClient;
import com.openai.core.RequestOptions;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.SseException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.models.Model;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OpenAI's SDK over a handler in this process, in the oldest and in the newest version. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InProcessOpenAiTest {
  private static final ChatCompletionCreateParams QUESTION =
      ChatCompletionCreateParams.builder().model("m").addUserMessage("Hello").build();

  private static OpenAiHandler handler(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
        .build()
        .httpHandler();
  }

  private static OpenAIClient client(FakeBackend backend) {
    return InProcessOpenAi.client(handler(backend));
  }

  /** A server that sends a token and then nothing. */
  private static FakeBackend hanging() {
    return FakeBackend.answering(
        call -> {
          ScriptedResponse whole = ScriptedResponse.tokens(call, "word");
          return ScriptedResponse.of(whole.responses().subList(0, 1)).thenHangs();
        });
  }

  private static void await(BooleanSupplier reached) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void theSdkIsTheOneThatThisRunIsFor() throws URISyntaxException {
    URI jar = OpenAIClient.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    String version = System.getProperty("sdk.version");

    assertThat(version).isNotNull();
    assertThat(Path.of(jar).getFileName()).hasToString("openai-java-core-" + version + ".jar");
  }

  @Test
  void chats() {
    ChatCompletion completion =
        client(FakeBackend.tokens("Hello", " there")).chat().completions().create(QUESTION);

    assertThat(completion.choices().get(0).message().content()).hasValue("Hello there");
    assertThat(completion.choices().get(0).finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
  }

  @Test
  void chatsInAStream() {
    try (StreamResponse<ChatCompletionChunk> stream =
        client(FakeBackend.tokens("Hello", " there"))
            .chat()
            .completions()
            .createStreaming(QUESTION)) {
      assertThat(
              stream.stream()
                  .flatMap(chunk -> chunk.choices().get(0).delta().content().stream())
                  .collect(Collectors.joining()))
          .isEqualTo("Hello there");
    }
  }

  @Test
  void chatsAsynchronously() throws Exception {
    ChatCompletion completion =
        client(FakeBackend.tokens("Hello"))
            .async()
            .chat()
            .completions()
            .create(QUESTION)
            .get(20, TimeUnit.SECONDS);

    assertThat(completion.choices().get(0).message().content()).hasValue("Hello");
  }

  @Test
  void chatsInAnAsynchronousStream() throws Exception {
    List<String> pieces = new ArrayList<>();
    AsyncStreamResponse<ChatCompletionChunk> stream =
        client(
                FakeBackend.answering(
                    call ->
                        ScriptedResponse.tokens(call, "a", "b", "c").every(Duration.ofMillis(1))))
            .async()
            .chat()
            .completions()
            .createStreaming(QUESTION);

    stream
        .subscribe(chunk -> chunk.choices().get(0).delta().content().ifPresent(pieces::add))
        .onCompleteFuture()
        .get(20, TimeUnit.SECONDS);

    assertThat(String.join("", pieces)).isEqualTo("abc");
  }

  @Test
  void listsModels() {
    assertThat(client(FakeBackend.tokens("a")).models().list().data())
        .extracting(Model::id)
        .contains("m");
  }

  @Test
  void anUnknownModelIsNotFound() {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(
            () ->
                client(FakeBackend.tokens("a"))
                    .chat()
                    .completions()
                    .create(QUESTION.toBuilder().model("unknown").build()))
        .withMessageContaining("The model 'unknown' does not exist.");
  }

  @Test
  void anIllegalFieldIsABadRequest() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(
            () ->
                client(FakeBackend.tokens("a"))
                    .chat()
                    .completions()
                    .create(QUESTION.toBuilder().temperature(9.0).build()))
        .withMessageContaining("temperature");
  }

  @Test
  void aFailedCallIsMadeOnce() {
    FakeBackend backend = FakeBackend.failing(BackendCode.UNAVAILABLE, "gone");

    assertThatExceptionOfType(InternalServerException.class)
        .isThrownBy(() -> client(backend).chat().completions().create(QUESTION))
        .satisfies(failure -> assertThat(failure.statusCode()).isEqualTo(503));
    assertThat(backend.calls()).hasSize(1);
  }

  @Test
  void aStreamThatFailsIsAnErrorAfterItsText() {
    FakeBackend backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(ScriptedResponse.tokens(call, "word").responses().subList(0, 1))
                    .thenFails(new BackendException(BackendCode.INTERNAL, "The GPU is gone.")));
    List<String> pieces = new ArrayList<>();

    assertThatExceptionOfType(SseException.class)
        .isThrownBy(
            () -> {
              try (StreamResponse<ChatCompletionChunk> stream =
                  client(backend).chat().completions().createStreaming(QUESTION)) {
                stream.stream()
                    .flatMap(chunk -> chunk.choices().get(0).delta().content().stream())
                    .forEach(pieces::add);
              }
            });
    assertThat(String.join("", pieces)).isEqualTo("word");
  }

  @Test
  void closingAStreamCancelsTheCall() {
    FakeBackend backend = hanging();
    try (StreamResponse<ChatCompletionChunk> stream =
        client(backend).chat().completions().createStreaming(QUESTION)) {
      assertThat(stream.stream().findFirst()).isPresent();
    }

    await(() -> backend.cancellations() == 1);
  }

  private static HttpRequest raw(String body) {
    return HttpRequest.builder()
        .method(HttpMethod.POST)
        .baseUrl("http://in-process/v1")
        .addPathSegments("chat", "completions")
        .body(
            new HttpRequestBody() {
              @Override
              public void writeTo(OutputStream out) {
                try {
                  out.write(body.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }

              @Override
              public String contentType() {
                return "application/json";
              }

              @Override
              public long contentLength() {
                return -1;
              }

              @Override
              public boolean repeatable() {
                return true;
              }

              @Override
              public void close() {}
            })
        .build();
  }

  @Test
  void cancellingAnAsynchronousRequestCancelsTheCall() {
    FakeBackend backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    HttpClient http = InProcessOpenAi.httpClient(handler(backend));
    CompletableFuture<HttpResponse> response =
        http.executeAsync(raw("{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"));
    await(() -> !backend.calls().isEmpty());

    response.cancel(true);

    await(() -> backend.cancellations() == 1);
  }

  @Test
  void closingAResponseWakesItsReader() throws Exception {
    FakeBackend backend = hanging();
    HttpClient http = InProcessOpenAi.httpClient(handler(backend));
    HttpResponse response =
        http.execute(
            raw("{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"));
    InputStream body = response.body();
    Map<String, Throwable> failures = new ConcurrentHashMap<>();
    var reader = new Thread(() -> failures.put("reader", catchThrowable(body::readAllBytes)));
    reader.start();

    response.close();

    reader.join();
    assertThat(failures.get("reader")).isInstanceOf(IOException.class);
    await(() -> backend.cancellations() == 1);
    assertThat(response.body().readAllBytes()).isEmpty();
  }

  @Test
  void anInterruptCancelsTheCall() throws Exception {
    FakeBackend backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    OpenAIClient client = client(backend);
    Map<String, Throwable> failures = new ConcurrentHashMap<>();
    var caller =
        new Thread(
            () ->
                failures.put(
                    "caller", catchThrowable(() -> client.chat().completions().create(QUESTION))));
    caller.start();
    await(() -> !backend.calls().isEmpty());

    caller.interrupt();
    caller.join();

    assertThat(failures.get("caller")).isInstanceOf(CancellationException.class);
    await(() -> backend.cancellations() == 1);
  }

  @Test
  void aTimeoutOfTheSdkEndsTheCall() {
    FakeBackend backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    RequestOptions options = RequestOptions.builder().timeout(Duration.ofMillis(200)).build();

    assertThatExceptionOfType(InternalServerException.class)
        .isThrownBy(() -> client(backend).chat().completions().create(QUESTION, options))
        .satisfies(failure -> assertThat(failure.statusCode()).isEqualTo(504));
    await(() -> backend.cancellations() == backend.calls().size());
  }

  @Test
  void anEndpointThatIsNotServedIsRefusedBeforeItsBodyIsRead() {
    InputStream unreadable =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("the body was read");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            return read();
          }
        };

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(
            () ->
                client(FakeBackend.tokens("a"))
                    .files()
                    .create(
                        FileCreateParams.builder()
                            .file(unreadable)
                            .purpose(FilePurpose.ASSISTANTS)
                            .build()));
  }
}
