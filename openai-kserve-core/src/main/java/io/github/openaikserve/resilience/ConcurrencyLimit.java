package io.github.openaikserve.resilience;

import java.time.Duration;
import java.util.Objects;

/**
 * How many calls may go on at a time, and what becomes of the others. Immutable.
 *
 * @param max how many go on at a time, at least 1
 * @param queue how many more may wait, first come, first served; 0 for none
 * @param maxWait how long one may wait, positive
 * @param retryAfter what a call that is refused is told to wait before it tries again, positive
 * @param drains whether a cancelled call keeps its place until the server is done with it
 */
public record ConcurrencyLimit(
    int max, int queue, Duration maxWait, Duration retryAfter, boolean drains) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public ConcurrencyLimit {
    if (max < 1) {
      throw new IllegalArgumentException("at least one call has to go on, not " + max);
    }
    if (queue < 0) {
      throw new IllegalArgumentException("a queue has room for none or more, not " + queue);
    }
    Durations.requirePositive("maxWait", maxWait);
    Durations.requirePositive("retryAfter", retryAfter);
  }

  /** So many at a time; as many again may wait, for at most 30 seconds. */
  public static ConcurrencyLimit of(int max) {
    return builder().max(max).queue(max).build();
  }

  /** A builder that has nothing set but its defaults; {@code max} is required. */
  public static Builder builder() {
    return new Builder();
  }

  /** Puts a limit together. Not thread-safe. */
  public static final class Builder {
    private int max;
    private int queue;
    private Duration maxWait = Duration.ofSeconds(30);
    private Duration retryAfter = Duration.ofSeconds(1);
    private boolean drains;

    private Builder() {}

    /** How many go on at a time. */
    public Builder max(int max) {
      this.max = max;
      return this;
    }

    /** How many more may wait; none unless set. */
    public Builder queue(int queue) {
      this.queue = queue;
      return this;
    }

    /** How long one may wait; 30 seconds unless set. A call's own timeout counts as well. */
    public Builder maxWait(Duration maxWait) {
      this.maxWait = Objects.requireNonNull(maxWait, "maxWait");
      return this;
    }

    /** What a call that is refused is told to wait; one second unless set. */
    public Builder retryAfter(Duration retryAfter) {
      this.retryAfter = Objects.requireNonNull(retryAfter, "retryAfter");
      return this;
    }

    /**
     * Keeps a cancelled call's place until the server is done with it, for servers that do not stop
     * when they are told to, such as AnyServe's llama.cpp worker: what it still sends is read and
     * thrown away, in the background, until the call's own timeout at most.
     */
    public Builder drains() {
      this.drains = true;
      return this;
    }

    /**
     * The limit.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public ConcurrencyLimit build() {
      return new ConcurrencyLimit(max, queue, maxWait, retryAfter, drains);
    }
  }
}
