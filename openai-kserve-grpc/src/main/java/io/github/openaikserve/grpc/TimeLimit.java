package io.github.openaikserve.grpc;

import io.github.openaikserve.time.Scheduler;
import io.grpc.Metadata;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long one call may take: watched here, and told to the server in the header that gRPC would
 * write for a deadline. Thread-safe; one per call.
 *
 * <p>No deadline is given to gRPC itself, which would wake one of its threads for every call that
 * begins.
 *
 * <p>Source: {@code grpc/grpc}: {@code doc/PROTOCOL-HTTP2.md}, "Timeout".
 */
final class TimeLimit {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final long MORE_THAN_EIGHT_DIGITS = 100_000_000;
  private static final String UNITS = "numSM";
  private static final int[] NEXT = {1000, 1000, 1000, 60, 60};

  private final @Nullable Duration limit;
  private volatile long begun;

  // Guarded by this.
  private @Nullable Runnable timer;
  private boolean stopped;

  /** One that has not begun; null for no limit. */
  TimeLimit(@Nullable Duration limit) {
    this.limit = limit;
  }

  /** Begins; {@code late} is run when the time is over, unless this was stopped. */
  void start(Runnable late) {
    begun = System.nanoTime();
    if (limit == null) {
      return;
    }
    Runnable started = Scheduler.SHARED.schedule(limit, late);
    synchronized (this) {
      if (!stopped) {
        timer = started;
        return;
      }
    }
    started.run();
  }

  /** The call has ended. */
  void stop() {
    Runnable running;
    synchronized (this) {
      stopped = true;
      running = timer;
      timer = null;
    }
    if (running != null) {
      running.run();
    }
  }

  /** Whether the time is over, but for a moment. */
  boolean isOver() {
    return limit != null && left(limit).compareTo(LEAST) <= 0;
  }

  /** Tells the server what is left. */
  void addTo(Metadata headers) {
    if (limit != null) {
      Duration left = left(limit);
      headers.put(HEADER, text(left.compareTo(LEAST) < 0 ? LEAST : left));
    }
  }

  private Duration left(Duration limit) {
    return limit.minusNanos(System.nanoTime() - begun);
  }

  /** At most eight digits and a unit, rounded up to it. */
  static String text(Duration time) {
    long value = nanos(time);
    int unit = 0;
    while (unit < UNITS.length() && value >= MORE_THAN_EIGHT_DIGITS) {
      int next = NEXT[unit++];
      value = value / next + (value % next == 0 ? 0 : 1);
    }
    return value + (unit < UNITS.length() ? UNITS.substring(unit, unit + 1) : "H");
  }

  private static long nanos(Duration time) {
    try {
      return time.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE; // 292 years will do
    }
  }
}
