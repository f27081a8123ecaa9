package io.github.openaikserve.openai.responses;

import java.util.Map;

/**
 * A conversation whose items are stored, so that responses continue them. Immutable.
 *
 * @param createdAt seconds since 1970
 * @param metadata at most 16 entries; empty without any
 */
public record Conversation(String id, long createdAt, Map<String, String> metadata) {
  /** Copies the map. */
  public Conversation {
    metadata = Map.copyOf(metadata);
  }
}
