package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.kserve.InferResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** The place to which the attempts of a call go. Thread-safe. */
interface RetryTarget {
  /**
   * Returns the next attempt, which may have to wait until an endpoint can be reached.
   *
   * @return fails with the reason why the call cannot be sent anywhere
   */
  CompletableFuture<Flow.Publisher<InferResponse>> next(InferCall call, Attempts attempts);

  /** Returns whether an endpoint is available at which no attempt has failed. */
  boolean hasAlternative(InferCall call, Attempts attempts);

  /** Receives that the call is made again. */
  void retried(Attempts attempts);
}
