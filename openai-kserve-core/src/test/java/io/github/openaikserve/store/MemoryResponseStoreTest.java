package io.github.openaikserve.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class MemoryResponseStoreTest extends ResponseStoreContract {
  private final ManualScheduler time = new ManualScheduler();

  @Override
  ResponseStore store() {
    return MemoryResponseStore.ofDefaults();
  }

  private MemoryResponseStore store(long maxBytes) {
    return MemoryResponseStore.builder()
        .maxBytes(maxBytes)
        .timeToLive(Duration.ofMinutes(10))
        .scheduler(time)
        .build();
  }

  private static StoredObject large(String id, int bytes) {
    return new StoredObject(id, new byte[bytes], List.of());
  }

  @Test
  void dropsTheObjectsThatWereWrittenFirst() {
    MemoryResponseStore store = store(10_000);
    store.put(large("resp_1", 4000)).join();
    store.put(large("resp_2", 4000)).join();
    store.update("resp_1", null, List.of(item("msg_1"))).join();

    store.put(large("resp_3", 4000)).join();

    assertThat(store.get("resp_2").join()).isEmpty();
    assertThat(store.get("resp_1").join()).isPresent();
    assertThat(store.get("resp_3").join()).isPresent();
    assertThat(store.bytes()).isLessThanOrEqualTo(10_000);
  }

  @Test
  void anUpdateThatTakesTooMuchDropsOtherObjects() {
    MemoryResponseStore store = store(10_000);
    store.put(large("resp_1", 4000)).join();
    store.put(large("resp_2", 4000)).join();

    store.update("resp_2", new byte[9000], List.of()).join();

    assertThat(store.get("resp_1").join()).isEmpty();
    assertThat(store.get("resp_2").join()).isPresent();
  }

  @Test
  void refusesAnObjectThatIsLargerThanTheStoreAndKeepsTheOthers() {
    MemoryResponseStore store = store(10_000);
    store.put(large("resp_1", 4000)).join();

    assertThat(catchThrowable(() -> store.put(large("resp_2", 10_000)).join()))
        .hasRootCauseInstanceOf(IllegalArgumentException.class);
    assertThat(catchThrowable(() -> store.update("resp_1", new byte[10_000], List.of()).join()))
        .hasRootCauseInstanceOf(IllegalArgumentException.class);
    assertThat(store.get("resp_1").join().orElseThrow().json()).hasSize(4000);
  }

  @Test
  void anObjectExpiresAfterItsLastWrite() {
    MemoryResponseStore store = store(10_000);
    store.put(object("resp_1", "msg_1")).join();
    store.put(object("conv_1")).join();
    time.advance(Duration.ofMinutes(9));
    store.update("conv_1", null, List.of(item("msg_2"))).join();
    assertThat(store.get("resp_1").join()).isPresent();

    time.advance(Duration.ofMinutes(1));

    assertThat(store.get("resp_1").join()).isEmpty();
    assertThat(store.item("msg_1").join()).isEmpty();
    assertThat(store.update("resp_1", null, List.of()).join()).isFalse();
    assertThat(store.get("conv_1").join()).isPresent();
    assertThat(store.size()).isEqualTo(1);
  }

  @Test
  void anEmptyStoreHoldsNothing() {
    MemoryResponseStore store = store(10_000);
    store.put(object("resp_1", "msg_1", "msg_2")).join();
    store.update("resp_1", bytes("{\"longer\":\"than before\"}"), List.of(item("msg_3"))).join();
    store.deleteItem("resp_1", "msg_1").join();
    store.put(object("resp_1", "msg_4")).join();
    store.delete("resp_1").join();

    assertThat(store.bytes()).isZero();
    assertThat(store.size()).isZero();
  }

  @Test
  void staysWithinItsBoundUnderConcurrentUse() {
    MemoryResponseStore store = store(20_000);
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      String thread = "_" + t;
      threads.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 500; i++) {
                  String id = "resp_" + i % 7 + thread;
                  store.put(object(id, "msg_" + i, "msg")).join();
                  store.update(id, null, List.of(item("more" + i))).join();
                  store.item("msg").join();
                  store.deleteItem(id, "msg").join();
                  assertThat(store.bytes()).isLessThanOrEqualTo(20_000);
                  if (i % 3 == 0) {
                    store.delete(id).join();
                  }
                }
              }));
    }
    threads.forEach(CompletableFuture::join);

    time.advance(Duration.ofMinutes(10));
    assertThat(store.get("resp_1").join()).isEmpty();
    assertThat(store.bytes()).isZero();
    assertThat(store.item("msg").join()).isEmpty();
  }

  @Test
  void rejectsInvalidLimits() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemoryResponseStore.builder().maxBytes(0))
        .withMessageContaining("maxBytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemoryResponseStore.builder().timeToLive(Duration.ZERO))
        .withMessageContaining("timeToLive");
  }
}
