package io.github.openaikserve.server.service;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.micrometer.MicrometerListener;
import io.github.openaikserve.server.http.HttpMeters;
import io.github.openaikserve.server.limits.RequestNotes;
import io.github.openaikserve.server.log.AsyncLog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The metrics of the server, in the format of Prometheus. Thread-safe. */
public final class Metrics implements AutoCloseable {
  private static final int OK = 200;
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private static final String OWN_METERS = "openai_kserve.";

  private final Map<String, Backends.Opened> watched = new HashMap<>();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MicrometerListener listener = new MicrometerListener(registry);
  private final HttpMeters http = new HttpMeters(registry);
  private final RequestNotes notes = new RequestNotes();

  /** Creates the meters of a process. */
  public Metrics() {
    FunctionCounter.builder("openai_kserve.log.dropped", registry, unused -> AsyncLog.dropped())
        .register(registry);
  }

  MicrometerListener listener() {
    return listener;
  }

  /**
   * Registers the meters of these backends and removes those of all others. Backends that are
   * already registered keep their meters.
   */
  synchronized void watch(List<Backends.Opened> backends) {
    Set<String> names = new HashSet<>();
    for (Backends.Opened backend : backends) {
      String name = backend.config().name();
      names.add(name);
      if (watched.get(name) != backend) {
        forget(name);
        watched.put(name, backend);
        listener.watch(name, backend.endpoints());
        backend.limited().ifPresent(limit -> listener.watch(name, limit));
      }
    }
    List<String> gone = watched.keySet().stream().filter(name -> !names.contains(name)).toList();
    gone.forEach(this::forget);
  }

  private void forget(String name) {
    if (watched.remove(name) != null) {
      List<Meter> meters =
          registry.getMeters().stream()
              .filter(meter -> meter.getId().getName().startsWith(OWN_METERS))
              .filter(meter -> name.equals(meter.getId().getTag("name")))
              .toList();
      meters.forEach(registry::remove);
    }
  }

  /** Returns the meters of HTTP. */
  public HttpMeters http() {
    return http;
  }

  /** Returns the usage of requests, for their lines of the access log. */
  public RequestNotes notes() {
    return notes;
  }

  MeterRegistry registry() {
    return registry;
  }

  ApiResponse response() {
    return new ApiResponse(
        OK,
        Map.of("content-type", TEXT),
        ApiBody.of(registry.scrape(TEXT).getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    registry.close();
  }
}
