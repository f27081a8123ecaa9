package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Rpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over real netty; the server counts the attempts. */
final class RetriesTest {
  private static final Retries FAST =
      Retries.DEFAULT.withPauses(Duration.ofMillis(1), Duration.ofMillis(2));
  private static final Metadata.Key<String> PUSH_BACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final List<Server> servers = new ArrayList<>();
  private final List<GrpcBackend> backends = new ArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    backends.forEach(GrpcBackend::close);
    for (Server server : servers) {
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void aCallThatNobodyTookIsMadeAgain() throws Exception {
    ScriptedService service = failing(2, Status.UNAVAILABLE, new Metadata());

    assertThat(Recorder.of(backend(service, FAST).infer(Servers.streamCall())).texts())
        .containsExactly("at last");
    assertThat(service.calls).hasValue(3);
  }

  @Test
  void attemptsAreCounted() throws Exception {
    ScriptedService service = failing(100, Status.UNAVAILABLE, new Metadata());

    assertThat(failure(backend(service, FAST), Servers.streamCall()))
        .isEqualTo(BackendCode.UNAVAILABLE);
    assertThat(service.calls).hasValue(3);
  }

  @Test
  void otherFailuresAreNotRepeated() throws Exception {
    ScriptedService service = failing(1, Status.INTERNAL, new Metadata());

    assertThat(failure(backend(service, FAST), Servers.streamCall()))
        .isEqualTo(BackendCode.INTERNAL);
    assertThat(service.calls).hasValue(1);
  }

  @Test
  void aServerThatIsFullIsAskedAgainOnlyWhenItSaysWhen() throws Exception {
    ScriptedService silent = failing(1, Status.RESOURCE_EXHAUSTED, new Metadata());
    assertThat(failure(backend(silent, FAST), Servers.streamCall()))
        .isEqualTo(BackendCode.RESOURCE_EXHAUSTED);
    assertThat(silent.calls).hasValue(1);

    ScriptedService saying = failing(1, Status.RESOURCE_EXHAUSTED, pushBack("5"));
    assertThat(Recorder.of(backend(saying, FAST).infer(Servers.streamCall())).texts())
        .containsExactly("at last");

    ScriptedService never = failing(1, Status.UNAVAILABLE, pushBack("-1"));
    assertThat(failure(backend(never, FAST), Servers.streamCall()))
        .isEqualTo(BackendCode.UNAVAILABLE);
    assertThat(never.calls).hasValue(1);
  }

  @Test
  void nothingIsRepeatedAfterAToken() throws Exception {
    var service =
        ScriptedService.streaming(
            (request, responses) -> {
              responses.onNext(Servers.chunk("a"));
              responses.onError(Status.UNAVAILABLE.asRuntimeException());
            });

    assertThat(failure(backend(service, FAST), Servers.streamCall()))
        .isEqualTo(BackendCode.UNAVAILABLE);
    assertThat(service.calls).hasValue(1);
  }

  @Test
  void callsThatMustNotBeRepeatedAreMadeOnce() throws Exception {
    ScriptedService service = failing(100, Status.UNAVAILABLE, new Metadata());
    GrpcBackend backend = backend(service, FAST);
    var sequence =
        new InferRequest("m", "", "", Map.of("sequence_id", InferParameter.of(7)), List.of());

    failure(backend, Servers.streamCall().nonRetryable());
    assertThat(service.calls).hasValue(1);
    failure(backend, InferCall.of(Rpc.MODEL_STREAM_INFER, sequence));
    assertThat(service.calls).hasValue(2);
    failure(backend(service, Retries.NONE), Servers.streamCall());
    assertThat(service.calls).hasValue(3);
  }

  @Test
  void theLimitOfTimeHoldsForAllAttempts() throws Exception {
    ScriptedService service = failing(100, Status.UNAVAILABLE, pushBack("60000"));

    assertThat(
            failure(
                backend(service, FAST), Servers.streamCall().withTimeout(Duration.ofMillis(200))))
        .isEqualTo(BackendCode.DEADLINE_EXCEEDED);
    assertThat(service.calls).hasValue(1);
  }

  @Test
  void cancellingBetweenAttemptsEndsThem() throws Exception {
    var first = new CountDownLatch(1);
    var service =
        ScriptedService.streaming(
            (request, responses) -> {
              responses.onError(Status.UNAVAILABLE.asRuntimeException(pushBack("300")));
              first.countDown();
            });
    GrpcBackend backend = backend(service, FAST);
    Recorder recorder = Recorder.of(backend.infer(Servers.streamCall()));
    first.await();

    recorder.subscription.get(10, TimeUnit.SECONDS).cancel();

    // Had it been made again, it would have been before this one ends.
    failure(backend, Servers.streamCall().withTimeout(Duration.ofMillis(600)));
    assertThat(service.calls.get()).isLessThanOrEqualTo(4);
  }

  @Test
  void whileMostCallsFailTheBudgetEndsRetries() throws Exception {
    ScriptedService service = failing(1000, Status.UNAVAILABLE, new Metadata());
    GrpcBackend backend = backend(service, FAST.withBudget(10, 0.1));

    for (int i = 0; i < 20; i++) {
      failure(backend, Servers.streamCall());
    }

    // Half of ten failures, and after them each call once.
    assertThat(service.calls.get()).isBetween(20, 26);
  }

  @Test
  void anotherServicesMethodsAreRepeatedToo() throws Exception {
    GrpcBackend backend =
        keep(
            GrpcBackend.builder()
                .target("127.0.0.1:1")
                .service("org.acme.Inference")
                .retries(FAST.withMaxAttempts(2))
                .build());

    assertThat(failure(backend, Servers.unaryCall())).isEqualTo(BackendCode.UNAVAILABLE);
  }

  @Test
  void retriesOutOfRangeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> FAST.withMaxAttempts(0));
    assertThatIllegalArgumentException().isThrownBy(() -> FAST.withMaxAttempts(11));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FAST.withPauses(Duration.ZERO, Duration.ofSeconds(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FAST.withPauses(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> FAST.withBudget(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> FAST.withBudget(10, 0));
  }

  /** Fails so often, then answers. */
  private static ScriptedService failing(int times, Status status, Metadata trailers) {
    var left = new AtomicInteger(times);
    return ScriptedService.streaming(
        (request, responses) -> {
          if (left.getAndDecrement() > 0) {
            responses.onError(status.asRuntimeException(trailers));
          } else {
            answer(responses);
          }
        });
  }

  private static void answer(StreamObserver<ModelStreamInferResponse> responses) {
    responses.onNext(Servers.chunk("at last"));
    responses.onCompleted();
  }

  private static Metadata pushBack(String millis) {
    var trailers = new Metadata();
    trailers.put(PUSH_BACK, millis);
    return trailers;
  }

  private static BackendCode failure(GrpcBackend backend, InferCall call) throws Exception {
    return ((BackendException) Recorder.of(backend.infer(call)).failure()).backendCode();
  }

  private GrpcBackend backend(ScriptedService service, Retries retries) throws Exception {
    Server server = Servers.start(service);
    servers.add(server);
    return keep(GrpcBackend.builder().target(Servers.target(server)).retries(retries).build());
  }

  private GrpcBackend keep(GrpcBackend backend) {
    backends.add(backend);
    return backend;
  }
}
