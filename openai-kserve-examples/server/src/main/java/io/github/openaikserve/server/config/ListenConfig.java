package io.github.openaikserve.server.config;

import io.github.openaikserve.http.ReadinessRule;
import io.github.openaikserve.openai.ReasoningFields;
import io.github.openaikserve.server.log.LogFormat;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How the server listens and what it accepts. Immutable. */
public record ListenConfig(
    @Setting(
            value = "Interface to listen on.",
            initial = "127.0.0.1",
            flag = "--host",
            label = "HOST",
            restart = true)
        String host,
    @Setting(
            value = "Port; 0 for any free one.",
            initial = "8080",
            flag = "--port",
            label = "PORT",
            min = 0,
            max = ListenConfig.MAX_PORT,
            restart = true)
        int port,
    @Setting(
            value = "Largest request body.",
            initial = "10MiB",
            flag = "--max-body",
            max = 1 << 30,
            bytes = true)
        long maxBody,
    @Setting(
            value =
                "Request timeout: disconnect a client that takes longer to send a request, or leaves"
                    + " its connection idle for longer.",
            initial = "75s",
            flag = "--request-timeout")
        Duration requestTimeout,
    @Setting(
            value =
                "Write timeout: disconnect a client that reads nothing of its answer for this long.",
            initial = "60s",
            flag = "--write-timeout")
        Duration writeTimeout,
    @Setting(
            value =
                "Time after SIGTERM in which requests are still accepted, while `/health/ready` is"
                    + " 503 already.",
            initial = "5s",
            flag = "--shutdown-delay",
            min = 0)
        Duration shutdownDelay,
    @Setting(
            value = "Time that running requests have to end after the shutdown delay.",
            initial = "10s",
            flag = "--grace-period",
            min = 0)
        Duration gracePeriod,
    @Setting(
            value =
                "Maximum number of open connections; above it the connection that is idle for longest"
                    + " is closed.",
            initial = "10000",
            flag = "--max-connections",
            max = 1_000_000)
        int maxConnections,
    @Setting(value = "Interval of comments in a silent stream.", initial = "15s")
        Duration keepAlive,
    @Setting(
            "Break the connection of a stream that fails, after its `error` event: for clients that"
                + " ignore the event.")
        boolean abortFailedStreams,
    @Setting(
            value =
                "Fields in which answers have reasoning: `both`, `reasoning` or `reasoning_content`.",
            initial = "both")
        ReasoningFields reasoningFields,
    @Setting(
            value =
                "Tools in requests for responses that OpenAI runs itself, such as `web_search`:"
                    + " `ignore` leaves them out and names them in the response's headers, `reject`"
                    + " answers 400.",
            initial = "ignore")
        UnsupportedTools unsupportedTools,
    @Setting(
            "Let keys with the scope `models` load and unload models at their servers, by `POST"
                + " /v1/models/ID/load` and `/unload`. Without keys: requests on a loopback address.")
        boolean modelControl,
    @Setting(
            value =
                "Where responses are stored, so that a request can continue them: `memory` of this"
                    + " process for a day, `jdbc` for the database of `response_database`, or"
                    + " `none`. Processes behind a load balancer do not share the memory: another"
                    + " process answers 404.",
            initial = "memory",
            restart = true)
        ResponseStoreChoice responseStore,
    @Setting(
            value = "Bytes of stored responses; the oldest are dropped first.",
            initial = "64MiB",
            bytes = true,
            min = 1024,
            restart = true)
        int responseStoreSize,
    @Setting(
            value = "The database that stores responses, where `response_store` is `jdbc`.",
            unset = "no database")
        Optional<ResponseDatabaseConfig> responseDatabase,
    @Setting(
            value =
                "Limits of one request, such as `messages=256`; see"
                    + " [Input](OPERATIONS.md#input). May be repeated.",
            flag = "--limit",
            label = "NAME=NUMBER")
        LimitsConfig limits,
    @Setting("Request headers that are sent on to model servers.") List<String> forwardHeaders,
    @Setting(
            "Requests with the same value of this header reach the same endpoint, unless they have a"
                + " `prompt_cache_key`.")
        Optional<String> affinityHeader,
    @Setting(
            value = "A separate port for metrics, without a key.",
            unset = "`/metrics` on the server's port, with a key")
        Optional<MetricsConfig> metrics,
    @Setting(
            value = "Origins of web pages that may read answers; `*` for all. May be repeated.",
            unset = "none",
            flag = "--cors-origin",
            label = "ORIGIN")
        List<String> corsOrigins,
    @Setting(
            value =
                "File of digests of API keys, one in a line, as `--hash-api-key` prints them."
                    + " Changes apply within 2s.",
            flag = "--api-key-file")
        Optional<Path> apiKeyFile,
    @Setting(
            value = "Serve a page with a chat and the status of the server at `/`.",
            initial = "true",
            flag = "--no-ui")
        boolean ui,
    @Setting(
            value = "Limits of each client, which is the name of a key or a tenant.",
            unset = "no limits")
        RateLimitsConfig rateLimits,
    @Setting(
            value =
                "Which model servers must be ready for `/health/ready` to answer 200: `any`, `all` or"
                    + " `none`.",
            initial = "any",
            flag = "--ready",
            label = "RULE")
        ReadinessRule ready,
    @Setting(
            value = "Form of log lines: `text`, or `json` for one object a line.",
            initial = "text",
            flag = "--log-format",
            label = "FORM",
            restart = true)
        LogFormat logFormat,
    @Setting(
            value =
                "Requests that the server sends to an internal model before it listens, so that the"
                    + " JVM has compiled the path. No model server and no metric sees them.",
            initial = "0",
            flag = "--warm-up",
            label = "REQUESTS",
            min = 0,
            max = 100_000,
            restart = true)
        int warmUp,
    @Setting(value = "TLS for clients.", unset = "no TLS") Optional<TlsConfig> tls) {
  /** The greatest port. */
  static final int MAX_PORT = 65_535;

  /** Checks that a database is named where responses are stored in one, and only there. */
  public ListenConfig {
    boolean database = responseStore == ResponseStoreChoice.JDBC;
    if (database && responseDatabase.isEmpty()) {
      throw new Mistake("response_store", "'jdbc' needs 'response_database'");
    }
    if (!database && responseDatabase.isPresent()) {
      throw new Mistake("response_database", "needs 'response_store: jdbc'");
    }
  }

  /** What happens to tools that OpenAI runs itself, in requests for responses. */
  public enum UnsupportedTools {
    /** They are left out, and named among the dropped fields. */
    IGNORE,
    /** The request is rejected. */
    REJECT
  }

  /**
   * A separate port for metrics.
   *
   * @param host the interface
   */
  public record MetricsConfig(
      @Setting(
              value = "Port for metrics.",
              flag = "--metrics-port",
              label = "PORT",
              min = 0,
              max = MAX_PORT,
              restart = true)
          int port,
      @Setting(
              value = "Interface of the metrics port.",
              initial = "127.0.0.1",
              flag = "--metrics-host",
              label = "HOST",
              restart = true)
          String host) {}

  /** The database that stores responses. Immutable. */
  public record ResponseDatabaseConfig(
      @Setting(
              value = "JDBC URL of the database, such as `jdbc:postgresql://db:5432/responses`.",
              restart = true)
          String url,
      @Setting(value = "User of the database.", unset = "that of the URL", restart = true)
          Optional<String> user,
      @Setting(
              value = "Password of the user; `${NAME}` is a variable of the environment.",
              secret = true,
              restart = true)
          Optional<String> password,
      @Setting(
              value = "File with the password, which is read for every new connection.",
              restart = true)
          Optional<Path> passwordFile,
      @Setting(
              value = "Jar with the JDBC driver, which the server does not contain.",
              unset = "the class path has it",
              restart = true)
          Optional<Path> driver,
      @Setting(
              value = "How long a response is stored after its last write.",
              initial = "720h",
              restart = true)
          Duration timeToLive) {
    /** Checks that there is one password at most. */
    public ResponseDatabaseConfig {
      if (!url.startsWith("jdbc:")) {
        throw new Mistake("url", "expected a JDBC URL, which begins with 'jdbc:'");
      }
      if (password.isPresent() && passwordFile.isPresent()) {
        throw new Mistake("password", "'password' and 'password_file' exclude each other");
      }
    }
  }

  /** The server's certificates. */
  public record TlsConfig(
      @Setting(
              value = "PEM file of the server's certificates. A changed file is loaded.",
              flag = "--tls-certificate",
              restart = true)
          Path certificates,
      @Setting(value = "PEM file of the key (PKCS #8).", flag = "--tls-key", restart = true)
          Path key,
      @Setting(
              value = "PEM file of authorities; a client needs a certificate of one of them.",
              unset = "clients need no certificate",
              flag = "--tls-client-ca",
              restart = true)
          Optional<Path> clientAuthorities,
      @Setting(
              value = "Interval of the check for changed certificates.",
              initial = "1m",
              restart = true)
          Duration check) {}
}
