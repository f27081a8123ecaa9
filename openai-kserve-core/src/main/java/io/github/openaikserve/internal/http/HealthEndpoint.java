package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.ReadinessRule;
import io.github.openaikserve.internal.http.response.ErrorResponses;
import io.github.openaikserve.internal.http.response.RequestLog;
import io.github.openaikserve.internal.http.response.Responses;
import io.github.openaikserve.internal.json.JsonWriter;
import io.github.openaikserve.internal.model.BackendModels;
import io.github.openaikserve.internal.model.SingleFlight;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.time.Scheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health endpoints. {@code GET /health} and {@code /health/ready} answer 200 if the {@link
 * ReadinessRule} is met, otherwise 503. The body contains the state of every backend. A model can
 * be served if its dialect is known, its server has it, and its backend is ready or does not report
 * its readiness. A backend that fails, throws or does not answer in time is not ready. {@code GET
 * /health/live} always answers 200, because restarting this process would not repair a backend.
 *
 * <p>These endpoints are public. Requests therefore share one query of each backend and reuse its
 * answer for a second. The body contains no model names and no messages of servers. A change of
 * readiness is logged once.
 */
final class HealthEndpoint implements Endpoint {
  private static final Logger log = LoggerFactory.getLogger(HealthEndpoint.class);
  private static final byte[] OK = "{\"status\":\"ok\"}".getBytes(StandardCharsets.US_ASCII);
  private static final int UNAVAILABLE = 503;
  private static final String NO_REASON = "";

  private final List<Backend> backends;
  private final ReadinessRule rule;

  /** The reason why the last answer was 503; empty if it was 200, null before the first answer. */
  private final AtomicReference<@Nullable String> logged = new AtomicReference<>();

  HealthEndpoint(List<BackendModels> backends, HttpSettings.Health settings, Scheduler scheduler) {
    this.backends =
        backends.stream()
            .map(models -> new Backend(models, settings.names().get(models.backend()), scheduler))
            .toList();
    this.rule = settings.rule();
  }

  @Override
  public List<String> methods(String rest) {
    return List.of("", "live", "ready").contains(rest) ? List.of("GET") : List.of();
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
        backends.stream().map(Backend::refresh).toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(asked)
        .thenApply(done -> answer(backends.stream().map(Backend::state).toList()));
  }

  private ApiResponse answer(List<State> states) {
    String reason = reason(states);
    logChange(reason);
    boolean ready = reason.isEmpty();
    byte[] body =
        JsonWriter.write(
            json -> {
              if (!ready) {
                ErrorResponses.error(new BackendException(BackendCode.UNAVAILABLE, reason))
                    .write(json);
              }
              json.field("status", ready ? "ok" : "unavailable")
                  .objects("backends", states, (each, state) -> state.write(each));
            });
    return ready
        ? Responses.json(body, List.of())
        : new ApiResponse(
            UNAVAILABLE, Map.of("content-type", "application/json"), ApiBody.of(body));
  }

  /** Returns the reason why this process is not ready; empty if it is ready. */
  private String reason(List<State> states) {
    boolean ready =
        switch (rule) {
          case NONE -> true;
          case ALL -> states.stream().allMatch(State::serves);
          case ANY -> states.stream().anyMatch(State::serves);
        };
    if (ready) {
      return NO_REASON;
    }
    if (states.stream().anyMatch(State::serves)) {
      return "Not every model server is ready.";
    }
    return states.stream().noneMatch(State::ready)
        ? "The model server is not ready."
        : "The model server is ready, but none of its models can be served.";
  }

  private void logChange(String reason) {
    String before = logged.getAndSet(reason);
    if (reason.equals(before) || (before == null && reason.isEmpty())) {
      return;
    }
    if (reason.isEmpty()) {
      log.info("readiness changed ready=true");
    } else {
      log.warn("readiness changed ready=false reason=\"{}\"", reason);
    }
  }

  /**
   * The state of a backend.
   *
   * @param name the backend's name; null for none
   * @param models the number of its models that can be served
   */
  private record State(@Nullable String name, boolean ready, long models) {
    boolean serves() {
      return ready && models > 0;
    }

    void write(JsonWriter json) {
      json.optional("name", name).field("ready", ready).field("models", models);
    }
  }

  /** A backend and its last known state. Thread-safe. */
  private static final class Backend {
    private final BackendModels models;
    private final @Nullable String name;
    private final Scheduler scheduler;
    private final SingleFlight refresh;
    private volatile State state;

    Backend(BackendModels models, @Nullable String name, Scheduler scheduler) {
      this.models = models;
      this.name = name;
      this.scheduler = scheduler;
      this.refresh = new SingleFlight(scheduler);
      this.state = notReady();
    }

    private State notReady() {
      return new State(name, false, 0);
    }

    State state() {
      return state;
    }

    CompletableFuture<Void> refresh() {
      return refresh.run(this::ask, this::remember);
    }

    /** Queries the backend. A backend that does not report its readiness counts as ready. */
    private CompletionStage<State> ask() {
      return models
          .backend()
          .ready()
          .thenCompose(
              ready ->
                  ready.orElse(true)
                      ? models
                          .settle(scheduler)
                          .thenApply(done -> new State(name, true, models.available()))
                      : CompletableFuture.completedFuture(notReady()));
    }

    private Duration remember(@Nullable State answer, @Nullable Throwable failure) {
      state = answer == null ? notReady() : answer;
      return SingleFlight.DEFAULT_TTL;
    }
  }
}
