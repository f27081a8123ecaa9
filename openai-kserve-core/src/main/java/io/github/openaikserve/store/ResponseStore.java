package io.github.openaikserve.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A store of responses and conversations. Implementations are thread-safe.
 *
 * <p>Both are stored as objects: JSON with an id and an ordered list of items. Implementations do
 * not interpret the JSON or the ids. They may drop an object at any time; the service then answers
 * 404. If several services share a store, an object must be visible to all of them when the future
 * of its write has completed.
 *
 * <p>Methods must not block. They report failures through the future; the service then answers 503,
 * or reports that the response was not stored. The service waits for at most 10 seconds. It never
 * closes a store.
 */
public interface ResponseStore {
  /** Stores an object. Replaces an object with the same id. */
  CompletableFuture<Void> put(StoredObject object);

  /**
   * Changes a stored object. Atomic: two concurrent updates both take effect.
   *
   * @param json the new JSON; null to keep the JSON
   * @param added items to append; an item whose id is already in the object is not added
   * @return whether the object is stored; if not, nothing was changed
   */
  CompletableFuture<Boolean> update(String id, byte @Nullable [] json, List<StoredItem> added);

  /** Returns an object with its items; empty if it is not stored. */
  CompletableFuture<Optional<StoredObject>> get(String id);

  /**
   * Returns an item of any object; empty if it is not stored. If several objects have the item,
   * returns the one that was added first.
   */
  CompletableFuture<Optional<StoredItem>> item(String itemId);

  /** Deletes an object and its items. Returns whether it was stored. */
  CompletableFuture<Boolean> delete(String id);

  /** Deletes an item of an object. Returns whether it was stored. */
  CompletableFuture<Boolean> deleteItem(String id, String itemId);
}
