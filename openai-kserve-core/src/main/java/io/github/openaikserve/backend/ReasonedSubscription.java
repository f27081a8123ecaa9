package io.github.openaikserve.backend;

import io.github.openaikserve.error.OpenAiException;
import java.util.concurrent.Flow;

/**
 * A subscription to a call that can be cancelled because of the server. Thread-safe.
 *
 * <p>A circuit breaker has to tell two kinds of cancellation apart: a caller who leaves says
 * nothing about the server, whereas a server that missed a time limit of the service, or sent a
 * response that cannot be decoded, has failed. Backends that do not judge their server need not
 * implement it: {@link #cancel()} is called instead.
 */
public interface ReasonedSubscription extends Flow.Subscription {
  /**
   * Cancels the call because the server failed. The subscriber receives nothing more. Has no effect
   * on a call that was cancelled before; on one that has completed it only reports the failure.
   *
   * @param reason what the server did wrong
   */
  void cancel(OpenAiException reason);

  /** Cancels the call and passes the reason on if the subscription takes one. */
  static void cancel(Flow.Subscription subscription, OpenAiException reason) {
    if (subscription instanceof ReasonedSubscription reasoned) {
      reasoned.cancel(reason);
    } else {
      subscription.cancel();
    }
  }
}
