package io.github.openaikserve.resilience;

import io.github.openaikserve.internal.resilience.Durations;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The policy for retrying failed calls. Immutable.
 *
 * <p>A call is retried only before its first response, only if it is retryable, and only if the
 * server was unavailable or cancelled the call. The budget stops retries while most calls fail: a
 * retry takes one token, and a successful call returns {@code tokenRatio} tokens.
 *
 * <p><b>Source:</b> grpc/proposal, A6-client-retries.md (names and budget).
 */
public final class RetryPolicy {
  private static final int MAX_ATTEMPTS = 10;

  private final Values values;

  /** The values of a policy, which decide whether two policies are equal. */
  private record Values(
      int maxAttempts,
      Duration initialBackoff,
      Duration maxBackoff,
      int maxTokens,
      double tokenRatio) {}

  private RetryPolicy(Values values) {
    this.values = values;
  }

  /**
   * Returns the default policy: three attempts, backoff from 50 ms to 1 s, a budget of 100 tokens.
   */
  public static RetryPolicy ofDefaults() {
    return builder().build();
  }

  /**
   * Returns the default policy with another number of attempts; 1 for no retries.
   *
   * @throws IllegalArgumentException if the number is not from 1 to 10
   */
  public static RetryPolicy of(int maxAttempts) {
    return builder().maxAttempts(maxAttempts).build();
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the maximum number of attempts, including the original call. */
  public int maxAttempts() {
    return values.maxAttempts;
  }

  /** Returns the backoff before the first retry on the same endpoint. */
  public Duration initialBackoff() {
    return values.initialBackoff;
  }

  /** Returns the maximum backoff. The backoff doubles on each retry. */
  public Duration maxBackoff() {
    return values.maxBackoff;
  }

  /** Returns the size of the retry budget. */
  public int maxTokens() {
    return values.maxTokens;
  }

  /** Returns the fraction of a token that a successful call returns to the budget. */
  public double tokenRatio() {
    return values.tokenRatio;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RetryPolicy policy && values.equals(policy.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString().replace("Values", "RetryPolicy");
  }

  /** A builder of policies. Not thread-safe. */
  public static final class Builder {
    private int maxAttempts = 3;
    private Duration initialBackoff = Duration.ofMillis(50);
    private Duration maxBackoff = Duration.ofSeconds(1);
    private int maxTokens = 100;
    private double tokenRatio = 0.1;

    private Builder() {}

    /**
     * Sets the maximum number of attempts, including the original call, from 1 to 10 (default: 3).
     */
    public Builder maxAttempts(int attempts) {
      this.maxAttempts = attempts;
      return this;
    }

    /**
     * Sets the backoff before the first retry on the same endpoint (default: 50ms). A retry on
     * another endpoint does not wait.
     */
    public Builder initialBackoff(Duration backoff) {
      this.initialBackoff = Objects.requireNonNull(backoff, "backoff");
      return this;
    }

    /** Sets the maximum backoff (default: 1s). */
    public Builder maxBackoff(Duration backoff) {
      this.maxBackoff = Objects.requireNonNull(backoff, "backoff");
      return this;
    }

    /**
     * Sets the size of the retry budget (default: 100 tokens) and the fraction of a token that a
     * successful call returns (default: 0.1).
     */
    public Builder budget(int maxTokens, double tokenRatio) {
      this.maxTokens = maxTokens;
      this.tokenRatio = tokenRatio;
      return this;
    }

    /**
     * Builds the policy.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public RetryPolicy build() {
      if (maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS) {
        throw new IllegalArgumentException(
            "maxAttempts must be from 1 to " + MAX_ATTEMPTS + ", was " + maxAttempts);
      }
      Durations.requirePositive("initialBackoff", initialBackoff);
      Durations.requirePositive("maxBackoff", maxBackoff);
      if (maxBackoff.compareTo(initialBackoff) < 0) {
        throw new IllegalArgumentException("maxBackoff must not be less than initialBackoff");
      }
      if (maxTokens < 1 || !(tokenRatio >= 0 && tokenRatio <= 1)) {
        throw new IllegalArgumentException(
            "maxTokens must be at least 1 and tokenRatio from 0 to 1, were %d and %s"
                .formatted(maxTokens, tokenRatio));
      }
      return new RetryPolicy(
          new Values(maxAttempts, initialBackoff, maxBackoff, maxTokens, tokenRatio));
    }
  }
}
