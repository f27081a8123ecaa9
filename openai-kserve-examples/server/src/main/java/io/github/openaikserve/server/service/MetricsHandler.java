package io.github.openaikserve.server.service;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.route.GetHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A handler that serves {@code GET /metrics}. Thread-safe. */
public final class MetricsHandler extends GetHandler {
  private final Metrics metrics;

  private MetricsHandler(Metrics metrics, OpenAiHandler handler) {
    super("/metrics", handler);
    this.metrics = metrics;
  }

  /** Returns a handler that passes all other requests to {@code handler}. */
  static OpenAiHandler around(OpenAiHandler handler, Metrics metrics) {
    return new MetricsHandler(metrics, handler);
  }

  /** Returns a handler that answers all other requests with 404; {@code handler} writes errors. */
  public static OpenAiHandler standalone(OpenAiHandler handler, Metrics metrics) {
    return new MetricsHandler(metrics, new UnknownUrls(handler));
  }

  @Override
  protected CompletableFuture<ApiResponse> answer() {
    return CompletableFuture.completedFuture(metrics.response());
  }

  private record UnknownUrls(OpenAiHandler refusals) implements OpenAiHandler {
    @Override
    public CompletableFuture<ApiResponse> handle(ApiRequest request) {
      return CompletableFuture.completedFuture(unknownUrl(request));
    }

    @Override
    public Optional<ApiResponse> reject(ApiRequest head) {
      return Optional.of(unknownUrl(head));
    }

    private ApiResponse unknownUrl(ApiRequest request) {
      return refuse(
          request,
          new InvalidRequestException(
              404, "unknown_url", null, "This port serves only GET /metrics."));
    }

    @Override
    public ApiResponse refuse(ApiRequest request, OpenAiException error) {
      return refusals.refuse(request, error);
    }
  }
}
