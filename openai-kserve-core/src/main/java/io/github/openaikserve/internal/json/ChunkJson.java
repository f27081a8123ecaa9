package io.github.openaikserve.internal.json;

/**
 * The JSON of the chunks of one kind of stream. Thread-safe.
 *
 * @param <C> a chunk
 */
public interface ChunkJson<C> {
  /** A chunk as JSON. */
  byte[] write(C chunk);

  /** The choice that a chunk is about if it says text of it and nothing else; else -1. */
  int textChoice(C chunk);

  /** The choice that a chunk is about if it says reasoning of it and nothing else; else -1. */
  int reasoningChoice(C chunk);

  /** The same chunk, one of text or of reasoning, with another text. */
  C withText(C chunk, String text);
}
