package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.store.StoredItem;
import java.util.List;

/** The number and the size of the stored items of a conversation, with limits. Not thread-safe. */
final class ConversationSize {
  /** The maximum number of items, which corresponds to the maximum number of messages. */
  private static final int MAX_ITEMS = 8192;

  private final String param;
  private final long maxBytes;
  private int items;
  private long bytes;

  /**
   * Creates the size of a conversation without items.
   *
   * @param param the field of the request that names the conversation
   * @param maxBytes the maximum total size of the items in bytes
   */
  ConversationSize(String param, long maxBytes) {
    this.param = param;
    this.maxBytes = maxBytes;
  }

  /**
   * Adds items.
   *
   * @throws InvalidRequestException if the conversation is too long with them
   */
  void add(List<StoredItem> stored) {
    items += stored.size();
    stored.forEach(item -> bytes += item.json().length);
    if (items > MAX_ITEMS) {
      throw tooLong("It has more than %d stored items.".formatted(MAX_ITEMS));
    }
    if (bytes > maxBytes) {
      throw tooLong("Its stored items are larger than %d bytes.".formatted(maxBytes));
    }
  }

  InvalidRequestException tooLong(String why) {
    return InvalidRequestException.badValue(
        param,
        "conversation_too_long",
        "The conversation is too long. %s Start a new conversation.".formatted(why));
  }
}
