package io.github.openaikserve.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ThrowableProxy;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.internal.http.response.FailureLog;
import io.github.openaikserve.internal.model.DescribedServer;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.LogCapture;
import io.github.openaikserve.testsupport.Requests;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults of an application's functions are responses, never exceptions. */
final class RouterTest {
  @RegisterExtension private final LogCapture log = new LogCapture(FailureLog.class);

  @Test
  void everyValidIdOfAClientIsReturned() {
    var handler =
        OpenAiKServe.builder(FakeBackend.tokens("a"))
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler();
    var request =
        new ApiRequest("GET", "/v1/models", Map.of("x-request-id", List.of("-")), new byte[0]);

    assertThat(handler.handle(request).join().headers()).containsEntry("x-request-id", "-");
  }

  /** While a server shuts down, load balancers check it every second or two. */
  @ParameterizedTest
  @CsvSource({
    "GET, /health/ready?x, 0",
    "HEAD, /health, 0",
    "GET, /health/, 0",
    "OPTIONS, /, 0",
    "OPTIONS, *, 0",
    "GET, /healthy, 1",
    "GET, /, 1",
    "POST, /v1/completions, 1"
  })
  void refusedHealthChecksAreNotLogged(String method, String path, int lines) {
    var handler =
        OpenAiKServe.builder(FakeBackend.tokens("a"))
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler();

    ApiResponse refusal =
        handler.refuse(
            new ApiRequest(method, path, Map.of(), new byte[0]),
            new BackendException(BackendCode.UNAVAILABLE, "The server is shutting down."));

    assertThat(refusal.status()).isEqualTo(503);
    assertThat(log.messages()).hasSize(lines);
  }

  /** The fault of a host, which is told what it has forgotten. */
  @Test
  void whatIsNullIsNamed() {
    var handler =
        OpenAiKServe.builder(FakeBackend.tokens("a"))
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler();

    assertThatNullPointerException()
        .isThrownBy(() -> handler.handle(unset()))
        .withMessage("request");
    assertThatNullPointerException()
        .isThrownBy(() -> new ApiRequest("GET", "/v1/models", unset(), new byte[0]))
        .withMessage("headers");
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T unset() {
    return null;
  }

  static Stream<Supplier<Throwable>> failures() {
    return Stream.of(
        () -> new IllegalStateException("id service is away"),
        () -> new AssertionError("id service is away"),
        () -> new StackOverflowError("id service is away"));
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException thrown(Throwable failure) throws E {
    throw (E) failure;
  }

  private static OpenAiHandler withoutIds(Supplier<Throwable> failure) {
    return OpenAiKServe.builder(FakeBackend.tokens("a"))
        .ids(
            () -> {
              throw RouterTest.<RuntimeException>thrown(failure.get());
            })
        .model("m", Dialects.ANYSERVE)
        .build()
        .httpHandler();
  }

  private static ApiRequest request(String path) {
    return path.equals("/v1/models")
        ? Requests.get(path)
        : Requests.post(path, "{\"prompt\":\"p\"}");
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aSupplierOfIdsThatThrowsIsAnInternalError(Supplier<Throwable> failure) {
    for (String path : new String[] {"/v1/models", "/v1/completions"}) {
      CompletableFuture<ApiResponse> response = withoutIds(failure).handle(request(path));

      assertThat(response).isDone();
      assertThat(response.join().status()).isEqualTo(500);
      assertThat(Bodies.text(response.join())).contains("internal_error").doesNotContain("away");
    }
    assertThat(log.events()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aRefusalNeedsNoId(Supplier<Throwable> failure) {
    var refusal = new InvalidRequestException(401, "invalid_api_key", null, "no key");

    ApiResponse response = withoutIds(failure).refuse(request("/v1/completions"), refusal);

    assertThat(response.status()).isEqualTo(401);
    assertThat(Bodies.text(response)).contains("invalid_api_key");
    assertThat(log.events()).hasSize(1);
  }

  @Test
  void aRequestThatIsCancelledWhileItsStreamIsMadeLeavesNoTimer() {
    var described = new CompletableFuture<Void>();
    var server = new DescribedServer().hasText("m");
    var response = new AtomicReference<CompletableFuture<ApiResponse>>();
    var time = new ManualScheduler();
    OpenAiHandler handler =
        OpenAiKServe.builder(new LateServer(server, described))
            .scheduler(time)
            .model("m", m -> m.detect(true).chatTemplate(cancelling(response)))
            .build()
            .httpHandler();
    response.set(
        handler.handle(
            Requests.post(
                "/v1/chat/completions",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}")));

    described.complete(null);

    assertThat(response.get()).isCancelled();
    assertThat(time.waiting()).as("the next description of the model").isEqualTo(1);
  }

  /** A template that cancels the request which it renders. */
  private static ChatTemplate cancelling(AtomicReference<CompletableFuture<ApiResponse>> response) {
    return conversation -> {
      Objects.requireNonNull(response.get()).cancel(false);
      return ChatTemplates.CHATML.render(conversation);
    };
  }

  /** A server that describes its model once a future has completed. */
  private record LateServer(DescribedServer server, CompletableFuture<Void> described)
      implements InferenceBackend {
    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      return server.infer(call);
    }

    @Override
    public CompletionStage<Optional<ModelMetadata>> modelMetadata(String name, String version) {
      return described.thenCompose(now -> server.modelMetadata(name, version));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/embeddings|{\"input\":\"x\"}",
        "/v1/completions|{\"prompt\":\"x\"}",
        "/v1/completions|{\"prompt\":\"x\",\"stream\":true}"
      })
  void anExceptionOfABackendIsAnInternalErrorAndNotTheServersFault(String path, String body) {
    var bug = new NoSuchElementException("expected");
    InferenceBackend buggy =
        call -> {
          throw bug;
        };

    ApiResponse response =
        OpenAiKServe.builder(buggy)
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler()
            .answer(Requests.post(path, body));

    assertThat(response.status()).isEqualTo(500);
    assertThat(Bodies.text(response)).contains("\"code\":\"internal_error\"");
    assertThat(log.events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getLevel()).isEqualTo(Level.ERROR);
              assertThat(((ThrowableProxy) event.getThrowableProxy()).getThrowable()).isSameAs(bug);
            });
  }
}
