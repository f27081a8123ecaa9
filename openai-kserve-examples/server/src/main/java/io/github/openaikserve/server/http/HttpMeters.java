package io.github.openaikserve.server.http;

import io.github.openaikserve.server.connection.OpenConnections;
import io.github.openaikserve.server.route.Health;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;

/**
 * The HTTP meters of a server: requests by method, route and status, and connections. Tags never
 * contain text from clients, so that clients cannot create series. Thread-safe.
 *
 * <p><b>Source:</b> OpenTelemetry's conventions for HTTP metrics.
 */
public final class HttpMeters {
  private static final String OTHER = "_OTHER";
  private static final String MODEL = "/v1/models/";
  private static final String RESPONSE = "/v1/responses/";
  private static final String CONVERSATION = "/v1/conversations";
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final Set<String> ROUTES =
      Set.of(
          """
          / /apply-template /detokenize /health /health/live /health/ready /classify
          /metrics /openapi.json /rerank /score /status /tokenize /v1/audio/speech
          /v1/audio/transcriptions /v1/audio/translations /v1/chat/completions /v1/classify
          /v1/completions /v1/decisions /v1/embeddings /v1/messages
          /v1/messages/count_tokens /v1/models /v1/moderations /v1/rerank /v1/responses
          /v1/score /v2/rerank
          """
              .strip()
              .split("\\s+"));

  private final MeterRegistry registry;

  /** The timers of requests; the values of each tag are few. */
  private final Map<Series, Timer> durations = new ConcurrentHashMap<>();

  private record Series(String method, String route, String status) {}

  /** Creates meters in a registry. */
  public HttpMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void watch(ActiveRequests exchanges, IntSupplier maxConnections, BodyBudget budget) {
    OpenConnections connections = exchanges.connections();
    gauge("openai_kserve.http.connections", connections, OpenConnections::count);
    gauge("openai_kserve.http.connections.silent", connections, OpenConnections::silent);
    FunctionCounter.builder(
            "openai_kserve.http.connections.closed_at_limit",
            connections,
            OpenConnections::closedAtLimit)
        .register(registry);
    gauge("openai_kserve.http.connections.max", exchanges, unused -> maxConnections.getAsInt());
    gauge("openai_kserve.http.requests.active", exchanges, ActiveRequests::running);
    gauge("openai_kserve.http.body_bytes.free", budget, BodyBudget::left);
  }

  private <T> void gauge(String name, T watched, ToDoubleFunction<T> value) {
    Gauge.builder(name, watched, value).strongReference(true).register(registry);
  }

  /** Counts a response, or a client that disconnected before one. */
  void answered(RequestHead head, HttpServerResponse response, long nanos) {
    String status = response.headWritten() ? String.valueOf(response.getStatusCode()) : "none";
    count(
        METHODS.contains(head.method()) ? head.method() : OTHER, route(head.path()), status, nanos);
  }

  void malformed(int status) {
    count(OTHER, OTHER, String.valueOf(status), 0);
  }

  private void count(String method, String route, String status, long nanos) {
    durations
        .computeIfAbsent(new Series(method, route, status), this::duration)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer duration(Series series) {
    return Timer.builder("http.server.request.duration")
        .tag("http.request.method", series.method())
        .tag("http.route", series.route())
        .tag("http.response.status_code", series.status())
        .register(registry);
  }

  /**
   * Returns the route of a request's target: its path if it is served; otherwise one value for all.
   */
  static String route(String target) {
    String path = Health.withoutQuery(target);
    if (path.startsWith(MODEL) && path.length() > MODEL.length()) {
      return MODEL + "{model}";
    }
    if (path.startsWith(RESPONSE) && path.length() > RESPONSE.length()) {
      return RESPONSE + "{id}";
    }
    if (path.equals(CONVERSATION) || path.startsWith(CONVERSATION + "/")) {
      return CONVERSATION;
    }
    return ROUTES.contains(path) ? path : OTHER;
  }
}
