package io.github.openaikserve.server;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.micrometer.MicrometerListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What happens, as Prometheus reads it. Thread-safe. */
final class Metrics implements AutoCloseable {
  private static final int OK = 200;
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MicrometerListener listener = new MicrometerListener(registry);

  /** What is to be told of calls. */
  MicrometerListener listener() {
    return listener;
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
