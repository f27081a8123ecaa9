package io.github.openaikserve.server.config;

/** The store of responses. */
public enum ResponseStoreChoice {
  /** The memory of the process. */
  MEMORY,
  /** Responses are not stored. */
  NONE
}
