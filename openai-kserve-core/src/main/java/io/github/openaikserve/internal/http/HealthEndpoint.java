package io.github.openaikserve.internal.http;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.engine.CallContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GET /health} and {@code /health/ready}: 200 while every backend is ready or does not say,
 * else 503. {@code GET /health/live}: 200, whatever the backends do, since starting this process
 * again would not mend them.
 */
final class HealthEndpoint implements Endpoint {
  private static final byte[] OK = "{\"status\":\"ok\"}".getBytes(StandardCharsets.US_ASCII);

  private final List<InferenceBackend> backends;

  HealthEndpoint(List<InferenceBackend> backends) {
    this.backends = List.copyOf(backends);
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context) {
    return rest.equals("live") ? CompletableFuture.completedFuture(ok()) : ready();
  }

  private CompletableFuture<ApiResponse> ready() {
    CompletableFuture<Boolean> ready = CompletableFuture.completedFuture(true);
    for (InferenceBackend backend : backends) {
      ready = ready.thenCombine(ready(backend), Boolean::logicalAnd);
    }
    return ready.thenApply(
        all -> {
          if (!all) {
            throw new BackendException(BackendCode.UNAVAILABLE, "The model server is not ready.");
          }
          return ok();
        });
  }

  private static ApiResponse ok() {
    return Responses.json(OK, List.of());
  }

  private static CompletableFuture<Boolean> ready(InferenceBackend backend) {
    return backend
        .ready()
        .exceptionally(failure -> Optional.of(false))
        .thenApply(says -> says.orElse(true))
        .toCompletableFuture();
  }
}
