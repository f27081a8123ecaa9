package io.github.openaikserve.resilience;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The answers of one endpoint to the requests for one model. Thread-safe.
 *
 * <p>A server that refuses one request is right more often than not. One that refuses many
 * different requests in a row, while other endpoints answer, has lost its engine: without ejection
 * it would attract all traffic, because a refusal takes no time.
 */
final class ModelHealth {
  /** The number of different requests that must be refused in a row. */
  static final int MIN_REJECTIONS = 5;

  /** The time for which another endpoint counts as answering after its last success. */
  static final Duration SUCCESS_COUNTS = Duration.ofMinutes(1);

  private static final Duration UNAVAILABLE_FOR = Duration.ofSeconds(1);
  private static final Duration FIRST_EJECTION = Duration.ofSeconds(10);
  private static final Duration MAX_EJECTION = Duration.ofMinutes(5);
  private static final int MAX_DOUBLINGS = 5;

  private volatile boolean everSucceeded;
  private volatile long lastSuccess;
  private volatile boolean clean = true;
  private volatile boolean avoided;

  // Guarded by this.
  private final Set<Integer> rejected = new HashSet<>();
  private int ejections;
  private long avoidedUntil;

  /** Records an answer. */
  void onSuccess(long now) {
    lastSuccess = now;
    everSucceeded = true;
    if (!clean) {
      synchronized (this) {
        rejected.clear();
        ejections = 0;
        avoided = false;
        clean = true;
      }
    }
  }

  /** Records that the server reported the model as unavailable: other endpoints are tried first. */
  synchronized void onUnavailable(long now) {
    clean = false;
    avoid(now, UNAVAILABLE_FOR);
  }

  /**
   * Records a refusal.
   *
   * @param request a hash by which different requests are told apart
   * @param othersAnswer whether another endpoint answers requests for the model
   * @return how long the endpoint is ejected for the model, if this refusal ejects it
   */
  synchronized Optional<Duration> onRejected(int request, boolean othersAnswer, long now) {
    clean = false;
    if (rejected.size() < MIN_REJECTIONS) {
      rejected.add(request);
    }
    if (rejected.size() < MIN_REJECTIONS || !othersAnswer || isAvoided(now)) {
      return Optional.empty();
    }
    Duration doubled = FIRST_EJECTION.multipliedBy(1L << Math.min(ejections++, MAX_DOUBLINGS));
    Duration time = doubled.compareTo(MAX_EJECTION) < 0 ? doubled : MAX_EJECTION;
    avoid(now, time);
    return Optional.of(time);
  }

  private void avoid(long now, Duration time) {
    long until = now + time.toNanos();
    if (!avoided || until - avoidedUntil > 0) {
      avoidedUntil = until;
    }
    avoided = true;
  }

  /** Returns whether calls for the model go to other endpoints while there are any. */
  boolean isAvoided(long now) {
    if (!avoided) {
      return false;
    }
    synchronized (this) {
      avoided = avoidedUntil - now > 0;
      return avoided;
    }
  }

  /** Returns whether the endpoint has answered a request for the model lately. */
  boolean answers(long now) {
    return everSucceeded && now - lastSuccess <= SUCCESS_COUNTS.toNanos();
  }
}
