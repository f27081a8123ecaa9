package io.github.openaikserve.server.config;

/** The store of responses. */
public enum ResponseStoreChoice {
  /** The memory of the process. */
  MEMORY,
  /** Stores responses in a database. */
  JDBC,
  /** Nowhere. */
  NONE
}
