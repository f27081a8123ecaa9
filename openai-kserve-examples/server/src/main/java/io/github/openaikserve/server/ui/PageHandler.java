package io.github.openaikserve.server.ui;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A handler that serves the page at {@code GET /} to everyone, and passes all else on. The page
 * holds no data: it asks for a key, and reads the API with it. Thread-safe.
 */
public final class PageHandler implements OpenAiHandler {
  private static final String PATH = "/";
  private static final int OK = 200;

  private final OpenAiHandler handler;
  private final Page page = Page.load();

  /** Creates a handler around another one. */
  public PageHandler(OpenAiHandler handler) {
    this.handler = handler;
  }

  @Override
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    return isPage(request)
        ? CompletableFuture.completedFuture(response())
        : handler.handle(request);
  }

  private ApiResponse response() {
    return new ApiResponse(
        OK,
        Map.of(
            "content-type", "text/html; charset=utf-8",
            "content-security-policy", page.policy(),
            "x-content-type-options", "nosniff",
            "x-frame-options", "DENY",
            "referrer-policy", "no-referrer",
            "cross-origin-opener-policy", "same-origin",
            "cache-control", "no-cache"),
        ApiBody.of(page.bytes()));
  }

  @Override
  public Optional<ApiResponse> reject(ApiRequest head) {
    return isPage(head) ? Optional.empty() : handler.reject(head);
  }

  private static boolean isPage(ApiRequest request) {
    return request.path().equals(PATH)
        && (request.method().equals("GET") || request.method().equals("HEAD"));
  }

  @Override
  public ApiResponse refuse(ApiRequest request, OpenAiException error) {
    return handler.refuse(request, error);
  }
}
