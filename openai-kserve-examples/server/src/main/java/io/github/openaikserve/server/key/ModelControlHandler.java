package io.github.openaikserve.server.key;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.limits.Client.Scope;
import io.github.openaikserve.server.route.ModelControl;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A handler that rejects requests to load or unload a model without the scope for it, and passes on
 * all other requests. Thread-safe.
 */
public final class ModelControlHandler implements OpenAiHandler {
  private final OpenAiHandler handler;
  private final ScopeRule access;

  /** Creates a handler around another one. */
  public ModelControlHandler(OpenAiHandler handler, ScopeRule access) {
    this.handler = handler;
    this.access = access;
  }

  @Override
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    return rejection(request)
        .map(CompletableFuture::completedFuture)
        .orElseGet(() -> handler.handle(request));
  }

  @Override
  public Optional<ApiResponse> reject(ApiRequest head) {
    return rejection(head).or(() -> handler.reject(head));
  }

  private Optional<ApiResponse> rejection(ApiRequest request) {
    return ModelControl.isAsked(request.method(), request.path())
        ? access.refusal(request, Scope.MODELS).map(error -> handler.refuse(request, error))
        : Optional.empty();
  }

  @Override
  public ApiResponse refuse(ApiRequest request, OpenAiException error) {
    return handler.refuse(request, error);
  }
}
