package io.github.openaikserve.responses;

import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.store.ResponseStore;
import io.github.openaikserve.store.StoredItem;
import io.github.openaikserve.store.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store in memory that fails, or lets writes wait, when a test says so. Thread-safe. */
final class SteeredStore implements ResponseStore {
  private final ResponseStore store = MemoryResponseStore.ofDefaults();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile @Nullable CompletableFuture<Void> gate;

  /** Lets this many calls fail. */
  void fail(int calls) {
    failures.set(calls);
  }

  /** Lets writes wait for the future that is returned. */
  CompletableFuture<Void> hold() {
    var held = new CompletableFuture<Void>();
    gate = held;
    return held;
  }

  private <T> CompletableFuture<T> called(Supplier<CompletableFuture<T>> call) {
    return failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0
        ? CompletableFuture.failedFuture(new IllegalStateException("the store is down"))
        : call.get();
  }

  private <T> CompletableFuture<T> written(Supplier<CompletableFuture<T>> call) {
    CompletableFuture<Void> held = gate;
    return held == null ? called(call) : held.thenCompose(open -> called(call));
  }

  @Override
  public CompletableFuture<Void> put(StoredObject object) {
    return written(() -> store.put(object));
  }

  @Override
  public CompletableFuture<Boolean> update(
      String id, byte @Nullable [] json, List<StoredItem> added) {
    return written(() -> store.update(id, json, added));
  }

  @Override
  public CompletableFuture<Optional<StoredObject>> get(String id) {
    return called(() -> store.get(id));
  }

  @Override
  public CompletableFuture<Optional<StoredItem>> item(String itemId) {
    return called(() -> store.item(itemId));
  }

  @Override
  public CompletableFuture<Boolean> delete(String id) {
    return written(() -> store.delete(id));
  }

  @Override
  public CompletableFuture<Boolean> deleteItem(String id, String itemId) {
    return written(() -> store.deleteItem(id, itemId));
  }
}
