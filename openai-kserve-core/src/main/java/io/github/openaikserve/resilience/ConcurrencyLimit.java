package io.github.openaikserve.resilience;

import io.github.openaikserve.internal.resilience.Durations;
import java.time.Duration;
import java.util.Objects;

/**
 * A limit on concurrent calls, with a queue for further calls. Immutable.
 *
 * @param max the maximum number of concurrent calls, at least 1
 * @param queue the maximum number of waiting calls; 0 to reject further calls immediately
 * @param maxWait the maximum time in the queue, positive
 * @param retryAfter the time after which a rejected caller may retry, positive
 * @param holdUntilDone whether a cancelled call holds its permit until the server has completed it
 */
public record ConcurrencyLimit(
    int max, int queue, Duration maxWait, Duration retryAfter, boolean holdUntilDone) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public ConcurrencyLimit {
    if (max < 1) {
      throw new IllegalArgumentException("max must be at least 1, was " + max);
    }
    if (queue < 0) {
      throw new IllegalArgumentException("queue must not be negative, was " + queue);
    }
    Durations.requirePositive("maxWait", maxWait);
    Durations.requirePositive("retryAfter", retryAfter);
  }

  /**
   * Returns a limit of {@code max} concurrent calls and {@code max} calls that wait for up to 30
   * seconds.
   */
  public static ConcurrencyLimit of(int max) {
    return builder().max(max).queue(max).build();
  }

  /** Returns a builder. {@code max} is required. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder of limits. Not thread-safe. */
  public static final class Builder {
    private int max;
    private int queue;
    private Duration maxWait = Duration.ofSeconds(30);
    private Duration retryAfter = Duration.ofSeconds(1);
    private boolean holdUntilDone;

    private Builder() {}

    /** Sets the maximum number of concurrent calls. */
    public Builder max(int max) {
      this.max = max;
      return this;
    }

    /** Sets the maximum number of waiting calls (default: 0). */
    public Builder queue(int queue) {
      this.queue = queue;
      return this;
    }

    /** Sets the maximum time in the queue (default: 30s). The call's own time limit applies too. */
    public Builder maxWait(Duration maxWait) {
      this.maxWait = Objects.requireNonNull(maxWait, "maxWait");
      return this;
    }

    /** Sets the time after which a rejected caller may retry (default: 1s). */
    public Builder retryAfter(Duration retryAfter) {
      this.retryAfter = Objects.requireNonNull(retryAfter, "retryAfter");
      return this;
    }

    /**
     * Holds the permit of a cancelled call until the server has completed the call. Intended for
     * servers that ignore cancellation, such as AnyServe's llama.cpp worker. The remaining
     * responses are read and discarded in the background, at most until the call's time limit.
     */
    public Builder holdUntilDone() {
      this.holdUntilDone = true;
      return this;
    }

    /**
     * Builds the limit.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public ConcurrencyLimit build() {
      return new ConcurrencyLimit(max, queue, maxWait, retryAfter, holdUntilDone);
    }
  }
}
