package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.grpc.faults.Faults;
import io.github.openaikserve.grpc.faults.ToxicProxy;
import io.github.openaikserve.grpc.internal.endpoint.AnyServeTarget;
import io.grpc.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outages of real servers in real time, under continuous calls. */
@Tag("slow")
final class RecoveryTest {
  private static final Duration RECOVERY = Duration.ofSeconds(2);
  private static final Duration AFTER = Duration.ofSeconds(8);
  private static final int TRIES = 50;

  private final List<Server> servers = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    stop(servers);
  }

  @ParameterizedTest
  @CsvSource({"1,10", "1,60", "3,10", "3,60"})
  void restartedEndpointsAreUsedWithinTwoSeconds(int endpoints, int seconds) throws Exception {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < endpoints; i++) {
      servers.add(Servers.start(worker()));
      ports.add(servers.get(i).getPort());
    }
    String target =
        ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));

    assertRecovers(target, servers, Duration.ofSeconds(seconds));
  }

  /** Its dispatcher always reports ready. */
  @Test
  void aRestartedAnyServeWorkerIsUsedWithinTwoSeconds() throws Exception {
    Server dispatcher = dispatcherAndWorker();
    List<Server> worker = new ArrayList<>(servers.subList(1, 2));
    try {
      assertRecovers(Servers.target(dispatcher), worker, Duration.ofSeconds(10));
    } finally {
      stop(worker);
    }
  }

  /** As with a firewall that drops a connection's state; new connections pass. */
  @Test
  void callsOnASilentlyLostConnectionAreAnsweredWithinThirtySeconds() throws Exception {
    var silence = new CompletableFuture<Void>();
    servers.add(Servers.start(worker()));
    int port = servers.get(0).getPort();
    try (ToxicProxy proxy = ToxicProxy.before(port, Faults.once(silence, Faults.silence()));
        var backend = GrpcBackend.connect(proxy.target());
        var traffic = new Traffic(backend, Duration.ofMillis(250))) {
      traffic.goOnFor(RECOVERY);
      assertThat(traffic.ended()).isNotEmpty();
      proxy.fault(Faults.none());
      silence.complete(null);

      traffic.goOnFor(Duration.ofSeconds(30));

      assertThat(traffic.finish())
          .noneMatch(Traffic.Call::failed)
          .allMatch(call -> seconds(call) < 30)
          .anyMatch(call -> seconds(call) > 1);
    }
  }

  private static long seconds(Traffic.Call call) {
    return TimeUnit.NANOSECONDS.toSeconds(call.ended() - call.began());
  }

  /**
   * Stops servers for some time, starts others at their ports, and leaves those in the list.
   *
   * @param down the servers to stop
   */
  private static void assertRecovers(String target, List<Server> down, Duration outage)
      throws Exception {
    try (var backend = GrpcBackend.connect(target);
        var traffic = new Traffic(backend, Duration.ofMillis(100))) {
      traffic.goOnFor(RECOVERY);
      assertThat(traffic.ended()).isNotEmpty().noneMatch(Traffic.Call::failed);

      List<Integer> ports = down.stream().map(Server::getPort).toList();
      stop(down);
      long silent = System.nanoTime() + TimeUnit.SECONDS.toNanos(1); // what was sent has arrived
      traffic.goOnFor(outage);
      assertThat(traffic.endedAfter(silent)).isNotEmpty().allMatch(Traffic.Call::failed);

      down.clear();
      long returning = System.nanoTime();
      for (int port : ports) {
        down.add(Servers.startOn(port, worker()));
      }
      long returned = System.nanoTime();
      traffic.goOnFor(AFTER);

      assertRecovered(traffic.endedAfter(returning), returned);
    }
  }

  private static void assertRecovered(List<Traffic.Call> calls, long returned) {
    Traffic.Call firstGood =
        calls.stream().filter(call -> !call.failed()).findFirst().orElseThrow();
    assertThat(Duration.ofNanos(firstGood.ended() - returned)).isLessThanOrEqualTo(RECOVERY);
    assertThat(calls.subList(calls.indexOf(firstGood), calls.size()))
        .hasSizeGreaterThan(50)
        .noneMatch(Traffic.Call::failed);
  }

  private static void stop(List<Server> servers) throws InterruptedException {
    for (Server server : servers) {
      server.shutdownNow();
    }
    for (Server server : servers) {
      server.awaitTermination();
    }
  }

  private static ScriptedService worker() {
    return ScriptedService.answering("w");
  }

  private Server dispatcherAndWorker() throws IOException {
    for (int i = 1; ; i++) {
      Server dispatcher = Servers.start(new NamedService("anyserve-ingress", ""));
      servers.add(dispatcher);
      try {
        int port = dispatcher.getPort() + AnyServeTarget.STREAM_PORT_OFFSET;
        servers.add(Servers.startOn(port, worker()));
        return dispatcher;
      } catch (IOException | IllegalArgumentException e) { // taken, or above 65535
        servers.remove(dispatcher.shutdownNow());
        if (i == TRIES) {
          throw e;
        }
      }
    }
  }
}
