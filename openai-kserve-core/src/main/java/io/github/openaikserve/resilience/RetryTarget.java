package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.kserve.InferResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The destination of the attempts of a call. Thread-safe. */
interface RetryTarget {
  /** One chosen endpoint. */
  interface Attempt {
    /**
     * Returns the call to the endpoint, which is subscribed to at once; null if the endpoint was
     * removed after it was chosen, and another one must be.
     */
    Flow.@Nullable Publisher<InferResponse> make(InferCall call);
  }

  /**
   * Returns the next attempt, which may have to wait until an endpoint can be reached.
   *
   * @param left how long the wait may take; null for the default
   * @return fails with the reason why the call cannot be sent anywhere
   */
  CompletableFuture<Attempt> next(InferCall call, @Nullable Duration left, Attempts attempts);

  /** Returns whether an endpoint is available at which no attempt has failed. */
  boolean hasAlternative(InferCall call, Attempts attempts);

  /** Receives that the call is made again. */
  void retried(Attempts attempts);
}
