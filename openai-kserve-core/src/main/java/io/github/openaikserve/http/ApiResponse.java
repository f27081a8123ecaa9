package io.github.openaikserve.http;

import java.util.Map;

/**
 * An HTTP response for the host to write. Immutable, except for the body, which can be read once.
 *
 * @param headers by name in lower case; values are printable ASCII
 * @param body the body; its length, if known, is also the value of {@code content-length}
 */
public record ApiResponse(int status, Map<String, String> headers, ApiBody body) {
  /** Copies the headers. */
  public ApiResponse {
    headers = Map.copyOf(headers);
  }
}
