package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.backend.Replica;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.internal.endpoint.AnyServeTarget;
import io.github.openaikserve.grpc.internal.endpoint.RegistryReader;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changing replicas in a registry over real HTTP, called over real gRPC. */
final class DiscoveryTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
  private static final String SHORT = "&refresh_ms=50";

  @AutoClose private final Resources resources = new Resources();
  private Map<String, Worker> workers = Map.of();

  @BeforeEach
  void start() throws IOException {
    workers = new HashMap<>();
    for (String name : List.of("a", "b", "c")) {
      Worker worker = Worker.start(name);
      resources.add(worker);
      workers.put(name, worker);
    }
  }

  @Test
  void callsAndStreamsAreSpreadOverTheReplicas() throws Exception {
    RegistryServer registry = registry(listing("a", "b", "c"));
    InferenceBackend backend = connect(registry, "");

    awaitAnswers(backend, Servers.unaryCall(), Set.of("a", "b", "c"));
    awaitAnswers(backend, Servers.streamCall(), Set.of("a", "b", "c"));

    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 30; i++) {
      counts.merge(answer(backend, Servers.unaryCall()), 1, Integer::sum);
    }
    assertThat(counts).containsOnlyKeys("a", "b", "c");
    assertThat(counts.values()).allMatch(count -> count >= 5);
  }

  @Test
  void removedReplicasReceiveNoCallsAndNewOnesDo() throws Exception {
    RegistryServer registry = registry(listing("a", "b"));
    InferenceBackend backend = connect(registry, SHORT);
    awaitAnswers(backend, Servers.streamCall(), Set.of("a", "b"));

    registry.answer(listing("a"));
    awaitAnswers(backend, Servers.streamCall(), Set.of("a"));
    worker("b").close();
    assertThat(answers(backend, Servers.streamCall(), 10)).containsOnly("a");

    registry.answer(listing("a", "c"));
    awaitAnswers(backend, Servers.streamCall(), Set.of("a", "c"));
    awaitAnswers(backend, Servers.unaryCall(), Set.of("a", "c"));
  }

  @Test
  void theLastReplicasAreUsedWhileTheRegistryIsUnreachable() throws Exception {
    RegistryServer registry = registry(listing("a", "b"));
    InferenceBackend backend = connect(registry, SHORT);
    awaitAnswers(backend, Servers.unaryCall(), Set.of("a", "b"));
    int port = registry.port();

    registry.close();
    awaitAnswers(backend, Servers.unaryCall(), Set.of("a", "b"));

    resources.add(RegistryServer.startOn(port, listing("c")));
    awaitAnswers(backend, Servers.unaryCall(), Set.of("c"));
  }

  @Test
  void invalidAnswersOfTheRegistryKeepTheLastReplicas() throws Exception {
    RegistryServer registry = registry(listing("a", "b"));
    InferenceBackend backend = connect(registry, SHORT);
    awaitAnswers(backend, Servers.unaryCall(), Set.of("a", "b"));

    for (RegistryServer.Answer bad :
        List.of(
            RegistryServer.status(404, "{\"detail\":\"Not Found\"}"),
            RegistryServer.status(500, ""),
            RegistryServer.json("garbage"),
            RegistryServer.json("{\"replicas\":[{\"endpoint\":7}]}"),
            RegistryServer.endless())) {
      registry.answer(bad);
      registry.awaitReadings(3); // two reads may have begun before, so that one has ended

      assertThat(Set.copyOf(answers(backend, Servers.unaryCall(), 10))).isEqualTo(Set.of("a", "b"));
    }
  }

  @Test
  void anEmptyOrUnreachableRegistryIsReportedAsUnavailableWithItsReason() throws Exception {
    RegistryServer registry = registry(listing());
    InferenceBackend backend = connect(registry, SHORT);

    assertThat(reason(backend))
        .isEqualTo(
            "AnyServe's registry at 127.0.0.1:%d lists no replica".formatted(registry.port()));

    registry.answer(RegistryServer.status(404, ""));
    InferenceBackend other = connect(registry, SHORT);
    assertThat(reason(other)).endsWith("the registry answered with HTTP status 404");

    registry.answer(listing("a"));
    awaitAnswers(backend, Servers.unaryCall(), Set.of("a"));
    awaitAnswers(other, Servers.unaryCall(), Set.of("a"));
  }

  @Test
  void onlyReplicasWithAllAttributesAreCalled() throws Exception {
    RegistryServer registry = registry(listing("a"));

    assertThat(reason(connect(registry, "&gpu=2"))).contains("gpu=2");
    awaitAnswers(connect(registry, "&gpu=1"), Servers.unaryCall(), Set.of("a"));
  }

  @Test
  void aLostConnectionTriggersAnEarlyReadOfTheRegistry() throws Exception {
    RegistryServer registry = registry(listing("a"));
    InferenceBackend backend = connect(registry, "&refresh_ms=3600000");
    awaitAnswers(backend, Servers.unaryCall(), Set.of("a"));

    registry.answer(listing("b"));
    worker("a").close();

    awaitAnswers(backend, Servers.unaryCall(), Set.of("b"));
    assertThat(registry.readings.get()).isLessThan(20);
  }

  @Test
  void aSlowRegistryTimesOut() throws Exception {
    var release = new CountDownLatch(1);
    RegistryServer registry =
        registry(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write(' ');
              exchange.getResponseBody().flush();
              try {
                release.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    resources.add(release::countDown);
    URI url = URI.create("http://127.0.0.1:" + registry.port() + "/registry");
    var reader = new RegistryReader(url, ForkJoinPool.commonPool(), Duration.ofMillis(100));

    assertThatThrownBy(() -> reader.read().get(20, TimeUnit.SECONDS))
        .satisfies(
            e ->
                assertThat(RegistryReader.reason(e))
                    .isEqualTo("the registry did not answer within the time limit"));
  }

  @Test
  void theRegistryIsNotReadAfterTheBackendWasClosed() throws Exception {
    RegistryServer registry = registry(listing("a"));
    InferenceBackend backend = connect(registry, SHORT);
    awaitAnswers(backend, Servers.unaryCall(), Set.of("a"));
    registry.awaitReadings(2);

    backend.close();

    assertThat(registry.isReadTwiceWithin(Duration.ofMillis(300)))
        .isFalse(); // one read may have been in progress
  }

  @Test
  void targetsAreParsedAndPrinted() {
    AnyServeTarget target =
        AnyServeTarget.parse("anyserve://[::1]:8080/?type=generate&model=a%26b&refresh_ms=500");

    assertThat(target.attributes()).isEqualTo(Map.of("type", "generate", "model", "a&b"));
    assertThat(target.refresh()).isEqualTo(Duration.ofMillis(500));
    assertThat(target.url()).hasToString("http://[::1]:8080/registry");
    assertThat(AnyServeTarget.parse("anyserve://h:1").attributes()).isEmpty();
    for (String wrong :
        List.of(
            "anyserve:h:1",
            "anyserve://h",
            "anyserve://h:1/path",
            "anyserve://h:1?type",
            "anyserve://h:1?refresh_ms=soon",
            "anyserve://h:1?refresh_ms=0")) {
      assertThatIllegalArgumentException()
          .as(wrong)
          .isThrownBy(() -> GrpcBackend.connect(wrong).close());
    }
  }

  @Test
  void replicasAreParsedFromTheRegistrysAnswer() {
    List<Replica> replicas =
        Replica.list(
            "{\"replicas\":[{\"replica_id\":\"r1\",\"endpoint\":\"h:1\","
                + "\"capabilities\":[{\"type\":\"generate\",\"gpus\":2}]}],\"more\":1}");

    assertThat(replicas)
        .containsExactly(
            new Replica("r1", "h:1", List.of(Map.of("type", "generate", "gpus", "2"))));
    assertThat(replicas.get(0).offers(Map.of())).isTrue();
    assertThat(replicas.get(0).offers(Map.of("type", "generate", "model", "m"))).isFalse();
  }

  private RegistryServer registry(RegistryServer.Answer answer) throws IOException {
    return resources.add(RegistryServer.start(answer));
  }

  private InferenceBackend connect(RegistryServer registry, String query) {
    return resources.add(
        GrpcBackend.connect(
            "anyserve://127.0.0.1:%d?type=generate&model=llamacpp%s"
                .formatted(registry.port(), query)));
  }

  private Worker worker(String name) {
    return Objects.requireNonNull(workers.get(name), name);
  }

  private RegistryServer.Answer listing(String... names) {
    List<Integer> ports = new ArrayList<>();
    for (String name : names) {
      ports.add(worker(name).port());
    }
    return RegistryServer.replicas(ports);
  }

  /** Waits until ten calls, one after the other, are answered by exactly these. */
  private static void awaitAnswers(InferenceBackend backend, InferCall call, Set<String> expected)
      throws Exception {
    long end = System.nanoTime() + PATIENCE;
    Set<String> seen = Set.of();
    while (System.nanoTime() < end) {
      try {
        seen = Set.copyOf(answers(backend, call, 10));
      } catch (AssertionError e) {
        seen = Set.of("failed: " + e.getCause());
      }
      if (seen.equals(expected)) {
        return;
      }
      LockSupport.parkNanos(10_000_000);
    }
    assertThat(seen).isEqualTo(expected);
  }

  private static List<String> answers(InferenceBackend backend, InferCall call, int count)
      throws Exception {
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(answer(backend, call));
    }
    return answers;
  }

  private static String answer(InferenceBackend backend, InferCall call) throws Exception {
    return Recorder.of(backend.infer(call)).texts().get(0);
  }

  /** Returns the reason why a call is unavailable, which is logged but not sent to clients. */
  private static String reason(InferenceBackend backend) throws Exception {
    Throwable failure = Recorder.of(backend.infer(Servers.unaryCall())).failure();
    assertThat(failure)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.backendCode()).isEqualTo(BackendCode.UNAVAILABLE));
    Throwable cause = Objects.requireNonNull(failure.getCause());
    return String.valueOf(cause.getMessage()).replaceFirst("^UNAVAILABLE: ", "");
  }
}
