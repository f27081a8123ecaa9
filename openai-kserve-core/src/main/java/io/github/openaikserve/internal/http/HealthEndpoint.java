package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.model.BackendModels;
import io.github.openaikserve.internal.model.SingleFlight;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.time.Scheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The health endpoints. {@code GET /health} and {@code /health/ready} answer 200 if this process
 * can serve at least one model, with the state of every backend in the body, else 503. A model can
 * be served if its dialect is known, its server has it, and its backend is ready or does not report
 * its readiness; a backend that fails, throws or does not answer in time is not ready. {@code GET
 * /health/live} always answers 200, because a restart of this process would not repair a backend.
 *
 * <p>Health may be requested by anyone. Requests therefore share one question to each backend, and
 * its answer for a second, and the body names no model and quotes no server.
 */
final class HealthEndpoint implements Endpoint {
  private static final byte[] OK = "{\"status\":\"ok\"}".getBytes(StandardCharsets.US_ASCII);

  private final List<Readiness> backends;

  HealthEndpoint(List<BackendModels> backends, Scheduler scheduler) {
    this.backends = backends.stream().map(models -> new Readiness(models, scheduler)).toList();
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context, RequestLog log) {
    return rest.equals("live")
        ? CompletableFuture.completedFuture(Responses.json(OK, List.of()))
        : ready();
  }

  private CompletableFuture<ApiResponse> ready() {
    CompletableFuture<?>[] asked =
        backends.stream().map(Readiness::refresh).toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(asked)
        .thenApply(done -> answer(backends.stream().map(Readiness::state).toList()));
  }

  private static ApiResponse answer(List<State> states) {
    if (states.stream().noneMatch(State::serves)) {
      throw new BackendException(
          BackendCode.UNAVAILABLE,
          states.stream().noneMatch(State::ready)
              ? "The model server is not ready."
              : "The model server is ready, but none of its models can be served.");
    }
    String details =
        states.stream()
            .map(state -> "{\"ready\":%s,\"models\":%d}".formatted(state.ready(), state.models()))
            .collect(Collectors.joining(",", "{\"status\":\"ok\",\"backends\":[", "]}"));
    return Responses.json(details.getBytes(StandardCharsets.US_ASCII), List.of());
  }

  /**
   * The state of a backend.
   *
   * @param models how many of its models can be served
   */
  private record State(boolean ready, long models) {
    static final State NOT_READY = new State(false, 0);

    boolean serves() {
      return ready && models > 0;
    }
  }

  /** The last known state of a backend. Thread-safe. */
  private static final class Readiness {
    private final BackendModels models;
    private final Scheduler scheduler;
    private final SingleFlight refresh;
    private volatile State state = State.NOT_READY;

    Readiness(BackendModels models, Scheduler scheduler) {
      this.models = models;
      this.scheduler = scheduler;
      this.refresh = new SingleFlight(scheduler);
    }

    State state() {
      return state;
    }

    CompletableFuture<Void> refresh() {
      return refresh.run(this::ask, this::remember);
    }

    /** Asks the backend. A backend that does not report its readiness is ready. */
    private CompletionStage<State> ask() {
      return models
          .backend()
          .ready()
          .thenCompose(
              ready ->
                  ready.orElse(true)
                      ? models
                          .settle(scheduler)
                          .thenApply(done -> new State(true, models.available()))
                      : CompletableFuture.completedFuture(State.NOT_READY));
    }

    private Duration remember(@Nullable State answer, @Nullable Throwable failure) {
      state = answer == null ? State.NOT_READY : answer;
      return SingleFlight.DEFAULT_TTL;
    }
  }
}
