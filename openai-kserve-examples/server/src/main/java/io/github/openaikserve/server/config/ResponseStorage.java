package io.github.openaikserve.server.config;

/** Where the server stores responses. */
public enum ResponseStorage {
  /** In the memory of the process. */
  MEMORY,
  /** Nowhere. */
  NONE
}
