package io.github.openaikserve.server.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Allows web pages of some origins to read responses (CORS). Immutable.
 *
 * <p>Does not allow cookies: a page authenticates with a key, as every client does.
 *
 * <p><b>Source:</b> Fetch Standard, "HTTP CORS protocol".
 */
record Cors(List<String> origins) {
  private static final int NO_CONTENT = 204;
  private static final String ALL = "*";

  /** A list of header names as browsers send it, up to a reasonable length. */
  private static final Pattern HEADERS = Pattern.compile("[A-Za-z0-9_, -]{1,1000}");

  /** Adds the CORS headers; returns whether the request was a preflight, which needs no more. */
  boolean answered(HttpServerRequest request) {
    String origin = request.getHeader("origin");
    if (origins.isEmpty()) {
      return false;
    }
    HttpServerResponse response = request.response();
    response.putHeader("vary", "origin"); // caches must not reuse this response for other origins
    if (origin == null || (!origins.contains(ALL) && !origins.contains(origin))) {
      return false;
    }
    response.putHeader("access-control-allow-origin", origins.contains(ALL) ? ALL : origin);
    boolean preflight =
        request.method().equals(HttpMethod.OPTIONS)
            && request.getHeader("access-control-request-method") != null;
    if (!preflight) {
      response.putHeader("access-control-expose-headers", ALL);
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
