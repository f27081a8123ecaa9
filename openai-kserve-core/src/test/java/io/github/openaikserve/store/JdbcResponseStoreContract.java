package io.github.openaikserve.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a store in a database does. */
abstract class JdbcResponseStoreContract extends ResponseStoreContract {
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final InstantSource clock = () -> now;
  private final JdbcResponseStore store = open(dataSource());

  /** Returns a database, which other tests may use too. */
  abstract DataSource dataSource();

  private JdbcResponseStore open(DataSource database) {
    return JdbcResponseStore.builder(database).timeToLive(Duration.ofDays(1)).clock(clock).build();
  }

  @Override
  ResponseStore store() {
    store.createTables();
    return store;
  }

  @AfterEach
  void close() throws SQLException {
    execute("drop table if exists openai_kserve_item");
    execute("drop table if exists openai_kserve_object");
    store.close();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int count(String table) throws SQLException {
    try (Connection connection = dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void severalStoresCreateTheTablesAtOnce() {
    CompletableFuture<?>[] creations = new CompletableFuture<?>[8];
    for (int i = 0; i < creations.length; i++) {
      creations[i] = CompletableFuture.runAsync(store::createTables);
    }
    CompletableFuture.allOf(creations).join();

    store.put(object("resp_1")).join();
    store.createTables();
    assertThat(store.get("resp_1").join()).isPresent();
  }

  @Test
  void twoStoresOverOneDatabaseReadEachOthersObjects() {
    store().put(object("resp_1", "msg_1")).join();
    try (JdbcResponseStore other = open(dataSource())) {
      assertThat(ids(other.get("resp_1").join())).containsExactly("msg_1");
      assertThat(other.update("resp_1", null, List.of(item("msg_2"))).join()).isTrue();
    }
    assertThat(ids(store.get("resp_1").join())).containsExactly("msg_1", "msg_2");
  }

  @Test
  void expiredObjectsAreGoneAndDeletedLater() throws SQLException {
    store().put(object("resp_1", "msg_1")).join();
    now = now.plus(Duration.ofDays(1));

    assertThat(store.get("resp_1").join()).isEmpty();
    assertThat(store.item("msg_1").join()).isEmpty();
    assertThat(store.update("resp_1", null, List.of()).join()).isFalse();
    assertThat(store.delete("resp_1").join()).isFalse();
    store.put(object("resp_2", "msg_2")).join();
    store.close(); // waits for the deletion
    assertThat(count("openai_kserve_object")).isEqualTo(1);
    assertThat(count("openai_kserve_item")).isEqualTo(1);
  }

  @Test
  void aMissingTableIsAFailureOfTheFuture() {
    assertThat(catchThrowable(() -> store.get("resp_1").join()))
        .hasRootCauseInstanceOf(SQLException.class);
  }

  @Test
  void aClosedStoreRefusesCalls() {
    store.close();

    assertThat(catchThrowable(() -> store.get("resp_1").join()))
        .hasRootCauseInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void runsOnTheExecutorOfTheApplication() {
    store();
    List<Runnable> calls = new ArrayList<>();
    try (JdbcResponseStore own =
        JdbcResponseStore.builder(dataSource()).executor(calls::add).build()) {
      CompletableFuture<?> found = own.get("resp_1");
      assertThat(found).isNotDone();
      calls.get(0).run();
      assertThat(found).isCompleted();
    }
  }
}
