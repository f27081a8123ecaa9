package io.github.openaikserve.backend;

import io.github.openaikserve.error.BackendException;
import java.util.concurrent.Flow;

/**
 * A subscription that can be told why nobody wants the rest. Thread-safe.
 *
 * <p>For backends that judge the server they go to: a call that is cancelled because its time ran
 * out says something about the server, one whose caller went away does not. No other backend needs
 * it: {@link #cancel()} is called where it is missing.
 */
public interface ReasonedSubscription extends Flow.Subscription {
  /** Cancels the call over what the server did or did not do; the subscriber hears nothing more. */
  void cancel(BackendException reason);

  /** Cancels a call, telling the reason to whom it may concern. */
  static void cancel(Flow.Subscription subscription, BackendException reason) {
    if (subscription instanceof ReasonedSubscription reasoned) {
      reasoned.cancel(reason);
    } else {
      subscription.cancel();
    }
  }
}
