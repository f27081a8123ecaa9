package io.github.openaikserve.server.config;

import io.github.openaikserve.http.ReadinessRule;
import io.github.openaikserve.openai.ReasoningFields;
import io.github.openaikserve.server.limits.LimitOptions;
import io.github.openaikserve.server.log.LogFormat;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The configuration of listening and of the API. Immutable. */
public record ListenConfig(
    @Setting(restart = true) String host,
    @Setting(min = 0, max = ListenConfig.MAX_PORT, restart = true) int port,
    @Setting(max = 1 << 30, bytes = true) long maxBody,
    Duration requestTimeout,
    Duration writeTimeout,
    @Setting(min = 0) Duration shutdownDelay,
    @Setting(min = 0) Duration gracePeriod,
    @Setting(max = 1_000_000) int maxConnections,
    Duration keepAlive,
    boolean abortFailedStreams,
    ReasoningFields reasoningFields,
    UnsupportedTools unsupportedTools,
    boolean modelControl,
    @Setting(restart = true) ResponseStoreChoice responseStore,
    @Setting(bytes = true, min = 1024, restart = true) int responseStoreSize,
    Optional<ResponseDatabaseConfig> responseDatabase,
    LimitsConfig limits,
    List<String> forwardHeaders,
    Optional<String> affinityHeader,
    Optional<MetricsConfig> metrics,
    List<String> corsOrigins,
    Optional<Path> apiKeyFile,
    boolean ui,
    LimitOptions rateLimits,
    ReadinessRule ready,
    @Setting(restart = true) LogFormat logFormat,
    @Setting(min = 0, max = 100_000, restart = true) int warmUp,
    Optional<TlsConfig> tls) {
  /** The highest port number. */
  static final int MAX_PORT = 65_535;

  /** Checks that a database is configured if, and only if, responses are stored in a database. */
  public ListenConfig {
    boolean database = responseStore == ResponseStoreChoice.JDBC;
    if (database && responseDatabase.isEmpty()) {
      throw new Mistake("response_store", "'jdbc' requires 'response_database'");
    }
    if (!database && responseDatabase.isPresent()) {
      throw new Mistake("response_database", "requires 'response_store: jdbc'");
    }
  }

  /** The handling of tools that OpenAI runs itself, in requests for responses. */
  public enum UnsupportedTools {
    /** Drops the tools and names them among the dropped fields. */
    IGNORE,
    /** Rejects the request. */
    REJECT
  }

  /**
   * A separate port for metrics.
   *
   * @param port the port; 0 for any free port
   * @param host the address of the interface
   */
  public record MetricsConfig(
      @Setting(min = 0, max = MAX_PORT, restart = true) int port,
      @Setting(restart = true) String host) {}

  /** The database that stores responses. Immutable. */
  public record ResponseDatabaseConfig(
      @Setting(restart = true) String url,
      @Setting(restart = true) Optional<String> user,
      @Setting(secret = true, restart = true) Optional<String> password,
      @Setting(restart = true) Optional<Path> passwordFile,
      @Setting(restart = true) Optional<Path> driver,
      @Setting(restart = true) Duration timeToLive) {
    /** Checks the URL, and that at most one password is configured. */
    public ResponseDatabaseConfig {
      if (!url.startsWith("jdbc:")) {
        throw new Mistake("url", "expected a JDBC URL, which begins with 'jdbc:'");
      }
      if (password.isPresent() && passwordFile.isPresent()) {
        throw new Mistake("password", "set either 'password' or 'password_file', not both");
      }
    }
  }

  /** The server's certificates. */
  public record TlsConfig(
      @Setting(restart = true) Path certificates,
      @Setting(restart = true) Path key,
      @Setting(restart = true) Optional<Path> clientAuthorities,
      @Setting(restart = true) Duration check) {}
}
