package io.github.openaikserve.server.service;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.key.ScopeRule;
import io.github.openaikserve.server.limits.Client.Scope;
import io.github.openaikserve.server.route.GetHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A handler that serves {@code GET /metrics} to operators and passes on the rest. Thread-safe. */
public final class MetricsHandler extends GetHandler {
  private final Metrics metrics;
  private final ScopeRule access;

  private MetricsHandler(Metrics metrics, OpenAiHandler handler, ScopeRule access) {
    super("/metrics", handler);
    this.metrics = metrics;
    this.access = access;
  }

  /**
   * Returns a handler that passes all other requests to {@code handler}.
   *
   * @param access decides about {@code GET /metrics}, which shows the usage of all clients
   */
  static OpenAiHandler around(OpenAiHandler handler, Metrics metrics, ScopeRule access) {
    return new MetricsHandler(metrics, handler, access);
  }

  /** Returns a handler that answers all other requests with 404; {@code handler} writes errors. */
  public static OpenAiHandler standalone(OpenAiHandler handler, Metrics metrics) {
    return new MetricsHandler(metrics, new UnknownUrls(handler), ScopeRule.open());
  }

  /** Not on the event loop: many clients have many series. */
  @Override
  protected CompletableFuture<ApiResponse> answer() {
    return CompletableFuture.supplyAsync(metrics::response);
  }

  @Override
  protected Optional<ApiResponse> rejection(ApiRequest request) {
    return access.refusal(request, Scope.OPERATOR).map(error -> handler.refuse(request, error));
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
