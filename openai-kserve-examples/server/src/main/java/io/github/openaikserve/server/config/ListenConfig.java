package io.github.openaikserve.server.config;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.http.ReadinessRule;
import io.github.openaikserve.openai.ReasoningFields;
import io.github.openaikserve.server.limits.LimitOptions;
import io.github.openaikserve.server.log.LogFormat;
import io.github.openaikserve.server.options.HeaderText;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The configuration of listening and of the API. Immutable. */
public record ListenConfig(
    @Setting(
            value = "Address of the interface to listen on.",
            initial = "127.0.0.1",
            flag = "--host",
            label = "HOST",
            restart = true)
        String host,
    @Setting(
            value = "Port to listen on; 0 for any free port.",
            initial = "8080",
            flag = "--port",
            label = "PORT",
            min = 0,
            max = ListenConfig.MAX_PORT,
            restart = true)
        int port,
    @Setting(
            value = "Maximum size of a request body.",
            initial = "10MiB",
            flag = "--max-body",
            max = 1 << 30,
            bytes = true)
        long maxBody,
    @Setting(
            value =
                "Request timeout: disconnect a client that takes longer than this to send a"
                    + " request, or leaves its connection idle for longer.",
            initial = "75s",
            flag = "--request-timeout")
        Duration requestTimeout,
    @Setting(
            value =
                "Write timeout: disconnect a client that reads nothing of its response for this"
                    + " long.",
            initial = "60s",
            flag = "--write-timeout")
        Duration writeTimeout,
    @Setting(
            value =
                "Shutdown delay: keep accepting requests for this long after SIGTERM, while"
                    + " `/health/ready` already answers 503.",
            initial = "5s",
            flag = "--shutdown-delay",
            min = 0)
        Duration shutdownDelay,
    @Setting(
            value = "Grace period: time for running requests to finish after the shutdown delay.",
            initial = "10s",
            flag = "--grace-period",
            min = 0)
        Duration gracePeriod,
    @Setting(
            value =
                "Maximum number of open connections; above it, the connection that has been silent"
                    + " for the longest time is closed.",
            unset = "one for each 48 KiB of heap, at most 10000",
            flag = "--max-connections",
            max = 1_000_000)
        Optional<Integer> maxConnections,
    @Setting(value = "Interval of keep-alive comments on a silent stream.", initial = "15s")
        Duration keepAlive,
    @Setting(
            "Close the connection after the `error` event of a failed stream, for clients that"
                + " ignore the event.")
        boolean abortFailedStreams,
    @Setting(
            value =
                "Fields for the reasoning in responses: `both`, `reasoning` or"
                    + " `reasoning_content`.",
            initial = "both")
        ReasoningFields reasoningFields,
    @Setting(
            value =
                "Handling of tools that only OpenAI can run, such as `web_search`, in requests to"
                    + " `/v1/responses`: `ignore` drops them and names them in a response header,"
                    + " `reject` answers 400.",
            initial = "ignore")
        UnsupportedTools unsupportedTools,
    @Setting(
            "Allow keys with the scope `models` to load and unload models, by `POST"
                + " /v1/models/ID/load` and `/unload`. Without keys, only requests to a loopback"
                + " address may.")
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
            value = "Maximum size of all stored responses, in bytes; the oldest are dropped first.",
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
    @Setting("Request headers to forward to model servers.") List<String> forwardHeaders,
    @Setting(
            "Header for session affinity: requests with the same value go to the same endpoint,"
                + " unless they have a `prompt_cache_key`.")
        Optional<String> affinityHeader,
    @Setting(
            value = "Separate port for metrics, which needs no key.",
            unset = "`/metrics` on the server's port; with keys, only for the scope `operator`")
        Optional<MetricsConfig> metrics,
    @Setting(
            value =
                "Allowed CORS origins: web pages of these origins may read responses; `*` for all."
                    + " May be repeated.",
            unset = "none",
            flag = "--cors-origin",
            label = "ORIGIN")
        List<String> corsOrigins,
    @Setting(
            value =
                "File of API key digests, one per line, as `--hash-api-key` prints them. Changes"
                    + " apply within 2s.",
            flag = "--api-key-file")
        Optional<Path> apiKeyFile,
    @Setting(
            value = "Serve a web page with a chat and the server's status at `/`.",
            initial = "true",
            flag = "--no-ui",
            help = "Do not serve the web page at `/`.")
        boolean ui,
    @Setting(
            value = "Rate limits of each client; a client is the name of a key or a tenant.",
            unset = "no limits")
        LimitOptions rateLimits,
    @Setting(
            value =
                "Readiness rule: which model servers must be ready for `/health/ready` to answer"
                    + " 200: `any`, `all` or `none`.",
            initial = "any",
            flag = "--ready",
            label = "RULE")
        ReadinessRule ready,
    @Setting(
            value = "Format of log lines: `text`, or `json` for one object per line.",
            initial = "text",
            flag = "--log-format",
            label = "FORM",
            restart = true)
        LogFormat logFormat,
    @Setting(
            value =
                "Number of warm-up requests before the server listens, so that the JVM has compiled"
                    + " the code of a request. They go to an internal model; no model server and no"
                    + " metric sees them.",
            initial = "0",
            flag = "--warm-up",
            label = "REQUESTS",
            min = 0,
            max = 100_000,
            restart = true)
        int warmUp,
    @Setting(value = "TLS for clients.", unset = "no TLS") Optional<TlsConfig> tls) {
  /** The highest port number. */
  static final int MAX_PORT = 65_535;

  /** The library's minimum. */
  private static final Duration MIN_KEEP_ALIVE = Duration.ofMillis(2);

  /** An origin as browsers send it. */
  private static final Pattern ORIGIN =
      Pattern.compile("\\*|null|[a-z][a-z0-9+.-]*://(?:[a-z0-9._-]+|\\[[0-9a-f:.]+])(?::[0-9]+)?");

  private static final Pattern DEFAULT_PORT = Pattern.compile("http://.*:80|https://.*:443");

  /**
   * Checks headers and the interval of comments, that the CORS origins have an effect, and that a
   * database is configured if, and only if, responses are stored in a database.
   */
  public ListenConfig {
    for (int i = 0; i < forwardHeaders.size(); i++) {
      checkHeader("forward_headers[" + i + "]", forwardHeaders.get(i));
    }
    affinityHeader.ifPresent(name -> checkHeader("affinity_header", name));
    if (keepAlive.compareTo(MIN_KEEP_ALIVE) < 0) {
      throw new Mistake("keep_alive", "must be at least " + MIN_KEEP_ALIVE.toMillis() + "ms");
    }
    corsOrigins.forEach(ListenConfig::checkOrigin);
    boolean database = responseStore == ResponseStoreChoice.JDBC;
    if (database && responseDatabase.isEmpty()) {
      throw new Mistake("response_store", "'jdbc' requires 'response_database'");
    }
    if (!database && responseDatabase.isPresent()) {
      throw new Mistake("response_database", "requires 'response_store: jdbc'");
    }
  }

  private static void checkHeader(String key, String name) {
    HeaderText.checkName(key, name);
    try {
      OpenAiKServe.builder().forwardHeaders(name);
    } catch (IllegalArgumentException e) {
      throw new Mistake(key, String.valueOf(e.getMessage()));
    }
  }

  private static void checkOrigin(String origin) {
    if (!ORIGIN.matcher(origin).matches() || DEFAULT_PORT.matcher(origin).matches()) {
      throw new Mistake(
          "cors_origins",
          "expected '*' or an origin as browsers send it, such as 'https://app.example' or"
              + " 'http://localhost:3000': in lower case, without a path, a slash at the end or"
              + " the default port; found '"
              + origin
              + "'");
    }
  }

  /** Returns whether only programs of the same machine can reach the server. */
  public boolean isOnLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Returns whether clients must present a certificate. */
  public boolean needsCertificate() {
    return tls.flatMap(TlsConfig::clientAuthorities).isPresent();
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
      @Setting(
              value = "Port for metrics; 0 for any free port.",
              flag = "--metrics-port",
              label = "PORT",
              min = 0,
              max = MAX_PORT,
              restart = true)
          int port,
      @Setting(
              value = "Address of the interface for metrics.",
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
      @Setting(
              value = "PEM file of the server's certificate chain. Reloaded when it changes.",
              flag = "--tls-certificate",
              restart = true)
          Path certificates,
      @Setting(value = "PEM file of the private key (PKCS #8).", flag = "--tls-key", restart = true)
          Path key,
      @Setting(
              value =
                  "PEM file of certificate authorities; clients must present a certificate of one.",
              unset = "clients need no certificate",
              flag = "--tls-client-ca",
              restart = true)
          Optional<Path> clientAuthorities,
      @Setting(
              value = "Interval at which the certificate files are checked for changes.",
              initial = "1m",
              restart = true)
          Duration check) {}
}
