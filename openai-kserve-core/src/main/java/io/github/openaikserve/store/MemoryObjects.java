package io.github.openaikserve.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a store in memory in the order of their last write, with an index of their items
 * and their total size. Not thread-safe.
 */
final class MemoryObjects {
  private final long maxBytes;
  private final long timeToLive;
  private final Map<String, MemoryObject> objects = new LinkedHashMap<>(); // oldest write first
  private final Map<String, List<MemoryObject>> owners = new HashMap<>(); // by item, oldest first
  private long bytes;

  /**
   * Creates a table without objects.
   *
   * @param timeToLive the time in nanoseconds for which an object is kept after its last write
   */
  MemoryObjects(long maxBytes, long timeToLive) {
    this.maxBytes = maxBytes;
    this.timeToLive = timeToLive;
  }

  long bytes() {
    return bytes;
  }

  int size() {
    return objects.size();
  }

  @Nullable MemoryObject get(String id) {
    return objects.get(id);
  }

  /** Returns the item of the oldest object that has it; null if no object has it. */
  @Nullable StoredItem item(String itemId) {
    List<MemoryObject> having = owners.get(itemId);
    return having == null ? null : Objects.requireNonNull(having.get(0).items.get(itemId));
  }

  /** Adds an object, or replaces the one with its id. */
  void put(MemoryObject object, long now) {
    remove(object.id);
    object.written = now;
    objects.put(object.id, object);
    bytes += object.size;
    object.items.keySet().forEach(itemId -> own(itemId, object));
    evict(now);
  }

  /**
   * Changes an object.
   *
   * @param json the new JSON; null to keep the JSON
   * @param fresh items that the object does not have
   * @param size the object's size after the change
   */
  void change(
      MemoryObject object,
      byte @Nullable [] json,
      Map<String, StoredItem> fresh,
      long size,
      long now) {
    bytes += size - object.size;
    object.change(json, fresh, size);
    fresh.keySet().forEach(itemId -> own(itemId, object));
    objects.remove(object.id);
    object.written = now;
    objects.put(object.id, object);
    evict(now);
  }

  /** Returns whether there was such an object. */
  boolean remove(String id) {
    MemoryObject object = objects.remove(id);
    if (object == null) {
      return false;
    }
    bytes -= object.size;
    object.items.keySet().forEach(itemId -> disown(itemId, object));
    return true;
  }

  /** Returns whether the object had such an item. */
  boolean removeItem(String id, String itemId) {
    MemoryObject object = objects.get(id);
    long freed = object == null ? -1 : object.remove(itemId);
    if (object == null || freed < 0) {
      return false;
    }
    bytes -= freed;
    disown(itemId, object);
    return true;
  }

  private void own(String itemId, MemoryObject object) {
    owners.computeIfAbsent(itemId, absent -> new ArrayList<>(1)).add(object);
  }

  private void disown(String itemId, MemoryObject object) {
    List<MemoryObject> having = Objects.requireNonNull(owners.get(itemId));
    having.remove(object);
    if (having.isEmpty()) {
      owners.remove(itemId);
    }
  }

  /** Drops expired objects, and then the oldest ones until the rest fits. */
  void evict(long now) {
    while (!objects.isEmpty()) {
      MemoryObject oldest = objects.values().iterator().next();
      if (now - oldest.written < timeToLive && bytes <= maxBytes) {
        return;
      }
      remove(oldest.id);
    }
  }
}
