package io.github.openaikserve.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.resilience.LimitedBackend;
import io.github.openaikserve.resilience.RetryPolicy;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The health endpoints, and the wait that clients of a failing service are told. */
final class HealthEndpointTest {
  private static final byte[] HELLO =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}".getBytes(StandardCharsets.UTF_8);

  private static OpenAiHandler handler(InferenceBackend backend) {
    return OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build().httpHandler();
  }

  private static ApiResponse get(OpenAiHandler handler, String path) {
    return handler.handle(new ApiRequest("GET", path, Map.of(), new byte[0])).join();
  }

  private static ApiResponse post(OpenAiHandler handler) {
    return handler.handle(new ApiRequest("POST", "/v1/chat/completions", Map.of(), HELLO)).join();
  }

  @ParameterizedTest
  @CsvSource({
    "/health, 200, 503",
    "/health/ready, 200, 503",
    "/health/live, 200, 200",
    "/health/x, 404, 404"
  })
  void readinessFollowsTheBackendAndLifeDoesNot(String path, int ready, int notReady) {
    assertThat(get(handler(FakeBackend.tokens("a")), path).status()).isEqualTo(ready);
    assertThat(get(handler(FakeBackend.tokens("a").ready(false)), path).status())
        .isEqualTo(notReady);
  }

  /** A server that counts how often it is asked whether it is ready. */
  private static final class AskedServer implements InferenceBackend {
    private final CompletableFuture<Optional<Boolean>> first = new CompletableFuture<>();
    private int asked;
    private boolean ready = true;

    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Optional<Boolean>> ready() {
      return ++asked == 1 ? first : CompletableFuture.completedFuture(Optional.of(ready));
    }
  }

  @Test
  void manyRequestsForTheHealthAskABackendOnceASecond() {
    var time = new ManualScheduler();
    var server = new AskedServer();
    OpenAiHandler handler =
        OpenAiKServe.builder(server)
            .scheduler(time)
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler();
    var get = new ApiRequest("GET", "/health/ready", Map.of(), new byte[0]);

    List<CompletableFuture<ApiResponse>> atOnce =
        IntStream.range(0, 200).mapToObj(i -> handler.handle(get)).toList();
    assertThat(server.asked).isEqualTo(1);
    server.first.complete(Optional.of(true));
    assertThat(atOnce).allSatisfy(answer -> assertThat(answer.join().status()).isEqualTo(200));

    server.ready = false;
    for (int i = 0; i < 200; i++) {
      assertThat(get(handler, i % 2 == 0 ? "/health" : "/health/ready").status()).isEqualTo(200);
      time.advance(Duration.ofMillis(4));
    }
    assertThat(server.asked).isEqualTo(1);
    time.advance(Duration.ofMillis(200));
    assertThat(get(handler, "/health/ready").status()).isEqualTo(503);
    assertThat(server.asked).isEqualTo(2);
  }

  /** A server whose readiness is {@code ready}. */
  private static InferenceBackend server(Supplier<CompletionStage<Optional<Boolean>>> ready) {
    return new InferenceBackend() {
      @Override
      public Flow.Publisher<InferResponse> infer(InferCall call) {
        throw new UnsupportedOperationException();
      }

      @Override
      public CompletionStage<Optional<Boolean>> ready() {
        return ready.get();
      }
    };
  }

  static Stream<Supplier<CompletionStage<Optional<Boolean>>>> failures() {
    return Stream.of(
        () -> CompletableFuture.failedFuture(new IllegalStateException("closed")),
        () -> {
          throw new IllegalStateException("closed");
        },
        () -> {
          throw new LinkageError("a library is missing");
        },
        () -> CompletableFuture.completedFuture(null),
        () -> null);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aBackendThatFailsOrThrowsIsNotReady(Supplier<CompletionStage<Optional<Boolean>>> failure) {
    for (String path : List.of("/health", "/health/ready")) {
      ApiResponse response = get(handler(server(failure)), path);

      assertThat(response.status()).isEqualTo(503);
      assertThat(Bodies.text(response))
          .isEqualTo(
              "{\"error\":{\"message\":\"The model server is not ready.\",\"type\":\"server_error\","
                  + "\"param\":null,\"code\":\"unavailable\"},\"status\":\"unavailable\","
                  + "\"backends\":[{\"ready\":false,\"models\":0}]}");
    }
    assertThat(get(handler(server(failure)), "/health/live").status()).isEqualTo(200);
  }

  @Test
  void aBackendThatNeverAnswersIsNotReadyAfterTenSecondsAndIsAskedAgain() {
    var time = new ManualScheduler();
    var asked = new AtomicInteger();
    OpenAiHandler handler =
        OpenAiKServe.builder(
                server(
                    () ->
                        asked.incrementAndGet() == 1
                            ? new CompletableFuture<>()
                            : CompletableFuture.completedFuture(Optional.of(true))))
            .scheduler(time)
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler();

    var first = handler.handle(new ApiRequest("GET", "/health", Map.of(), new byte[0]));
    time.advance(Duration.ofSeconds(9));
    assertThat(first).isNotDone();
    time.advance(Duration.ofSeconds(1));

    assertThat(first).isCompletedWithValueMatching(answer -> answer.status() == 503);
    time.advance(Duration.ofSeconds(1));
    assertThat(get(handler, "/health").status()).isEqualTo(200);
    assertThat(time.waiting()).isZero();
  }

  @Test
  void readinessComesFromTheHealthChecksOfEndpoints() {
    var time = new ManualScheduler();
    var server = FakeBackend.failing(BackendCode.UNAVAILABLE, "gone").ready(false);
    var backend =
        BalancedBackend.builder(EndpointSource.of("gpu-1:8001"), endpoint -> server)
            .scheduler(time)
            .retries(RetryPolicy.of(1))
            .build();
    OpenAiHandler handler = handler(backend);

    ApiResponse failed = post(handler);

    assertThat(failed.status()).isEqualTo(503);
    assertThat(failed.headers())
        .containsEntry("retry-after", "1")
        .containsEntry("retry-after-ms", "1000");
    assertThat(server.calls()).as("never refused without trying").hasSize(1);
    assertThat(get(handler, "/health/ready").status()).isEqualTo(503);
    server.ready(true);
    time.advance(Duration.ofSeconds(2));
    assertThat(get(handler(backend), "/health/ready").status()).isEqualTo(200);
  }

  @Test
  void callsOverTheLimitAre429WithRetryAfter() throws Exception {
    var limited =
        LimitedBackend.around(
            FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs()),
            ConcurrencyLimit.builder().max(1).build());
    OpenAiHandler handler = handler(limited);
    var first = handler.handle(new ApiRequest("POST", "/v1/chat/completions", Map.of(), HELLO));

    ApiResponse refused = post(handler);

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.headers())
        .containsEntry("retry-after", "1")
        .containsEntry("retry-after-ms", "1000");
    var body = new ByteArrayOutputStream();
    refused.body().writeTo(body);
    assertThat(body.toString(StandardCharsets.UTF_8))
        .contains("\"type\":\"rate_limit_error\"", "\"code\":\"rate_limit_exceeded\"");
    first.cancel(true);
    assertThat(limited.running()).isZero();
  }
}
