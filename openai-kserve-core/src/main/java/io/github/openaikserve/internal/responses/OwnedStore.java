package io.github.openaikserve.internal.responses;

import io.github.openaikserve.store.ResponseStore;
import io.github.openaikserve.store.StoredItem;
import io.github.openaikserve.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A view of a store that contains only the objects of one owner. Thread-safe.
 *
 * <p>In the underlying store, a digest of the owner and a space precede each id. Ids of clients
 * contain no space, so no client can name an object of another owner.
 */
final class OwnedStore implements ResponseStore {
  /** The number of bytes of the digest, which are 20 characters in Base64. */
  private static final int DIGEST_BYTES = 15;

  private final ResponseStore store;
  private final String prefix;

  OwnedStore(ResponseStore store, String owner) {
    this.store = store;
    this.prefix = digest(owner) + ' ';
  }

  private static String digest(String owner) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(owner.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, DIGEST_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public CompletableFuture<Void> put(StoredObject object) {
    return store.put(
        new StoredObject(prefix + object.id(), object.json(), prefixed(object.items())));
  }

  @Override
  public CompletableFuture<Boolean> update(
      String id, byte @Nullable [] json, List<StoredItem> added) {
    return store.update(prefix + id, json, prefixed(added));
  }

  private List<StoredItem> prefixed(List<StoredItem> items) {
    return items.stream().map(item -> new StoredItem(prefix + item.id(), item.json())).toList();
  }

  @Override
  public CompletableFuture<Optional<StoredObject>> get(String id) {
    return store
        .get(prefix + id)
        .thenApply(
            found ->
                found.map(
                    object ->
                        new StoredObject(
                            id,
                            object.json(),
                            object.items().stream().map(this::withoutPrefix).toList())));
  }

  private StoredItem withoutPrefix(StoredItem item) {
    return new StoredItem(item.id().substring(prefix.length()), item.json());
  }

  @Override
  public CompletableFuture<Optional<StoredItem>> item(String itemId) {
    return store.item(prefix + itemId).thenApply(found -> found.map(this::withoutPrefix));
  }

  @Override
  public CompletableFuture<Boolean> delete(String id) {
    return store.delete(prefix + id);
  }

  @Override
  public CompletableFuture<Boolean> deleteItem(String id, String itemId) {
    return store.deleteItem(prefix + id, prefix + itemId);
  }
}
