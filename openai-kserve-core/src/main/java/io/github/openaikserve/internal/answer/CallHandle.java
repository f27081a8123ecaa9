package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.CauseAwareSubscription;
import io.github.openaikserve.error.DialectException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A handle of the call that a decoder reads. It reports responses that cannot be decoded to the
 * endpoint. Thread-safe.
 */
final class CallHandle {
  private volatile Flow.@Nullable Subscription subscription;

  void begun(Flow.Subscription subscription) {
    this.subscription = subscription;
  }

  /**
   * Releases the call after all of its responses were decoded, because its request may be large.
   */
  void release() {
    subscription = null;
  }

  /** Cancels the call because a response cannot be decoded. */
  void reject(DialectException failure) {
    Flow.Subscription current = subscription;
    if (current != null) {
      CauseAwareSubscription.cancel(current, failure);
    }
  }
}
