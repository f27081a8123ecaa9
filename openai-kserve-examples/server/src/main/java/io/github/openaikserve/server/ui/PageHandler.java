package io.github.openaikserve.server.ui;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.route.GetHandler;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A handler that serves the web page at {@code GET /} without a key, and passes on all other
 * requests. The page contains no data: it asks for a key and calls the API with it. Thread-safe.
 */
public final class PageHandler extends GetHandler {
  private static final int OK = 200;

  private final Page page = Page.load();

  /** Creates a handler around another one. */
  public PageHandler(OpenAiHandler handler) {
    super("/", handler);
  }

  @Override
  protected CompletableFuture<ApiResponse> answer() {
    return CompletableFuture.completedFuture(
        new ApiResponse(
            OK,
            Map.of(
                "content-type", "text/html; charset=utf-8",
                "content-security-policy", page.policy(),
                "x-content-type-options", "nosniff",
                "x-frame-options", "DENY",
                "referrer-policy", "no-referrer",
                "cross-origin-opener-policy", "same-origin",
                "cache-control", "no-cache"),
            ApiBody.of(page.bytes())));
  }
}
