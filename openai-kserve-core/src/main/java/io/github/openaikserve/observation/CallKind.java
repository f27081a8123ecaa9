package io.github.openaikserve.observation;

/** What is asked of a model. */
public enum CallKind {
  /** {@code /v1/chat/completions}. */
  CHAT,
  /** {@code /v1/completions}. */
  COMPLETION,
  /** {@code /v1/embeddings}. */
  EMBEDDING
}
