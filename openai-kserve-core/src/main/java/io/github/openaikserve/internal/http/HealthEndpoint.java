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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The health endpoints. {@code GET /health} and {@code /health/ready} answer 200 if every backend
 * is ready or does not report its readiness, else 503: also if a backend fails, throws or does not
 * answer in time. {@code GET /health/live} always answers 200, because a restart of this process
 * would not repair a backend.
 *
 * <p>Health may be requested by anyone. Requests therefore share one question to each backend, and
 * its answer for a second.
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
      ready = ready.thenCombine(backend.get(), Boolean::logicalAnd);
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

  /** The last known readiness of a backend. Thread-safe. */
  private static final class Readiness {
    private final InferenceBackend backend;
    private final SingleFlight refresh;
    private volatile boolean ready;

    Readiness(InferenceBackend backend, Scheduler scheduler) {
      this.backend = backend;
      this.refresh = new SingleFlight(scheduler);
    }

    CompletableFuture<Boolean> get() {
      return refresh.run(this::ask, this::remember).thenApply(done -> ready);
    }

    /** Asks the backend. A backend that does not report its readiness is ready. */
    private CompletionStage<Boolean> ask() {
      return backend.ready().thenApply(answer -> answer.orElse(true));
    }

    private Duration remember(@Nullable Boolean answer, @Nullable Throwable failure) {
      ready = Boolean.TRUE.equals(answer);
      return SingleFlight.DEFAULT_TTL;
    }
  }
}
