package io.github.openaikserve.dialect;

/** The kinds of request that a model server can be asked to serve. */
public enum RequestKind {
  /** {@code /v1/chat/completions}. */
  CHAT,
  /** {@code /v1/completions}. */
  COMPLETION,
  /** {@code /v1/embeddings}. */
  EMBEDDING
}
