package io.github.openaikserve.grpc;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What proves to a model server who calls. Immutable; not shown by {@link #toString}.
 *
 * @param value visible ASCII without spaces
 * @param expires when it ends; null if it is to be asked for with every call
 */
public record BearerToken(String value, @Nullable Instant expires) {
  /**
   * Checks the value.
   *
   * @throws IllegalArgumentException if it is empty or has characters that a header must not have
   */
  public BearerToken {
    if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("a token is visible ASCII without spaces");
    }
  }

  @Override
  public String toString() {
    return "BearerToken[expires=" + expires + "]";
  }
}
