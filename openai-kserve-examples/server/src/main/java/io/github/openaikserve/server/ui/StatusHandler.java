package io.github.openaikserve.server.ui;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.key.ScopeRule;
import io.github.openaikserve.server.limits.Client.Scope;
import io.github.openaikserve.server.route.GetHandler;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A handler that serves {@code GET /status} to operators and passes on the rest. Thread-safe. */
public final class StatusHandler extends GetHandler {
  private static final int OK = 200;
  private static final long READY_WAIT_MILLIS = 500;
  private static final byte[] NO_BODY = {};
  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final ServerStatus status;
  private final ScopeRule access;
  private volatile boolean ready;

  /** Creates a handler; {@code handler} also answers {@code /health/ready} for the status. */
  public StatusHandler(OpenAiHandler handler, ServerStatus status, ScopeRule access) {
    super("/status", handler);
    this.status = status;
    this.access = access;
  }

  /** Not on the event loop: the status has every client. */
  @Override
  protected CompletableFuture<ApiResponse> answer() {
    return readiness().thenComposeAsync(status::read).thenApply(StatusHandler::response);
  }

  /** Returns the readiness of the server; the last known one after 500 ms. */
  private CompletableFuture<Boolean> readiness() {
    return handler
        .handle(new ApiRequest("GET", "/health/ready", Map.of(), NO_BODY))
        .thenApply(
            answer -> {
              answer.body().close();
              ready = answer.status() == OK;
              return ready;
            })
        .exceptionally(failure -> false)
        .completeOnTimeout(ready, READY_WAIT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static ApiResponse response(Status status) {
    try {
      return new ApiResponse(
          OK,
          Map.of(
              "content-type", "application/json",
              "x-content-type-options", "nosniff",
              "cache-control", "no-store"),
          ApiBody.of(JSON.writeValueAsBytes(status)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the status cannot be written", e);
    }
  }

  @Override
  protected Optional<ApiResponse> rejection(ApiRequest request) {
    return access.refusal(request, Scope.OPERATOR).map(error -> handler.refuse(request, error));
  }
}
