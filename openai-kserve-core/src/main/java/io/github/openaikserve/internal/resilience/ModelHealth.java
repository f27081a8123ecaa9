package io.github.openaikserve.internal.resilience;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one endpoint to the requests for each model. Thread-safe.
 *
 * <p>A server that rejects one request is usually right. A server that rejects many different
 * requests in a row, while other endpoints answer, is broken. Without ejection it would attract all
 * traffic, because a rejection takes no time. If the other endpoints also reject many requests,
 * because callers send invalid ones, a longer run of rejections is required.
 */
public final class ModelHealth {
  /** The maximum number of models whose answers are tracked. */
  private static final int MAX_MODELS = 1024;

  /** The minimum number of different requests that must be rejected in a row. */
  private static final int MIN_REJECTIONS = 5;

  /** The probability below which a run of rejections is not attributed to chance. */
  private static final double BY_CHANCE = 1e-6;

  /**
   * The rejection rate of the other endpoints above which no run of rejections leads to an
   * ejection.
   */
  private static final double MAX_RATE = 0.9;

  /** The longest run of rejections that is ever required. */
  private static final int MAX_REJECTIONS = required(MAX_RATE);

  /** The number of recent requests that are counted to compare endpoints. */
  private static final int WINDOW = 256;

  private static final Duration UNAVAILABLE_FOR = Duration.ofSeconds(1);
  private static final Duration FIRST_EJECTION = Duration.ofSeconds(10);
  private static final Duration MAX_EJECTION = Duration.ofMinutes(5);
  private static final int MAX_DOUBLINGS = 5;

  /**
   * The numbers of answered and rejected requests for a model at one or more endpoints. Immutable.
   */
  public record Rate(int answered, int refused) {
    public static final Rate NONE = new Rate(0, 0);

    public Rate plus(Rate other) {
      return new Rate(answered + other.answered, refused + other.refused);
    }

    private double refusals() {
      return refused == 0 ? 0 : (double) refused / (answered + refused);
    }
  }

  /** The other endpoints that serve the same models. */
  public interface Siblings {
    /** Returns the recent requests for a model at those that have answered one since a moment. */
    Rate rateSince(String model, long moment);
  }

  private final Siblings siblings;
  private final Map<String, Answers> models = new ConcurrentHashMap<>();

  /** Creates the health of models that have received no request. */
  public ModelHealth(Siblings siblings) {
    this.siblings = siblings;
  }

  /** Returns whether calls for a model prefer other endpoints. */
  public boolean isAvoided(String model, long now) {
    Answers known = models.get(model);
    return known != null && known.isAvoided(now);
  }

  /** Records an answer. */
  public void onSuccess(String model, long now) {
    Answers known = known(model);
    if (known != null) {
      known.onSuccess(now);
    }
  }

  /**
   * Records that the server reported the model as unavailable. Other endpoints are then preferred.
   */
  public void onUnavailable(String model, long now) {
    Answers known = known(model);
    if (known != null) {
      known.onUnavailable(now);
    }
  }

  /**
   * Records a rejection. Ejects the endpoint for the model if the current run of rejections is too
   * long to be chance.
   *
   * @param request a hash that distinguishes requests
   * @return the ejection time; empty if the endpoint is not ejected
   */
  public Optional<Duration> onRejected(String model, int request, long now) {
    Answers known = known(model);
    return known != null && known.onRejected(request, now)
        ? known.ejects(siblings.rateSince(model, known.rejectingSince()), now)
        : Optional.empty();
  }

  /**
   * Returns the recent requests for a model; {@link Rate#NONE} if no request was answered since a
   * moment.
   */
  public Rate rateSince(String model, long moment) {
    Answers known = models.get(model);
    return known == null ? Rate.NONE : known.rateSince(moment);
  }

  /** Returns the answers for a model; null if too many models are known. */
  private @Nullable Answers known(String model) {
    Answers known = models.get(model);
    return known == null && models.size() < MAX_MODELS
        ? models.computeIfAbsent(model, unseen -> new Answers())
        : known;
  }

  /**
   * Returns the length of a run of rejections that is not attributed to chance at the given
   * rejection rate.
   */
  private static int required(double refusals) {
    double row = refusals == 0 ? 0 : Math.log(BY_CHANCE) / Math.log(refusals);
    return Math.max(MIN_REJECTIONS, (int) Math.ceil(row));
  }

  /** The answers to the requests for one model. Thread-safe. */
  private static final class Answers {
    /** The numbers of recent requests that were answered and rejected. */
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

    /**
     * Records that the server reported the model as unavailable. Other endpoints are then
     * preferred.
     */
    synchronized void onUnavailable(long now) {
      clean = false;
      avoid(now, UNAVAILABLE_FOR);
    }

    /**
     * Records a rejection.
     *
     * @param request a hash that distinguishes requests
     * @return whether {@link #ejects} must be called to compare the other endpoints
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

    /** Returns when the current run of rejections began. */
    synchronized long rejectingSince() {
      return rejectingSince;
    }

    /**
     * Ejects the endpoint for the model if the current run of rejections is too long to be chance.
     *
     * @param others the requests at the endpoints that have answered since the run began
     * @return the ejection time; empty if the endpoint is not ejected
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

    private void avoid(long now, Duration time) {
      long until = now + time.toNanos();
      if (!avoided || until - avoidedUntil > 0) {
        avoidedUntil = until;
      }
      avoided = true;
    }

    /** Returns whether calls for the model prefer other endpoints. */
    boolean isAvoided(long now) {
      if (!avoided) {
        return false;
      }
      synchronized (this) {
        avoided = avoidedUntil - now > 0;
        return avoided;
      }
    }

    /**
     * Returns the recent requests; {@link Rate#NONE} if no request was answered since a point in
     * time.
     */
    Rate rateSince(long moment) {
      boolean answers = everSucceeded && lastSuccess - moment >= 0;
      return answers ? new Rate(answered.get(), refused.get()) : Rate.NONE;
    }
  }
}
