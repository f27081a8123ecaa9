package io.github.openaikserve.grpc;

import io.grpc.Metadata;
import java.time.Duration;

/**
 * How long a call may take, as it is told to the server: in the header that gRPC would write for a
 * deadline.
 *
 * <p>No deadline is given to gRPC itself, which would wake one of its threads for every call that
 * begins; {@link CallSubscription} watches the time instead.
 *
 * <p>Source: {@code grpc/grpc}: {@code doc/PROTOCOL-HTTP2.md}, "Timeout".
 */
final class TimeLimit {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
  private static final long MORE_THAN_EIGHT_DIGITS = 100_000_000;
  private static final String UNITS = "numSM";
  private static final int[] NEXT = {1000, 1000, 1000, 60, 60};

  private TimeLimit() {}

  /** Adds the header, which has at most eight digits and a unit; rounded up to it. */
  static void addTo(Metadata headers, Duration limit) {
    headers.put(HEADER, text(limit));
  }

  static String text(Duration limit) {
    long value = nanos(limit);
    int unit = 0;
    while (unit < UNITS.length() && value >= MORE_THAN_EIGHT_DIGITS) {
      int next = NEXT[unit++];
      value = value / next + (value % next == 0 ? 0 : 1);
    }
    return value + (unit < UNITS.length() ? UNITS.substring(unit, unit + 1) : "H");
  }

  private static long nanos(Duration limit) {
    try {
      return limit.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE; // 292 years will do
    }
  }
}
