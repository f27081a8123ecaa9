package io.github.openaikserve.observation;

import org.jspecify.annotations.Nullable;

/**
 * The class of a failure, without its message, which may quote the model server. Immutable.
 *
 * @param status the HTTP status, 400 to 599
 * @param type OpenAI's type of error, such as {@code server_error}
 * @param code OpenAI's or this library's error code, such as {@code deadline_exceeded}; null if the
 *     failure has none
 * @param endpoint the address of the model server that failed, such as {@code gpu-1:8001}; null if
 *     unknown or if no server failed
 */
public record CallFailure(
    int status, String type, @Nullable String code, @Nullable String endpoint) {
  /**
   * Returns the code, or the type if there is no code. Usable as a metric label: it has few values.
   */
  public String errorType() {
    return code == null ? type : code;
  }
}
