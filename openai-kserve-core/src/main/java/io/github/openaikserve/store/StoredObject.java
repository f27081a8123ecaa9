package io.github.openaikserve.store;

import java.util.List;
import java.util.Objects;

/**
 * A response or a conversation, with its items. Immutable, except for the bytes, which are shared
 * and must not be modified.
 *
 * @param id printable ASCII with spaces, at most 200 characters
 * @param json a JSON object in UTF-8
 * @param items the items in order, with distinct ids
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredObject(String id, byte[] json, List<StoredItem> items) {
  /** Copies the list. */
  public StoredObject {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(json, "json");
    items = List.copyOf(items);
  }

  /**
   * Returns the id, the size and the number of items; never the content, which must not be logged.
   */
  @Override
  public String toString() {
    return "StoredObject[id=%s, bytes=%d, items=%d]".formatted(id, json.length, items.size());
  }
}
