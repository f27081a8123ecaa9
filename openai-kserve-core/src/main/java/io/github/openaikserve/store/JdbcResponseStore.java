package io.github.openaikserve.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A response store in a relational database that several processes can share. Tested with
 * PostgreSQL and H2. Thread-safe.
 *
 * <p>{@link #createTables} creates its two tables. Each call takes one connection from the data
 * source, which should be a pool, on a thread of the executor. Expired objects are deleted once a
 * minute, after a write.
 */
public final class JdbcResponseStore implements ResponseStore, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JdbcResponseStore.class);
  private static final long CLEANUP_MILLIS = Duration.ofMinutes(1).toMillis();

  /**
   * The maximum number of attempts. Another process may create the object of each statement first,
   * so this is one more than the number of statements.
   */
  private static final int CREATIONS = 6;

  private final JdbcTransactions transactions;
  private final Executor executor;
  private final @Nullable StoreThreads threads;
  private final long timeToLive;
  private final InstantSource clock;
  private final StoreSql sql;
  private final AtomicLong nextCleanup = new AtomicLong(Long.MIN_VALUE);

  private JdbcResponseStore(Builder builder) {
    this.transactions = new JdbcTransactions(builder.dataSource);
    this.threads = builder.executor == null ? new StoreThreads() : null;
    this.executor = builder.executor == null ? Objects.requireNonNull(threads) : builder.executor;
    this.timeToLive = builder.timeToLive.toMillis();
    this.clock = builder.clock;
    this.sql = new StoreSql(builder.queryTimeout);
  }

  /** Returns a builder for a store in a database. */
  public static Builder builder(DataSource dataSource) {
    return new Builder(Objects.requireNonNull(dataSource, "dataSource"));
  }

  /**
   * Creates missing tables. Blocks. May be called by several processes at once.
   *
   * @throws IllegalStateException if the database fails
   */
  public void createTables() {
    SQLException last = null;
    for (int i = 0; i < CREATIONS; i++) {
      try {
        transactions.run(
            connection -> {
              sql.createTables(connection);
              return true;
            });
        return;
      } catch (SQLException e) { // also thrown if another process creates the same table
        last = e;
        if (JdbcTransactions.isUnreachable(e)) {
          break;
        }
      }
    }
    throw new IllegalStateException("cannot create the tables of the response store", last);
  }

  @Override
  public CompletableFuture<Void> put(StoredObject object) {
    return written(
            connection -> {
              sql.put(connection, object, clock.millis());
              return true;
            })
        .thenApply(done -> null);
  }

  @Override
  public CompletableFuture<Boolean> update(
      String id, byte @Nullable [] json, List<StoredItem> added) {
    List<StoredItem> items = List.copyOf(added);
    return written(
        connection -> sql.update(connection, new StoreSql.Change(id, json, items), now()));
  }

  @Override
  public CompletableFuture<Optional<StoredObject>> get(String id) {
    return async(connection -> sql.get(connection, id, now().expired()));
  }

  @Override
  public CompletableFuture<Optional<StoredItem>> item(String itemId) {
    return async(connection -> sql.item(connection, itemId, now().expired()));
  }

  @Override
  public CompletableFuture<Boolean> delete(String id) {
    return async(connection -> sql.delete(connection, id, now().expired()));
  }

  @Override
  public CompletableFuture<Boolean> deleteItem(String id, String itemId) {
    return async(connection -> sql.deleteItem(connection, id, itemId));
  }

  /**
   * Ends the threads of the default executor after the waiting calls. Waits for at most 10 seconds.
   */
  @Override
  public void close() {
    if (threads != null) {
      threads.close();
    }
  }

  private StoreSql.Moment now() {
    long now = clock.millis();
    return new StoreSql.Moment(now, now - timeToLive);
  }

  private <T> CompletableFuture<T> written(JdbcTransactions.Statements<T> statements) {
    CompletableFuture<T> written = async(statements);
    long due = nextCleanup.get();
    long now = clock.millis();
    if (now >= due && nextCleanup.compareAndSet(due, now + CLEANUP_MILLIS)) {
      written.whenComplete((done, failure) -> cleanUp());
    }
    return written;
  }

  private void cleanUp() {
    long expired = now().expired();
    async(connection -> sql.deleteExpired(connection, expired))
        .whenComplete(
            (deleted, failure) -> {
              if (failure != null) {
                log.warn("deleting expired responses failed", failure);
              }
            });
  }

  private <T> CompletableFuture<T> async(JdbcTransactions.Statements<T> statements) {
    var result = new CompletableFuture<T>();
    try {
      executor.execute(
          () -> {
            try {
              result.complete(transactions.repeat(statements));
            } catch (Throwable e) {
              result.completeExceptionally(e);
            }
          });
    } catch (Throwable e) { // too many calls are waiting, or the executor is closed
      result.completeExceptionally(e);
    }
    return result;
  }

  /** A builder of stores. Not thread-safe. */
  public static final class Builder {
    private final DataSource dataSource;
    private @Nullable Executor executor;
    private Duration timeToLive = Duration.ofDays(30);
    private Duration queryTimeout = Duration.ofSeconds(5);
    private InstantSource clock = InstantSource.system();

    private Builder(DataSource dataSource) {
      this.dataSource = dataSource;
    }

    /**
     * Sets the executor of the blocking calls (default: up to 4 threads of the store, with up to
     * 1,000 waiting calls).
     */
    public Builder executor(Executor executor) {
      this.executor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    /** Sets the time for which an object is kept after its last write (default: 30 days). */
    public Builder timeToLive(Duration timeToLive) {
      this.timeToLive = StoreLimits.timeToLive(timeToLive);
      return this;
    }

    /**
     * Sets the time limit of one statement, in whole seconds (default: 5s).
     *
     * @throws IllegalArgumentException if the timeout is less than one second
     */
    public Builder queryTimeout(Duration queryTimeout) {
      if (queryTimeout.toSeconds() < 1) {
        throw new IllegalArgumentException(
            "queryTimeout must be at least 1 s, was " + queryTimeout);
      }
      this.queryTimeout = queryTimeout;
      return this;
    }

    /**
     * Sets the clock (default: the system's). The clocks of all processes that share the database
     * should agree.
     */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /** Builds the store. Does not connect. */
    public JdbcResponseStore build() {
      return new JdbcResponseStore(this);
    }
  }
}
