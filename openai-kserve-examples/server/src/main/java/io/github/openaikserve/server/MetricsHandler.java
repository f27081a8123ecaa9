package io.github.openaikserve.server;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Serves {@code GET /metrics}. Thread-safe. */
final class MetricsHandler implements OpenAiHandler {
  private static final String PATH = "/metrics";
  private static final int NOT_FOUND = 404;

  private final Metrics metrics;
  private final OpenAiHandler handler;
  private final boolean alone;

  private MetricsHandler(Metrics metrics, OpenAiHandler handler, boolean alone) {
    this.metrics = metrics;
    this.handler = handler;
    this.alone = alone;
  }

  /** Beside what the handler serves. */
  static OpenAiHandler beside(OpenAiHandler handler, Metrics metrics) {
    return new MetricsHandler(metrics, handler, false);
  }

  /** And nothing else; the handler only gives refusals their shape. */
  static OpenAiHandler alone(OpenAiHandler handler, Metrics metrics) {
    return new MetricsHandler(metrics, handler, true);
  }

  @Override
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    if (isMetrics(request)) {
      return CompletableFuture.completedFuture(metrics.response());
    }
    return alone ? CompletableFuture.completedFuture(unknownUrl(request)) : handler.handle(request);
  }

  @Override
  public Optional<ApiResponse> reject(ApiRequest head) {
    if (isMetrics(head)) {
      return Optional.empty();
    }
    return alone ? Optional.of(unknownUrl(head)) : handler.reject(head);
  }

  private static boolean isMetrics(ApiRequest request) {
    return request.path().equals(PATH)
        && (request.method().equals("GET") || request.method().equals("HEAD"));
  }

  private ApiResponse unknownUrl(ApiRequest request) {
    return handler.refuse(
        request,
        new InvalidRequestException(
            NOT_FOUND, "unknown_url", null, "This port serves only GET /metrics."));
  }

  @Override
  public ApiResponse refuse(ApiRequest request, OpenAiException error) {
    return handler.refuse(request, error);
  }
}
