package io.github.openaikserve.grpc;

import io.github.openaikserve.kserve.InferResponse;
import org.jspecify.annotations.Nullable;

/** A message of a server's, read: a response, or the failure that it means. Immutable. */
final class Received {
  private final @Nullable InferResponse response;
  private final @Nullable RuntimeException failure;

  private Received(@Nullable InferResponse response, @Nullable RuntimeException failure) {
    this.response = response;
    this.failure = failure;
  }

  static Received of(InferResponse response) {
    return new Received(response, null);
  }

  static Received failure(RuntimeException failure) {
    return new Received(null, failure);
  }

  /**
   * The response.
   *
   * @throws io.github.openaikserve.error.BackendException if it is an error
   * @throws io.github.openaikserve.error.DialectException if it is no response that can be read
   */
  InferResponse response() {
    if (response != null) {
      return response;
    }
    throw failure == null ? new IllegalStateException() : failure;
  }
}
