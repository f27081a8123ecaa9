package io.github.openaikserve.resilience;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The answers of one endpoint to the requests for one model. Thread-safe.
 *
 * <p>A server that refuses one request is right more often than not. One that refuses many
 * different requests in a row, while other endpoints answer, has lost its engine: without ejection
 * it would attract all traffic, because a refusal takes no time. Where the other endpoints refuse
 * many requests too, because callers send bad ones, a longer row is needed.
 */
final class ModelHealth {
  /** The number of different requests that must be refused in a row, at the least. */
  static final int MIN_REJECTIONS = 5;

  /** The probability of a row of refusals by chance, at which it means something. */
  private static final double BY_CHANCE = 1e-6;

  /** Where others refuse more than this part of the requests, no row means anything. */
  private static final double MAX_RATE = 0.9;

  /** The longest row that is ever needed. */
  private static final int MAX_REJECTIONS = required(MAX_RATE);

  /** The number of recent requests by which other endpoints are compared with this one. */
  private static final int WINDOW = 256;

  private static final Duration UNAVAILABLE_FOR = Duration.ofSeconds(1);
  private static final Duration FIRST_EJECTION = Duration.ofSeconds(10);
  private static final Duration MAX_EJECTION = Duration.ofMinutes(5);
  private static final int MAX_DOUBLINGS = 5;

  /** The recent requests that were answered and that were refused. */
  private final AtomicInteger answered = new AtomicInteger();

  private final AtomicInteger refused = new AtomicInteger();

  private volatile boolean everSucceeded;
  private volatile long lastSuccess;
  private volatile boolean clean = true;
  private volatile boolean avoided;

  // Guarded by this.
  private final Set<Integer> rejected = new HashSet<>();
  private long rejectingSince;
  private int ejections;
  private long avoidedUntil;

  /** The requests for a model at one or more endpoints. Immutable. */
  record Rate(int answered, int refused) {
    static final Rate NONE = new Rate(0, 0);

    Rate plus(Rate other) {
      return new Rate(answered + other.answered, refused + other.refused);
    }

    private double refusals() {
      return refused == 0 ? 0 : (double) refused / (answered + refused);
    }
  }

  /** Records an answer. */
  void onSuccess(long now) {
    lastSuccess = now;
    everSucceeded = true;
    if (answered.incrementAndGet() > WINDOW) {
      forgetHalf();
    }
    if (!clean) {
      synchronized (this) {
        rejected.clear();
        ejections = 0;
        avoided = false;
        clean = true;
      }
    }
  }

  private void forgetHalf() {
    answered.updateAndGet(count -> count / 2);
    refused.updateAndGet(count -> count / 2);
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
   * @return whether other endpoints have to be compared, by {@link #ejects}
   */
  synchronized boolean onRejected(int request, long now) {
    clean = false;
    if (rejected.isEmpty()) {
      rejectingSince = now;
    }
    boolean different = rejected.size() < MAX_REJECTIONS && rejected.add(request);
    if (different && refused.incrementAndGet() > WINDOW) {
      forgetHalf();
    }
    return rejected.size() >= MIN_REJECTIONS && !isAvoided(now);
  }

  /** Returns when the row of refusals began. */
  synchronized long rejectingSince() {
    return rejectingSince;
  }

  /**
   * Ejects the endpoint for the model if the last row of refusals is longer than chance explains.
   *
   * @param others the requests at the endpoints that have answered since the row began
   * @return for how long it is ejected; empty if it is not
   */
  synchronized Optional<Duration> ejects(Rate others, long now) {
    double refusals = others.refusals();
    if (others.answered() == 0
        || refusals > MAX_RATE
        || rejected.size() < required(refusals)
        || isAvoided(now)) {
      return Optional.empty();
    }
    Duration doubled = FIRST_EJECTION.multipliedBy(1L << Math.min(ejections++, MAX_DOUBLINGS));
    Duration time = Durations.min(doubled, MAX_EJECTION);
    avoid(now, time);
    return Optional.of(time);
  }

  /**
   * Returns how many requests an endpoint that refuses this part of them never refuses in a row.
   */
  private static int required(double refusals) {
    double row = refusals == 0 ? 0 : Math.log(BY_CHANCE) / Math.log(refusals);
    return Math.max(MIN_REJECTIONS, (int) Math.ceil(row));
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

  /** Returns the recent requests; none if no request was answered since a moment. */
  Rate rateSince(long moment) {
    boolean answers = everSucceeded && lastSuccess - moment >= 0;
    return answers ? new Rate(answered.get(), refused.get()) : Rate.NONE;
  }
}
