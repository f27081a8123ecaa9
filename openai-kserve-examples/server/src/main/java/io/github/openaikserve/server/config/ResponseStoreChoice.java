package io.github.openaikserve.server.config;

/** The store of responses. */
public enum ResponseStoreChoice {
  /** The memory of the process. */
  MEMORY,
  /** In a database. */
  JDBC,
  /** Nowhere. */
  NONE
}
