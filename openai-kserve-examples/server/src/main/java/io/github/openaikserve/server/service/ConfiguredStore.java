package io.github.openaikserve.server.service;

import io.github.openaikserve.server.config.ListenConfig;
import io.github.openaikserve.server.config.ListenConfig.ResponseDatabaseConfig;
import io.github.openaikserve.store.JdbcResponseStore;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.store.ResponseStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The response store that the configuration selects. Thread-safe. */
final class ConfiguredStore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConfiguredStore.class);

  private static final int MAX_CAUSES = 10;
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Optional<ResponseStore> store;
  private final Resources resources;

  private ConfiguredStore(Optional<ResponseStore> store, Resources resources) {
    this.store = store;
    this.resources = resources;
  }

  /**
   * Opens the store. If the database cannot be reached, retries until it can be. Meanwhile requests
   * that need the store fail with status 503, and other requests are served.
   *
   * @throws IOException if the driver of the database or a file is missing
   */
  static ConfiguredStore open(ListenConfig server) throws IOException {
    var resources = new Resources();
    return switch (server.responseStore()) {
      case NONE -> new ConfiguredStore(Optional.empty(), resources);
      case MEMORY -> {
        log.warn(
            "responses are stored in memory, which other replicas do not share;"
                + " behind a load balancer set server.response_store to jdbc or none size={}",
            server.responseStoreSize());
        yield new ConfiguredStore(Optional.of(memory(server)), resources);
      }
      case JDBC ->
          new ConfiguredStore(
              Optional.of(database(server.responseDatabase().orElseThrow(), resources)), resources);
    };
  }

  private static ResponseStore memory(ListenConfig server) {
    return MemoryResponseStore.builder().maxBytes(server.responseStoreSize()).build();
  }

  private static ResponseStore database(ResponseDatabaseConfig config, Resources resources)
      throws IOException {
    JdbcResponseStore store =
        JdbcResponseStore.builder(resources.add(ResponseDatabase.open(config)))
            .timeToLive(config.timeToLive())
            .build();
    resources.add(store);
    try {
      createTables(store);
    } catch (IllegalStateException e) {
      log.warn("response store unavailable, retrying reason=\"{}\"", reason(e));
      var retrying = new Thread(() -> createTablesLater(store), "response-store");
      retrying.setDaemon(true);
      retrying.start();
      resources.add(retrying::interrupt);
    }
    return store;
  }

  private static void createTables(JdbcResponseStore store) {
    store.createTables();
    log.info("response store available");
  }

  /** Returns the driver's failure. The pool's failure only reports a timeout. */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < MAX_CAUSES && cause.getCause() != null; i++) {
      cause = cause.getCause();
    }
    return cause.toString();
  }

  private static void createTablesLater(JdbcResponseStore store) {
    try {
      while (true) {
        Thread.sleep(RETRY.toMillis());
        try {
          createTables(store);
          return;
        } catch (IllegalStateException e) {
          log.debug("response store still unavailable", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server shuts down
    }
  }

  Optional<ResponseStore> store() {
    return store;
  }

  @Override
  public void close() {
    resources.close();
  }
}
