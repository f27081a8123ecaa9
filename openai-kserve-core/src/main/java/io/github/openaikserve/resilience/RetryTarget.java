package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.kserve.InferResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The destination of a call's attempts. Thread-safe. */
interface RetryTarget {
  /** An attempt at a selected endpoint. */
  interface Attempt {
    /**
     * Returns the call to the endpoint; the caller subscribes immediately. Null if the endpoint was
     * removed after it was selected, so another one must be selected.
     */
    Flow.@Nullable Publisher<InferResponse> make(InferCall call);
  }

  /**
   * Returns a future of the next attempt. It may wait until an endpoint can be reached.
   *
   * @param left the maximum wait; null for the default
   * @return fails with the reason why the call cannot be sent anywhere
   */
  CompletableFuture<Attempt> next(InferCall call, @Nullable Duration left, Attempts attempts);

  /** Returns whether an endpoint is available at which no attempt has failed. */
  boolean hasAlternative(InferCall call, Attempts attempts);

  /** Called when the call is retried. */
  void retried(Attempts attempts);
}
