package io.github.openaikserve.grpc;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When one of several servers is left alone, and for how long. Immutable.
 *
 * <p>A server that cannot be reached gets no calls anyway. One that can be reached and yet does not
 * work is told by its outcomes: after some failed calls in a row it is left alone for a pause; then
 * one call is sent there, and it is back when that is answered, else the next pause is twice as
 * long. A server that says it is not ready is left alone while it says so. When all are to be left
 * alone, none is.
 *
 * <p>A call has failed when it ends with {@code UNAVAILABLE}, {@code INTERNAL}, {@code UNKNOWN} or
 * {@code DATA_LOSS}, or with an error in place of a response, or when nothing had come by its
 * limit, or within {@code silence} of being given up. A refusal that is the caller's fault is none,
 * and neither is a call that was given up after it had begun to answer.
 *
 * @param failures how many in a row
 * @param pause the first one
 * @param longestPause no pause is longer
 * @param silence how long a call that was given up must have been without a response to have failed
 * @param probe how often each server is asked whether it is ready, with {@code ServerReady}; null
 *     for never. The question has the headers and credentials that every call has; a server that
 *     refuses to answer it is taken for ready
 * @param refresh how often names are resolved again, so that new servers are found; the JDK keeps
 *     addresses for {@code networkaddress.cache.ttl}. Null for only when a connection is lost
 */
public record EndpointHealth(
    int failures,
    Duration pause,
    Duration longestPause,
    Duration silence,
    @Nullable Duration probe,
    @Nullable Duration refresh) {

  /**
   * Five failures; pauses from ten seconds to five minutes; thirty seconds of silence; asked every
   * five seconds; resolved again every thirty.
   */
  public static final EndpointHealth DEFAULT =
      new EndpointHealth(
          5,
          Duration.ofSeconds(10),
          Duration.ofMinutes(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30));

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number or a duration is not positive
   */
  public EndpointHealth {
    Objects.requireNonNull(pause, "pause");
    Objects.requireNonNull(longestPause, "longestPause");
    Objects.requireNonNull(silence, "silence");
    if (failures < 1) {
      throw new IllegalArgumentException("failures must be positive, was " + failures);
    }
    positive("pause", pause);
    positive("silence", silence);
    positive("probe", probe);
    positive("refresh", refresh);
    if (longestPause.compareTo(pause) < 0) {
      throw new IllegalArgumentException("the longest pause must not be shorter than the first");
    }
  }

  /** The same with so many failures in a row. */
  public EndpointHealth withFailures(int failures) {
    return new EndpointHealth(failures, pause, longestPause, silence, probe, refresh);
  }

  /** The same with other pauses. */
  public EndpointHealth withPauses(Duration pause, Duration longestPause) {
    return new EndpointHealth(failures, pause, longestPause, silence, probe, refresh);
  }

  /** The same with another silence. */
  public EndpointHealth withSilence(Duration silence) {
    return new EndpointHealth(failures, pause, longestPause, silence, probe, refresh);
  }

  /** The same, asked so often; null for never. */
  public EndpointHealth withProbe(@Nullable Duration probe) {
    return new EndpointHealth(failures, pause, longestPause, silence, probe, refresh);
  }

  /** The same, resolved so often; null for only when a connection is lost. */
  public EndpointHealth withRefresh(@Nullable Duration refresh) {
    return new EndpointHealth(failures, pause, longestPause, silence, probe, refresh);
  }

  private static void positive(String name, @Nullable Duration duration) {
    if (duration != null && (duration.isNegative() || duration.isZero())) {
      throw new IllegalArgumentException(name + " must be positive, was " + duration);
    }
  }
}
