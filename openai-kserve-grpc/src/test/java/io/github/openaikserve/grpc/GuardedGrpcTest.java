package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.CircuitState;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.resilience.LimitedBackend;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits, circuit breakers and time limits over real gRPC. */
final class GuardedGrpcTest {
  private static final CreateChatCompletionRequest HELLO =
      CreateChatCompletionRequest.builder().user("Hi").build();

  private final BlockingQueue<StreamObserver<ModelStreamInferResponse>> streams =
      new LinkedBlockingQueue<>();
  private final BlockingQueue<Deadline> deadlines = new LinkedBlockingQueue<>();
  private final ScriptedService service =
      ScriptedService.streaming(
          (request, responses) -> {
            Deadline deadline = Context.current().getDeadline();
            if (deadline != null) {
              deadlines.add(deadline);
            }
            streams.add(responses);
          });
  private Server server;
  private GrpcBackend backend;

  @BeforeEach
  void start() throws Exception {
    server = Servers.start(service);
    backend = Servers.connect(Servers.target(server));
  }

  @AfterEach
  void stop() throws Exception {
    backend.close();
    server.shutdownNow().awaitTermination();
  }

  private StreamObserver<ModelStreamInferResponse> nextStream() throws InterruptedException {
    return Objects.requireNonNull(streams.poll(10, TimeUnit.SECONDS), "no call came to the server");
  }

  @Test
  void aDrainedCallHoldsItsPermitUntilTheServerCompletes() throws Exception {
    var limited =
        LimitedBackend.around(
            backend, ConcurrencyLimit.builder().max(1).queue(1).holdUntilDone().build());
    var openai = OpenAiKServe.builder(limited).model("m", Dialects.ANYSERVE).build();
    CompletableFuture<ChatCompletion> left = openai.chatCompletions().createAsync(HELLO);
    var first = nextStream();
    CompletableFuture<ChatCompletion> waiting = openai.chatCompletions().createAsync(HELLO);

    left.cancel(true);
    first.onNext(Servers.chunk("unwanted"));

    assertThat(service.cancelled).isNotDone();
    assertThat(limited.running()).isEqualTo(1);
    assertThat(limited.waiting()).isEqualTo(1);
    assertThat(streams).isEmpty();
    first.onCompleted();
    var second = nextStream();
    second.onNext(Servers.chunk("wanted"));
    second.onCompleted();
    assertThat(waiting.get(10, TimeUnit.SECONDS).text()).isEqualTo("wanted");
    assertThat(limited.running()).isZero();
  }

  @Test
  void theDeadlineReachesTheServer() throws Exception {
    var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();
    openai.with(o -> o.timeout(Duration.ofSeconds(77))).chatCompletions().createAsync(HELLO);

    Deadline deadline = Objects.requireNonNull(deadlines.poll(10, TimeUnit.SECONDS));

    assertThat(deadline.timeRemaining(TimeUnit.MILLISECONDS)).isBetween(30_000L, 77_500L);
  }

  @Test
  void anUnresponsiveServerOpensItsCircuitBreaker() throws Exception {
    var balanced =
        BalancedBackend.builder(EndpointSource.of("server"), endpoint -> backend)
            .circuitBreaker(CircuitBreakerPolicy.builder().consecutiveFailures(1).build())
            .build();
    var openai =
        OpenAiKServe.builder(balanced)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).interTokenTimeout(Duration.ofMillis(200)))
            .build();
    CompletableFuture<ChatCompletion> answer = openai.chatCompletions().createAsync(HELLO);
    nextStream().onNext(Servers.chunk("half of "));

    Throwable failed =
        catchThrowableOfType(ExecutionException.class, () -> answer.get(10, TimeUnit.SECONDS))
            .getCause();

    assertThat(failed)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.backendCode()).isEqualTo(BackendCode.DEADLINE_EXCEEDED);
              assertThat(e.partialText()).isEqualTo("half of ");
            });
    assertThat(service.cancelled).succeedsWithin(10, TimeUnit.SECONDS);
    assertThat(balanced.endpoints().get(0).circuit()).isEqualTo(CircuitState.OPEN);
    balanced.close();
  }

  @Test
  void aTruncatedStreamKeepsTheResponsesBeforeTheFailure() throws Exception {
    var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();
    CompletableFuture<ChatCompletion> answer = openai.chatCompletions().createAsync(HELLO);
    var stream = nextStream();
    stream.onNext(Servers.chunk("half of "));

    stream.onError(Status.UNAVAILABLE.asRuntimeException());

    Throwable failed =
        catchThrowableOfType(ExecutionException.class, () -> answer.get(10, TimeUnit.SECONDS))
            .getCause();
    assertThat(failed)
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.partialText()).isEqualTo("half of "));
  }
}
