package io.github.openaikserve.store;

import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A response store in the memory of this process. Returned futures are already complete.
 * Thread-safe.
 *
 * <p>If the store would exceed its maximum size, it drops the objects with the oldest last write.
 * Processes do not share it, so a load balancer must route a client to the same process again.
 */
public final class MemoryResponseStore implements ResponseStore {
  private final long maxBytes;
  private final Scheduler scheduler;
  private final Object lock = new Object();
  private final MemoryObjects objects; // guarded by lock

  private MemoryResponseStore(Builder builder) {
    this.maxBytes = builder.maxBytes;
    this.scheduler = builder.scheduler;
    this.objects = new MemoryObjects(maxBytes, builder.timeToLive.toNanos());
  }

  /** Returns a store of at most 64 MiB whose objects expire after one day. */
  public static MemoryResponseStore ofDefaults() {
    return builder().build();
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the size of the store in bytes, including an estimated overhead. */
  public long bytes() {
    return locked(objects::bytes);
  }

  /** Returns the number of objects in the store. */
  public int size() {
    return locked(objects::size);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The future fails with {@link IllegalArgumentException} if the object is larger than the
   * store.
   */
  @Override
  public CompletableFuture<Void> put(StoredObject object) {
    var stored = new MemoryObject(object);
    if (stored.size > maxBytes) {
      return tooLarge(stored.size);
    }
    long now = scheduler.nanoTime();
    return locked(
        () -> {
          objects.put(stored, now);
          return CompletableFuture.completedFuture(null);
        });
  }

  /**
   * {@inheritDoc}
   *
   * <p>The future fails with {@link IllegalArgumentException} if the object would become larger
   * than the store. The object is then not changed.
   */
  @Override
  public CompletableFuture<Boolean> update(
      String id, byte @Nullable [] json, List<StoredItem> added) {
    long now = scheduler.nanoTime();
    return locked(
        () -> {
          objects.evict(now);
          MemoryObject object = objects.get(id);
          if (object == null) {
            return CompletableFuture.completedFuture(false);
          }
          Map<String, StoredItem> fresh = object.fresh(added);
          long size = object.sizeWith(json, fresh);
          if (size > maxBytes) {
            return tooLarge(size);
          }
          objects.change(object, json, fresh, size, now);
          return CompletableFuture.completedFuture(true);
        });
  }

  @Override
  public CompletableFuture<Optional<StoredObject>> get(String id) {
    return current(() -> Optional.ofNullable(objects.get(id)).map(MemoryObject::object));
  }

  @Override
  public CompletableFuture<Optional<StoredItem>> item(String itemId) {
    return current(() -> Optional.ofNullable(objects.item(itemId)));
  }

  @Override
  public CompletableFuture<Boolean> delete(String id) {
    return current(() -> objects.remove(id));
  }

  @Override
  public CompletableFuture<Boolean> deleteItem(String id, String itemId) {
    return current(() -> objects.removeItem(id, itemId));
  }

  private <T> CompletableFuture<T> current(Supplier<T> action) {
    long now = scheduler.nanoTime();
    return CompletableFuture.completedFuture(
        locked(
            () -> {
              objects.evict(now);
              return action.get();
            }));
  }

  private <T> T locked(Supplier<T> action) {
    synchronized (lock) {
      return action.get();
    }
  }

  private <T> CompletableFuture<T> tooLarge(long size) {
    return CompletableFuture.failedFuture(
        new IllegalArgumentException(
            "an object of %d bytes is larger than the store of %d bytes"
                .formatted(size, maxBytes)));
  }

  /** A builder of stores. Not thread-safe. */
  public static final class Builder {
    private long maxBytes = 64L << 20;
    private Duration timeToLive = Duration.ofDays(1);
    private Scheduler scheduler = Scheduler.SHARED;

    private Builder() {}

    /** Sets the maximum size in bytes (default: 64 MiB). */
    public Builder maxBytes(long maxBytes) {
      if (maxBytes < 1) {
        throw new IllegalArgumentException("maxBytes must be at least 1, was " + maxBytes);
      }
      this.maxBytes = maxBytes;
      return this;
    }

    /** Sets the time for which an object is kept after its last write (default: 1 day). */
    public Builder timeToLive(Duration timeToLive) {
      this.timeToLive = StoreLimits.timeToLive(timeToLive);
      return this;
    }

    /** Sets the clock (default: {@link Scheduler#SHARED}). */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
      return this;
    }

    /** Builds an empty store. */
    public MemoryResponseStore build() {
      return new MemoryResponseStore(this);
    }
  }
}
