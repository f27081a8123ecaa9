package io.github.openaikserve.internal.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The remaining time of a call, counted from its subscription. Immutable. */
public final class CallClock {
  /** The largest difference for which the call is not copied. */
  private static final Duration A_MOMENT = Duration.ofMillis(1);

  private final InferCall call;
  private final Scheduler scheduler;
  private final long startedAt;

  /** Starts the clock. */
  public CallClock(InferCall call, Scheduler scheduler) {
    this.call = call;
    this.scheduler = scheduler;
    this.startedAt = scheduler.nanoTime();
  }

  /** Returns the remaining time of the call's timeout, which may be negative; null for no limit. */
  public @Nullable Duration left() {
    Duration timeout = call.timeout();
    return timeout == null ? null : timeout.minusNanos(scheduler.nanoTime() - startedAt);
  }

  /**
   * Returns the call with the remaining timeout.
   *
   * @param left the remaining time, positive; null for no limit
   */
  public InferCall callWith(@Nullable Duration left) {
    Duration timeout = call.timeout();
    boolean same = timeout == null || left == null || timeout.minus(left).compareTo(A_MOMENT) < 0;
    return same ? call : call.withTimeout(left);
  }
}
