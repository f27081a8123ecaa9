package io.github.openaikserve.grpc.internal.call;

import io.github.openaikserve.kserve.InferResponse;
import org.jspecify.annotations.Nullable;

/** A message of a model server after decoding: a response or a failure. Immutable. */
public final class DecodedMessage {
  private final @Nullable InferResponse response;
  private final @Nullable RuntimeException failure;

  private DecodedMessage(@Nullable InferResponse response, @Nullable RuntimeException failure) {
    this.response = response;
    this.failure = failure;
  }

  public static DecodedMessage of(InferResponse response) {
    return new DecodedMessage(response, null);
  }

  public static DecodedMessage failure(RuntimeException failure) {
    return new DecodedMessage(null, failure);
  }

  /**
   * Returns the response.
   *
   * @throws io.github.openaikserve.error.BackendException if the message is an error, or cannot be
   *     read
   * @throws io.github.openaikserve.error.DialectException if the message holds no valid response
   */
  public InferResponse response() {
    if (response != null) {
      return response;
    }
    throw failure == null ? new IllegalStateException() : failure;
  }
}
