package io.github.openaikserve.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import javax.sql.DataSource;

/** The transactions of a store in a database, each on its own connection. Thread-safe. */
final class JdbcTransactions {
  /** The class of SQL states for a database that cannot be reached. */
  private static final String CONNECTION = "08";

  /** The class of SQL states of a transaction to repeat: a constraint or a serialization. */
  private static final List<String> REPEATABLE = List.of("23", "40");

  private final DataSource dataSource;

  JdbcTransactions(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** The statements of a transaction. */
  interface Statements<T> {
    T run(Connection connection) throws SQLException;
  }

  /** Runs a transaction, and repeats it once after a conflict with another transaction. */
  <T> T repeat(Statements<T> statements) throws SQLException {
    try {
      return run(statements);
    } catch (SQLException e) {
      String state = e.getSQLState();
      if (state == null || state.length() < 2 || !REPEATABLE.contains(state.substring(0, 2))) {
        throw e;
      }
      return run(statements);
    }
  }

  /** Runs a transaction once. */
  <T> T run(Statements<T> statements) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try {
        T result = statements.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(connection, e);
        throw e;
      } finally {
        connection.setAutoCommit(autoCommit);
      }
    }
  }

  private static void rollBack(Connection connection, Throwable failure) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /** Returns whether a transaction failed because the database cannot be reached. */
  static boolean isUnreachable(SQLException failure) {
    String state = failure.getSQLState();
    return failure instanceof SQLTransientConnectionException
        || (state != null && state.startsWith(CONNECTION));
  }
}
