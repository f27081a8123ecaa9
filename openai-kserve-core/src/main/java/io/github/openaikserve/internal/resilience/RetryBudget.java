package io.github.openaikserve.internal.resilience;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A token bucket for retries: a retry takes a token, successful calls return tokens. Thread-safe.
 */
public final class RetryBudget {
  private static final int SCALE = 1000;

  private final int max;
  private final int perSuccess;
  private final AtomicInteger available;

  public RetryBudget(int maxTokens, double tokenRatio) {
    this.max = (int) Math.min((long) maxTokens * SCALE, Integer.MAX_VALUE / 2);
    this.perSuccess = (int) (tokenRatio * SCALE);
    this.available = new AtomicInteger(max);
  }

  public void onSuccess() {
    int now = available.get();
    if (now < max) { // while no calls fail, the cost is one read
      available.updateAndGet(tokens -> Math.min(max, tokens + perSuccess));
    }
  }

  /** Takes one token. Returns false if there is none. */
  public boolean tryAcquire() {
    return available.getAndUpdate(tokens -> tokens >= SCALE ? tokens - SCALE : tokens) >= SCALE;
  }
}
