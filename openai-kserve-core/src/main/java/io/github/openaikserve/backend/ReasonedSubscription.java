package io.github.openaikserve.backend;

import io.github.openaikserve.error.OpenAiException;
import java.util.concurrent.Flow;

/**
 * A subscription to a call that can be cancelled because of the server. Thread-safe.
 *
 * <p>A circuit breaker must distinguish two kinds of cancellation. A caller who leaves reveals
 * nothing about the server. A server that misses a time limit of the service, or sends a response
 * that cannot be decoded, has failed. A backend without a circuit breaker need not implement this
 * interface: {@link #cancel()} is called instead.
 */
public interface ReasonedSubscription extends Flow.Subscription {
  /**
   * Cancels the call because the server failed. The subscriber receives nothing more. Has no effect
   * on a call that was cancelled before; on one that has completed it only reports the failure.
   *
   * @param reason what the server did wrong
   */
  void cancel(OpenAiException reason);

  /** Cancels the call, with the reason if the subscription accepts one. */
  static void cancel(Flow.Subscription subscription, OpenAiException reason) {
    if (subscription instanceof ReasonedSubscription reasoned) {
      reasoned.cancel(reason);
    } else {
      subscription.cancel();
    }
  }
}
