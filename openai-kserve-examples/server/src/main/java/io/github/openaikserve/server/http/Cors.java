package io.github.openaikserve.server.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lets web pages of some origins read answers. Immutable.
 *
 * <p>Never with cookies: a page proves itself by a key, like everybody.
 *
 * <p><b>Source:</b> Fetch Standard, "HTTP CORS protocol".
 */
record Cors(List<String> origins) {
  private static final int NO_CONTENT = 204;
  private static final String ALL = "*";

  /** Names of headers as a browser lists them, and no more of them than anybody needs. */
  private static final Pattern HEADERS = Pattern.compile("[A-Za-z0-9_, -]{1,1000}");

  /** Tells the browser whether a page may see the answer; true if it is answered with that. */
  boolean answered(HttpServerRequest request) {
    String origin = request.getHeader("origin");
    if (origins.isEmpty()) {
      return false;
    }
    HttpServerResponse response = request.response();
    response.putHeader("vary", "origin"); // a cache must not give this answer to other origins
    if (origin == null || (!origins.contains(ALL) && !origins.contains(origin))) {
      return false;
    }
    response.putHeader("access-control-allow-origin", origins.contains(ALL) ? ALL : origin);
    boolean asking =
        request.method().equals(HttpMethod.OPTIONS)
            && request.getHeader("access-control-request-method") != null;
    if (!asking) {
      response.putHeader(
          "access-control-expose-headers",
          "x-request-id, request-id, retry-after, retry-after-ms, x-should-retry, x-openai-kserve-dropped-params");
      return false;
    }
    response.putHeader("access-control-allow-methods", "GET, POST, DELETE");
    String headers = request.getHeader("access-control-request-headers");
    if (headers != null && HEADERS.matcher(headers).matches()) {
      response.putHeader("access-control-allow-headers", headers);
    }
    response.putHeader("access-control-max-age", "600").setStatusCode(NO_CONTENT);
    return true;
  }
}
