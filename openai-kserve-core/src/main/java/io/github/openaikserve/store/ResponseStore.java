package io.github.openaikserve.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A store of responses and conversations. Implementations are thread-safe.
 *
 * <p>Both are objects: JSON with an id and an ordered list of items. An implementation reads
 * neither the JSON nor the ids, and may drop an object whenever it likes: the service then answers
 * 404. An object that several services share must be visible to all of them once the future of its
 * write has completed.
 *
 * <p>No method blocks. A method reports a failure by its future; the service then answers 503, or
 * reports that the response is not stored. The service waits at most 10 seconds. It never closes a
 * store.
 */
public interface ResponseStore {
  /** Stores an object in place of one with the same id. */
  CompletableFuture<Void> put(StoredObject object);

  /**
   * Changes an object that is stored. Atomic: of two concurrent updates, both take effect.
   *
   * @param json replaces the JSON; null to keep it
   * @param added follow the items of the object; an item whose id the object has is not added
   * @return whether the object is stored; false has no effect
   */
  CompletableFuture<Boolean> update(String id, byte @Nullable [] json, List<StoredItem> added);

  /** Returns an object with its items; empty if it is not stored. */
  CompletableFuture<Optional<StoredObject>> get(String id);

  /**
   * Returns an item of any object; empty if it is not stored. If several objects have the item,
   * returns that of the object that had it first.
   */
  CompletableFuture<Optional<StoredItem>> item(String itemId);

  /** Deletes an object and its items, and returns whether it was stored. */
  CompletableFuture<Boolean> delete(String id);

  /** Deletes an item of an object, and returns whether it was stored. */
  CompletableFuture<Boolean> deleteItem(String id, String itemId);
}
