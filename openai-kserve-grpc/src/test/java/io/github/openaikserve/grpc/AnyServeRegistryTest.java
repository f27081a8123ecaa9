package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.grpc.internal.endpoint.AnyServeRegistry;
import io.github.openaikserve.grpc.internal.endpoint.AnyServeTarget;
import io.github.openaikserve.resilience.Endpoint;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.testing.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real registry over HTTP, with a clock that the tests advance. */
final class AnyServeRegistryTest implements EndpointSource.Listener {
  private final ManualScheduler scheduler = new ManualScheduler();
  private final BlockingQueue<List<Endpoint>> reported = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();

  @SuppressWarnings("NullAway.Init")
  private RegistryServer registry;

  @SuppressWarnings("NullAway.Init")
  private EndpointSource.Watch watch;

  @AfterEach
  void stop() {
    watch.close();
    registry.close();
  }

  @Test
  void theRegistryIsReadAtItsInterval() throws Exception {
    watch(replica("gpu-1:8000", "{\"type\":\"generate\"}"), "?type=generate&refresh_ms=3600000");
    assertThat(next(reported)).containsExactly(Endpoint.of("gpu-1:8000"));
    settle();

    scheduler.advance(Duration.ofSeconds(3599));
    assertThat(registry.readings).hasValue(1);

    scheduler.advance(Duration.ofSeconds(1));
    assertThat(next(reported)).hasSize(1);
    assertThat(registry.readings).hasValue(2);
  }

  /** AnyServe does not register capabilities of its own llama.cpp worker. */
  @Test
  void aReplicaWithoutCapabilitiesMayOfferAnything() throws Exception {
    watch(replica("gpu-1:8000", ""), "?type=generate&model=llamacpp");

    assertThat(next(reported)).containsExactly(Endpoint.of("gpu-1:8000"));
  }

  @Test
  void aFailureNamesReplicasThatDoNotOfferTheCapability() throws Exception {
    watch(replica("gpu-1:8000", "{\"type\":\"embed\"}"), "?type=generate&model=llamacpp");

    assertThat(next(failures))
        .endsWith("lists 1 replica, which does not offer {model=llamacpp, type=generate}");

    registry.answer(
        RegistryServer.json(
            "{\"replicas\":[%s,%s]}"
                .formatted(entry("a:1", "{\"type\":\"embed\"}"), entry("b:1", "{\"a\":\"b\"}"))));
    settle();
    scheduler.advance(Duration.ofSeconds(2));
    assertThat(next(failures)).contains("lists 2 replicas, none of which offers");
  }

  @Test
  void failedReadsBackOffUpToTheInterval() throws Exception {
    watch(RegistryServer.status(500, ""), "?refresh_ms=10000");
    for (int pause : new int[] {2, 4, 8, 10, 10}) {
      assertThat(next(failures)).endsWith("the registry answered with HTTP status 500");
      settle();
      int before = registry.readings.get();
      scheduler.advance(Duration.ofSeconds(pause).minusMillis(1));
      assertThat(registry.readings).hasValue(before);
      scheduler.advance(Duration.ofMillis(1));
    }
  }

  private void watch(RegistryServer.Answer answer, String query) throws IOException {
    registry = RegistryServer.start(answer);
    var target = AnyServeTarget.parse("anyserve://127.0.0.1:" + registry.port() + query);
    watch = new AnyServeRegistry(target, scheduler, ForkJoinPool.commonPool()).watch(this);
  }

  /** Waits until the next read is scheduled. */
  private void settle() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (scheduler.waiting() == 0) {
      assertThat(System.nanoTime()).as("time").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static RegistryServer.Answer replica(String endpoint, String capability) {
    return RegistryServer.json("{\"replicas\":[" + entry(endpoint, capability) + "]}");
  }

  private static String entry(String endpoint, String capability) {
    return "{\"replica_id\":\"r\",\"endpoint\":\"%s\",\"capabilities\":[%s]}"
        .formatted(endpoint, capability);
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    return Objects.requireNonNull(queue.poll(20, TimeUnit.SECONDS), "nothing was reported");
  }

  @Override
  public void onEndpoints(List<Endpoint> endpoints) {
    reported.add(endpoints);
  }

  @Override
  public void onFailure(String reason) {
    failures.add(reason);
  }
}
