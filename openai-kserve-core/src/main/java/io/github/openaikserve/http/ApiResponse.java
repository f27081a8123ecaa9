package io.github.openaikserve.http;

import java.util.Map;

/**
 * An HTTP response to be written by its host. Immutable, but for the body, which can be read once.
 *
 * @param headers names in lower case; values hold only printable ASCII
 * @param body its length, where known, is for the host's {@code content-length}
 */
public record ApiResponse(int status, Map<String, String> headers, ApiBody body) {
  /** Copies the headers. */
  public ApiResponse {
    headers = Map.copyOf(headers);
  }
}
