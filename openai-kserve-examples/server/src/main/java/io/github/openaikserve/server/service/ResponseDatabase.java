package io.github.openaikserve.server.service;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.github.openaikserve.server.config.ListenConfig.ResponseDatabaseConfig;
import io.github.openaikserve.server.file.BoundedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The connections to the database of stored responses, with a JDBC driver from the class path or
 * from a jar. Thread-safe.
 */
final class ResponseDatabase extends HikariDataSource {
  /** The number of connections, equal to the number of the store's threads. */
  private static final int CONNECTIONS = 4;

  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration IDLE = Duration.ofMinutes(5);

  /** The maximum time without an answer of the database; then the connection fails. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final URLClassLoader loader;

  private ResponseDatabase(HikariConfig pool, URLClassLoader loader) {
    super(pool);
    this.loader = loader;
  }

  /**
   * Finds the driver. Does not connect.
   *
   * @throws IOException if no driver accepts the URL, or a file cannot be read
   */
  static ResponseDatabase open(ResponseDatabaseConfig config) throws IOException {
    password(config);
    var loader = new URLClassLoader(jar(config.driver()), ResponseDatabase.class.getClassLoader());
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(loader); // where the pool looks for the driver
    try {
      var pool = new HikariConfig();
      pool.setPoolName("responses");
      pool.setJdbcUrl(config.url());
      pool.setDriverClassName(driver(config, loader));
      pool.setCredentialsProvider(() -> credentials(config));
      pool.setMaximumPoolSize(CONNECTIONS);
      pool.setMinimumIdle(0);
      pool.setIdleTimeout(IDLE.toMillis());
      pool.setConnectionTimeout(CONNECT.toMillis());
      pool.setInitializationFailTimeout(-1); // the server starts without the database
      return new ResponseDatabase(pool, loader);
    } catch (IOException | RuntimeException | Error e) {
      loader.close();
      throw e;
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static String driver(ResponseDatabaseConfig config, ClassLoader loader)
      throws IOException {
    String url = config.url();
    try {
      for (Driver driver : ServiceLoader.load(Driver.class, loader)) {
        if (driver.acceptsURL(url)) {
          return driver.getClass().getName();
        }
      }
    } catch (SQLException e) {
      throw new IOException("server.response_database.url: " + e.getMessage(), e);
    }
    int end = url.indexOf(':', "jdbc:".length()); // the rest may contain a password
    throw new IOException(
        "no JDBC driver for '%s' in %s; set server.response_database.driver to the jar of the driver"
            .formatted(
                end < 0 ? "jdbc:" : url.substring(0, end + 1),
                config.driver().map(Path::toString).orElse("the class path")));
  }

  private static URL[] jar(Optional<Path> driver) throws IOException {
    if (driver.isEmpty()) {
      return new URL[0];
    }
    if (!Files.isReadable(driver.get())) {
      throw new IOException(
          "server.response_database.driver: cannot read the jar %s".formatted(driver.get()));
    }
    return new URL[] {driver.get().toUri().toURL()};
  }

  /** Reads the password for each new connection, because its file may change. */
  private static Credentials credentials(ResponseDatabaseConfig config) {
    try {
      return Credentials.of(config.user().orElse(null), password(config));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the password file", e);
    }
  }

  private static @Nullable String password(ResponseDatabaseConfig config) throws IOException {
    return config.passwordFile().isPresent()
        ? BoundedFile.read(config.passwordFile().get()).strip()
        : config.password().orElse(null);
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    try {
      connection.setNetworkTimeout(Runnable::run, (int) SILENCE.toMillis());
    } catch (SQLFeatureNotSupportedException e) {
      // The time limits of statements still apply.
      return connection;
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  @Override
  public void close() {
    super.close();
    try {
      loader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
