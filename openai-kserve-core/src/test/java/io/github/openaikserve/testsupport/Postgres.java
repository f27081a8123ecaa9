package io.github.openaikserve.testsupport;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** A PostgreSQL of this process, which starts on first use and ends with the process. */
public final class Postgres {
  private static final EmbeddedPostgres SERVER = start();
  private static final Map<String, DataSource> DATABASES = new ConcurrentHashMap<>();

  private Postgres() {}

  /** Returns a database, which is created on first use. */
  public static DataSource database(String name) {
    return DATABASES.computeIfAbsent(name, Postgres::create);
  }

  private static DataSource create(String name) {
    try (Connection connection = SERVER.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return SERVER.getDatabase("postgres", name);
  }

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
