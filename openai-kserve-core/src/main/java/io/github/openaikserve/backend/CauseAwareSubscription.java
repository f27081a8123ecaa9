package io.github.openaikserve.backend;

import io.github.openaikserve.error.OpenAiException;
import java.util.concurrent.Flow;

/**
 * A subscription that can be cancelled with a reason: a failure of the server. Thread-safe.
 *
 * <p>A circuit breaker must distinguish two kinds of cancellation. If the caller cancels, that says
 * nothing about the server. If the server exceeds a time limit or sends a response that cannot be
 * decoded, it has failed. Backends without a circuit breaker need not implement this interface; for
 * them {@link #cancel()} is called.
 */
public interface CauseAwareSubscription extends Flow.Subscription {
  /**
   * Cancels the call because the server failed. The subscriber receives no more signals. Has no
   * effect on a call that was already cancelled. If the call has completed, only reports the
   * failure.
   *
   * @param reason the server's failure
   */
  void cancel(OpenAiException reason);

  /** Cancels the call, and passes the reason on if the subscription accepts one. */
  static void cancel(Flow.Subscription subscription, OpenAiException reason) {
    if (subscription instanceof CauseAwareSubscription reasoned) {
      reasoned.cancel(reason);
    } else {
      subscription.cancel();
    }
  }
}
