package io.github.openaikserve.server.service;

import io.github.openaikserve.server.config.ListenConfig.ResponseDatabaseConfig;
import io.github.openaikserve.server.file.BoundedFile;
import java.io.IOException;
import java.io.PrintWriter;
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
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source that uses a JDBC driver from the class path or from a jar. Thread-safe.
 *
 * <p>{@link java.sql.DriverManager} cannot use a driver of another class loader.
 */
final class DriverDataSource implements DataSource, AutoCloseable {
  /** The maximum time without an answer of the database; then the connection fails. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final ResponseDatabaseConfig config;
  private final URLClassLoader loader;
  private final Driver driver;

  private DriverDataSource(ResponseDatabaseConfig config, URLClassLoader loader, Driver driver) {
    this.config = config;
    this.loader = loader;
    this.driver = driver;
  }

  /**
   * Finds the driver. Does not connect.
   *
   * @throws IOException if no driver accepts the URL, or a file cannot be read
   */
  static DriverDataSource open(ResponseDatabaseConfig config) throws IOException {
    if (config.passwordFile().isPresent()) {
      BoundedFile.read(config.passwordFile().get());
    }
    var loader = new URLClassLoader(jar(config.driver()), DriverDataSource.class.getClassLoader());
    try {
      for (Driver driver : ServiceLoader.load(Driver.class, loader)) {
        if (driver.acceptsURL(config.url())) {
          return new DriverDataSource(config, loader, driver);
        }
      }
    } catch (SQLException e) {
      loader.close();
      throw new IOException("server.response_database.url: " + e.getMessage(), e);
    }
    loader.close();
    throw new IOException(
        "no JDBC driver for '%s' in %s; set server.response_database.driver to the jar of the driver"
            .formatted(
                kind(config.url()), config.driver().map(Path::toString).orElse("the class path")));
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

  /** Returns the part of a URL that names the driver; the rest may contain a password. */
  private static String kind(String url) {
    int end = url.indexOf(':', "jdbc:".length());
    return end < 0 ? "jdbc:" : url.substring(0, end + 1);
  }

  @Override
  public Connection getConnection() throws SQLException {
    var properties = new Properties();
    config.user().ifPresent(user -> properties.setProperty("user", user));
    String password = password();
    if (password != null) {
      properties.setProperty("password", password);
    }
    Connection connection = driver.connect(config.url(), properties);
    if (connection == null) {
      throw new SQLException("the driver does not accept the URL");
    }
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

  private @Nullable String password() throws SQLException {
    if (config.passwordFile().isEmpty()) {
      return config.password().orElse(null);
    }
    try {
      return BoundedFile.read(config.passwordFile().get()).strip();
    } catch (IOException e) {
      throw new SQLException("cannot read " + config.passwordFile().get(), e);
    }
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the user is set in the configuration");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("the server logs with SLF4J");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException("not a wrapper");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
