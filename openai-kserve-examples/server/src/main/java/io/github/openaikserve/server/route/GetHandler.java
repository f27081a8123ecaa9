package io.github.openaikserve.server.route;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A handler that answers {@code GET} and {@code HEAD} of one path and passes on the rest. */
public abstract class GetHandler implements OpenAiHandler {
  /** The handler of all other requests. */
  protected final OpenAiHandler handler;

  private final String path;

  /** Creates a handler around another one. */
  protected GetHandler(String path, OpenAiHandler handler) {
    this.path = path;
    this.handler = handler;
  }

  /** Returns the response to a request that {@link #rejection} allows. */
  protected abstract CompletableFuture<ApiResponse> answer();

  /** Returns the error response for a request of the path; empty if it is allowed. */
  protected Optional<ApiResponse> rejection(ApiRequest request) {
    return Optional.empty();
  }

  @Override
  public final CompletableFuture<ApiResponse> handle(ApiRequest request) {
    return isServed(request)
        ? rejection(request).map(CompletableFuture::completedFuture).orElseGet(this::answer)
        : handler.handle(request);
  }

  @Override
  public final Optional<ApiResponse> reject(ApiRequest head) {
    return isServed(head) ? rejection(head) : handler.reject(head);
  }

  private boolean isServed(ApiRequest request) {
    return Health.withoutQuery(request.path()).equals(path)
        && (request.method().equals("GET") || request.method().equals("HEAD"));
  }

  @Override
  public final ApiResponse refuse(ApiRequest request, OpenAiException error) {
    return handler.refuse(request, error);
  }
}
