package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.internal.call.CallDeadline;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CallDeadlineTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1n",
    "99999999, 99999999n",
    "100000000, 100000u",
    "100000001, 100001u",
    "600000000000, 600000m",
    "99999999000000, 99999999m",
    "100000000000000, 100000S",
    "9223372036854775807, 2562048H",
  })
  void theHeaderHasGrpcsFormat(long nanos, String text) {
    assertThat(CallDeadline.text(nanos)).isEqualTo(text);
  }

  @Test
  void aDeadlineThatTheCallerEnforcesIsOnlySentToTheServer() {
    var deadline = new CallDeadline(Duration.ofMinutes(10), true);
    var headers = new Metadata();

    deadline.addTo(headers);

    assertThat(deadline.of(CallOptions.DEFAULT).getDeadline()).isNull();
    assertThat(headers.keys()).containsExactly("grpc-timeout");
  }

  @Test
  void aDeadlineThatTheCallerDoesNotEnforceIsEnforcedByGrpc() {
    var deadline = new CallDeadline(Duration.ofMinutes(10), false);
    var headers = new Metadata();

    deadline.addTo(headers);

    assertThat(
            Objects.requireNonNull(deadline.of(CallOptions.DEFAULT).getDeadline())
                .timeRemaining(TimeUnit.SECONDS))
        .isBetween(590L, 600L);
    assertThat(headers.keys()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theDeadlineReachesTheServer(boolean enforced) throws Exception {
    BlockingQueue<Deadline> deadlines = new LinkedBlockingQueue<>();
    Server server =
        Servers.start(
            ScriptedService.streaming(
                (request, responses) -> {
                  deadlines.add(Objects.requireNonNull(Context.current().getDeadline()));
                  responses.onCompleted();
                }));
    var call = Servers.streamCall().withTimeout(Duration.ofSeconds(70));
    try (var backend = Servers.connect(Servers.target(server))) {
      Recorder.of(backend.infer(enforced ? call.withDeadlineEnforced() : call)).texts();

      assertThat(deadlines.take().timeRemaining(TimeUnit.SECONDS)).isBetween(30L, 70L);
    } finally {
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void aServerThatCancelsAtTheDeadlineIsReportedAsDeadlineExceeded() throws Exception {
    Server server =
        Servers.start(
            ScriptedService.streaming(
                (request, responses) -> {
                  Context.CancellationListener end =
                      context -> responses.onError(Status.CANCELLED.asRuntimeException());
                  Context.current().addListener(end, Runnable::run);
                }));
    try (var backend = Servers.connect(Servers.target(server))) {
      var call = Servers.streamCall().withTimeout(Duration.ofMillis(100)).withDeadlineEnforced();

      assertThat(Recorder.of(backend.infer(call)).failure())
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.backendCode()).isEqualTo(BackendCode.DEADLINE_EXCEEDED));
    } finally {
      server.shutdownNow().awaitTermination();
    }
  }
}
