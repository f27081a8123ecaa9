package io.github.openaikserve.store;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object of a store in memory, with its estimated size. Not thread-safe. */
final class MemoryObject {
  /**
   * The estimated overhead in bytes of an object or an item, in addition to its JSON and its id.
   */
  private static final int OVERHEAD = 200;

  final String id;
  final Map<String, StoredItem> items = new LinkedHashMap<>();
  private byte[] json;

  /** The size in bytes, including the items and an estimated overhead. */
  long size;

  /** The time of the last write. */
  long written;

  /** Creates an object. Of several items with the same id, it has the first. */
  MemoryObject(StoredObject object) {
    this.id = object.id();
    this.json = object.json();
    object.items().forEach(item -> items.putIfAbsent(item.id(), item));
    this.size = cost(id, json) + cost(items.values());
  }

  private static long cost(String id, byte[] json) {
    return OVERHEAD + 2L * id.length() + json.length;
  }

  private static long cost(Collection<StoredItem> items) {
    long sum = 0;
    for (StoredItem item : items) {
      sum += cost(item);
    }
    return sum;
  }

  private static long cost(StoredItem item) {
    return cost(item.id(), item.json());
  }

  /** Returns those items that the object does not have. */
  Map<String, StoredItem> fresh(List<StoredItem> added) {
    Map<String, StoredItem> fresh = new LinkedHashMap<>();
    added.forEach(item -> fresh.putIfAbsent(item.id(), item));
    fresh.keySet().removeAll(items.keySet());
    return fresh;
  }

  /** Returns the size after a change. JSON of null means the present JSON. */
  long sizeWith(byte @Nullable [] changed, Map<String, StoredItem> fresh) {
    return size + (changed == null ? 0 : changed.length - json.length) + cost(fresh.values());
  }

  /**
   * Changes the object. JSON of null means the present JSON.
   *
   * @param size the size after the change, from {@link #sizeWith}
   */
  void change(byte @Nullable [] changed, Map<String, StoredItem> fresh, long size) {
    this.size = size;
    json = changed == null ? json : changed;
    items.putAll(fresh);
  }

  /** Removes an item and returns its size in bytes; -1 if it does not exist. */
  long remove(String itemId) {
    StoredItem item = items.remove(itemId);
    if (item == null) {
      return -1;
    }
    long freed = cost(item);
    size -= freed;
    return freed;
  }

  StoredObject object() {
    return new StoredObject(id, json, List.copyOf(items.values()));
  }
}
