package io.github.openaikserve.openai.responses;

import java.util.Map;

/**
 * A stored conversation that responses can continue. Immutable.
 *
 * @param createdAt seconds since 1970
 * @param metadata at most 16 entries; empty for none
 */
public record Conversation(String id, long createdAt, Map<String, String> metadata) {
  /** Copies the map. */
  public Conversation {
    metadata = Map.copyOf(metadata);
  }
}
