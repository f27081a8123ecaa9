package io.github.openaikserve.http;

import java.util.Map;

/**
 * An HTTP response for the host to write. Immutable, except for the body, which can be read once.
 *
 * <p>The host must read the body to its end or {@link ApiBody#close close} it. An open streamed
 * body keeps the backend's call running until a reader cancels it, or for 30 seconds without a
 * reader.
 *
 * <pre>{@code
 * try (ApiBody body = response.body()) {
 *   response.headers().forEach(exchange.getResponseHeaders()::set);
 *   exchange.sendResponseHeaders(response.status(), 0);
 *   body.writeTo(exchange.getResponseBody());
 * }
 * }</pre>
 *
 * @param status the HTTP status code, such as 200
 * @param headers by name in lower case, in no particular order; values are printable ASCII
 * @param body the body; the host sets {@code content-length} to its {@link ApiBody#length length}
 *     if that is known
 */
public record ApiResponse(int status, Map<String, String> headers, ApiBody body) {
  /** Copies the headers. */
  public ApiResponse {
    headers = Map.copyOf(headers);
  }
}
