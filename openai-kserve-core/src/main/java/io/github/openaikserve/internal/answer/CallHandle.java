package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.ReasonedSubscription;
import io.github.openaikserve.error.DialectException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The call that a decoder reads, so that an endpoint learns of what cannot be decoded. Thread-safe.
 */
final class CallHandle {
  private volatile Flow.@Nullable Subscription subscription;

  void begun(Flow.Subscription subscription) {
    this.subscription = subscription;
  }

  /** Drops the call, whose request may be large: all of its responses have been decoded. */
  void release() {
    subscription = null;
  }

  /** Cancels the call because a response of its server cannot be decoded. */
  void reject(DialectException failure) {
    Flow.Subscription current = subscription;
    if (current != null) {
      ReasonedSubscription.cancel(current, failure);
    }
  }
}
