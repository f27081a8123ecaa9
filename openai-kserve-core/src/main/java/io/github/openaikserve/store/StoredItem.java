package io.github.openaikserve.store;

import java.util.Objects;

/**
 * An item of a response or of a conversation. Immutable, except for the bytes, which are shared and
 * must not be modified.
 *
 * @param id printable ASCII with spaces, at most 200 characters
 * @param json a JSON object in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredItem(String id, byte[] json) {
  /** Checks that both are present. */
  public StoredItem {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(json, "json");
  }

  /** Returns the id and the size; never the content, which must not be logged. */
  @Override
  public String toString() {
    return "StoredItem[id=%s, bytes=%d]".formatted(id, json.length);
  }
}
