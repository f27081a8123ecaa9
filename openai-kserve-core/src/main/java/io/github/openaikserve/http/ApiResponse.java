package io.github.openaikserve.http;

import java.util.Map;

/**
 * An HTTP response for the host to write. Immutable, except for the body, which can be read once.
 *
 * @param headers names in lower case; values are printable ASCII
 * @param body its length, if known, is the value of {@code content-length}
 */
public record ApiResponse(int status, Map<String, String> headers, ApiBody body) {
  /** Copies the headers. */
  public ApiResponse {
    headers = Map.copyOf(headers);
  }
}
