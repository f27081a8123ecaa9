package io.github.openaikserve.server.config;

/** What happens to tools that OpenAI runs itself, in requests for responses. */
public enum UnsupportedTools {
  /** They are left out, and named among the dropped fields. */
  IGNORE,
  /** The request is rejected. */
  REJECT
}
