package io.github.openaikserve.internal.http;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.model.SingleFlight;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.time.Scheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code GET /health} and {@code /health/ready}: 200 while every backend is ready or does not say,
 * else 503. {@code GET /health/live}: 200, whatever the backends do, since starting this process
 * again would not change them.
 *
 * <p>Anyone may ask for the health, so each backend is asked at most once a second, however many
 * requests arrive: they share one question and its answer.
 */
final class HealthEndpoint implements Endpoint {
  private static final byte[] OK = "{\"status\":\"ok\"}".getBytes(StandardCharsets.US_ASCII);

  private final List<Readiness> backends;

  HealthEndpoint(List<InferenceBackend> backends, Scheduler scheduler) {
    this.backends = backends.stream().map(backend -> new Readiness(backend, scheduler)).toList();
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context, RequestLog log) {
    return rest.equals("live") ? CompletableFuture.completedFuture(ok()) : ready();
  }

  private CompletableFuture<ApiResponse> ready() {
    CompletableFuture<Boolean> ready = CompletableFuture.completedFuture(true);
    for (Readiness backend : backends) {
      ready = ready.thenCombine(backend.ask(), Boolean::logicalAnd);
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

  /** Whether a backend is ready, as it last answered. Thread-safe. */
  private static final class Readiness {
    private final InferenceBackend backend;
    private final SingleFlight asking;
    private volatile boolean ready;

    Readiness(InferenceBackend backend, Scheduler scheduler) {
      this.backend = backend;
      this.asking = new SingleFlight(scheduler);
    }

    CompletableFuture<Boolean> ask() {
      return asking.ask(this::asked).thenApply(done -> ready);
    }

    private CompletionStage<Duration> asked() {
      CompletionStage<Optional<Boolean>> answer;
      try {
        answer = backend.ready();
      } catch (RuntimeException e) {
        answer = CompletableFuture.failedFuture(e);
      }
      return answer.handle(
          (says, failure) -> {
            ready = failure == null && says.orElse(true);
            return SingleFlight.REST;
          });
    }
  }
}
