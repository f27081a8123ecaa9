package io.github.openaikserve.store;

import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
  /**
   * The estimated overhead in bytes of an object or an item, in addition to its JSON and its id.
   */
  private static final int OVERHEAD = 200;

  private final long maxBytes;
  private final long timeToLive;
  private final Scheduler scheduler;

  // Guarded by lock.
  private final Object lock = new Object();
  private final Map<String, Entry> objects = new LinkedHashMap<>(); // oldest write first
  private final Map<String, List<Entry>> owners = new HashMap<>(); // by item, oldest first
  private long bytes;

  private MemoryResponseStore(Builder builder) {
    this.maxBytes = builder.maxBytes;
    this.timeToLive = builder.timeToLive.toNanos();
    this.scheduler = builder.scheduler;
  }

  /** Returns a store of at most 64 MiB whose objects expire after one day. */
  public static MemoryResponseStore ofDefaults() {
    return builder().build();
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** An object. Guarded by lock. */
  private static final class Entry {
    private final String id;
    private byte[] json;
    private final Map<String, StoredItem> items = new LinkedHashMap<>();
    private long size;
    private long written;

    Entry(String id, byte[] json) {
      this.id = id;
      this.json = json;
    }

    long cost() {
      long sum = MemoryResponseStore.cost(id, json);
      for (StoredItem item : items.values()) {
        sum += MemoryResponseStore.cost(item.id(), item.json());
      }
      return sum;
    }

    StoredObject object() {
      return new StoredObject(id, json, List.copyOf(items.values()));
    }
  }

  private static long cost(String id, byte[] json) {
    return OVERHEAD + 2L * id.length() + json.length;
  }

  /** Returns the size of the store in bytes, including an estimated overhead. */
  public long bytes() {
    return locked(() -> bytes);
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
    var entry = new Entry(object.id(), object.json());
    object.items().forEach(item -> entry.items.putIfAbsent(item.id(), item));
    long size = entry.cost();
    if (size > maxBytes) {
      return tooLarge(size);
    }
    long now = scheduler.nanoTime();
    return locked(
        () -> {
          remove(object.id());
          add(entry, now, size);
          evict(now);
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
          evict(now);
          Entry entry = objects.get(id);
          if (entry == null) {
            return CompletableFuture.completedFuture(false);
          }
          Map<String, StoredItem> fresh = new LinkedHashMap<>();
          added.forEach(item -> fresh.putIfAbsent(item.id(), item));
          fresh.keySet().removeAll(entry.items.keySet());
          long size = entry.size + (json == null ? 0 : json.length - entry.json.length);
          for (StoredItem item : fresh.values()) {
            size += cost(item.id(), item.json());
          }
          if (size > maxBytes) {
            return tooLarge(size);
          }
          bytes += size - entry.size;
          entry.size = size;
          entry.json = json == null ? entry.json : json;
          entry.items.putAll(fresh);
          fresh.keySet().forEach(itemId -> own(itemId, entry));
          objects.remove(id);
          entry.written = now;
          objects.put(id, entry);
          evict(now);
          return CompletableFuture.completedFuture(true);
        });
  }

  @Override
  public CompletableFuture<Optional<StoredObject>> get(String id) {
    return current(() -> Optional.ofNullable(objects.get(id)).map(Entry::object));
  }

  @Override
  public CompletableFuture<Optional<StoredItem>> item(String itemId) {
    return current(
        () ->
            Optional.ofNullable(owners.get(itemId))
                .map(entries -> Objects.requireNonNull(entries.get(0).items.get(itemId))));
  }

  @Override
  public CompletableFuture<Boolean> delete(String id) {
    return current(() -> remove(id));
  }

  @Override
  public CompletableFuture<Boolean> deleteItem(String id, String itemId) {
    return current(
        () -> {
          Entry entry = objects.get(id);
          StoredItem item = entry == null ? null : entry.items.remove(itemId);
          if (entry == null || item == null) {
            return false;
          }
          long freed = cost(itemId, item.json());
          entry.size -= freed;
          bytes -= freed;
          disown(itemId, entry);
          return true;
        });
  }

  private <T> CompletableFuture<T> current(Supplier<T> action) {
    long now = scheduler.nanoTime();
    return CompletableFuture.completedFuture(
        locked(
            () -> {
              evict(now);
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

  private void add(Entry entry, long now, long size) {
    entry.written = now;
    entry.size = size;
    objects.put(entry.id, entry);
    bytes += size;
    entry.items.keySet().forEach(itemId -> own(itemId, entry));
  }

  private void own(String itemId, Entry entry) {
    owners.computeIfAbsent(itemId, absent -> new ArrayList<>(1)).add(entry);
  }

  private boolean remove(String id) {
    Entry entry = objects.remove(id);
    if (entry == null) {
      return false;
    }
    bytes -= entry.size;
    entry.items.keySet().forEach(itemId -> disown(itemId, entry));
    return true;
  }

  private void disown(String itemId, Entry entry) {
    List<Entry> entries = Objects.requireNonNull(owners.get(itemId));
    entries.remove(entry);
    if (entries.isEmpty()) {
      owners.remove(itemId);
    }
  }

  /** Drops expired objects, and then the oldest ones until the rest fits. */
  private void evict(long now) {
    while (!objects.isEmpty()) {
      Entry oldest = objects.values().iterator().next();
      if (now - oldest.written < timeToLive && bytes <= maxBytes) {
        return;
      }
      remove(oldest.id);
    }
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
