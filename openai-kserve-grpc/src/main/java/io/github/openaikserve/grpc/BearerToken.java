package io.github.openaikserve.grpc;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A bearer token for a model server. Immutable; {@link #toString} does not show the value.
 *
 * @param value visible ASCII without spaces
 * @param expires when the token expires; null for a token that is used until the server refuses it
 *     with UNAUTHENTICATED, such as a static one
 */
public record BearerToken(String value, @Nullable Instant expires) {
  /**
   * Checks the value.
   *
   * @throws IllegalArgumentException if the value is empty or has a character that is not visible
   *     ASCII
   */
  public BearerToken {
    if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "a bearer token must be visible ASCII without spaces; the value is not shown");
    }
  }

  @Override
  public String toString() {
    return "BearerToken[expires=" + expires + "]";
  }
}
