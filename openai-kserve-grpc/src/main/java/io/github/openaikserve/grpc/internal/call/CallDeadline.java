package io.github.openaikserve.grpc.internal.call;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time limit of one call. It starts when this object is created, at the subscription.
 * Immutable.
 *
 * <p>A limit that the caller enforces is sent to the server in the header that gRPC writes for a
 * deadline; gRPC itself gets none, because it would start a second timer for the call. Any other
 * limit is gRPC's own deadline.
 *
 * <p><b>Source:</b> grpc/grpc, doc/PROTOCOL-HTTP2.md, "Timeout".
 */
public final class CallDeadline {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
  private static final long LEAST = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long MORE_THAN_EIGHT_DIGITS = 100_000_000;
  private static final String UNITS = "numSM";
  private static final int[] NEXT = {1000, 1000, 1000, 60, 60};

  private final @Nullable Duration limit;
  private final boolean enforced;
  private final long began = System.nanoTime();

  /**
   * Starts the time limit.
   *
   * @param limit null for no limit
   * @param enforced whether the caller ends the call when the time is over
   */
  public CallDeadline(@Nullable Duration limit, boolean enforced) {
    this.limit = limit;
    this.enforced = enforced;
  }

  /** Returns whether less than a millisecond is left. */
  boolean isOver() {
    return limit != null && left(limit) <= LEAST;
  }

  /** Returns the options of a call that starts now. */
  public CallOptions of(CallOptions options) {
    return limit == null || enforced
        ? options
        : options.withDeadlineAfter(left(limit), TimeUnit.NANOSECONDS);
  }

  /** Adds the timeout header of a call that starts now, unless gRPC has the deadline. */
  public void addTo(Metadata headers) {
    if (limit != null && enforced) {
      headers.put(HEADER, text(Math.max(left(limit), LEAST)));
    }
  }

  /** Fails a wait with a TimeoutException at the deadline, unless the caller enforces it. */
  void limit(CompletableFuture<?> wait) {
    if (limit != null && !enforced) {
      var unused = wait.orTimeout(Math.max(left(limit), 0), TimeUnit.NANOSECONDS);
    }
  }

  private long left(Duration limit) {
    return TimeUnit.NANOSECONDS.convert(limit) - (System.nanoTime() - began);
  }

  /** Returns the time as the header's value: at most eight digits and a unit, rounded up. */
  public static String text(long nanos) {
    long value = nanos;
    int unit = 0;
    while (unit < UNITS.length() && value >= MORE_THAN_EIGHT_DIGITS) {
      int next = NEXT[unit++];
      value = value / next + (value % next == 0 ? 0 : 1);
    }
    return value + (unit < UNITS.length() ? UNITS.substring(unit, unit + 1) : "H");
  }
}
