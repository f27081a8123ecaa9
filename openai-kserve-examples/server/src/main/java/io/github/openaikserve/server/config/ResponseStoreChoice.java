package io.github.openaikserve.server.config;

/** Where the server stores responses. */
public enum ResponseStoreChoice {
  /** In the memory of the process. */
  MEMORY,
  /** In a database. */
  JDBC,
  /** Nowhere. */
  NONE
}
