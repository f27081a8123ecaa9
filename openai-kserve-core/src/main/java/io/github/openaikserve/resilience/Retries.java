package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.internal.concurrent.Guarded;
import io.github.openaikserve.internal.resilience.RetryBudget;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The retry logic of one backend: which failures are retried, when, and how often. Thread-safe. */
final class Retries implements AutoCloseable {
  /** The retry delay that callers receive if all attempts have failed and the server sent none. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final RetryPolicy policy;
  private final Scheduler scheduler;
  private final Target target;

  /**
   * Connection failures and reported failures have separate budgets. A caller can cause the second
   * kind and must not use up the budget of other callers.
   */
  private final RetryBudget connectionBudget;

  private final RetryBudget reportedBudget;

  /** The calls that wait for their next attempt. */
  private final Set<RetryCall> waiting = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  Retries(RetryPolicy policy, Scheduler scheduler, Target target) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    this.target = target;
    this.connectionBudget = new RetryBudget(policy.maxTokens(), policy.tokenRatio());
    this.reportedBudget = new RetryBudget(policy.maxTokens(), policy.tokenRatio());
  }

  Flow.Publisher<InferResponse> call(InferCall call) {
    return new RetryCall(this, Objects.requireNonNull(call, "call"));
  }

  Target target() {
    return target;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  void onSuccess() {
    connectionBudget.onSuccess();
    reportedBudget.onSuccess();
  }

  /**
   * Returns the delay before the next attempt; empty if the call is not retried.
   *
   * @param made the number of attempts so far
   * @param left the remaining time of the call's timeout; null for no limit
   */
  Optional<Duration> delay(
      InferCall call, Throwable failure, int made, @Nullable Duration left, Attempts attempts) {
    if (closed
        || made >= policy.maxAttempts()
        || !call.retryable()
        || !(failure instanceof BackendException backend)
        || !isRetryable(backend)) {
      return Optional.empty();
    }
    Duration pushback = backend.retryAfter();
    boolean alternative = target.hasAlternative(call, attempts);
    Duration delay = alternative ? Duration.ZERO : pushback == null ? backoff(made) : pushback;
    boolean tooLong =
        delay.compareTo(policy.maxBackoff()) > 0
            || (!alternative && attempts.isExhausted(scheduler.nanoTime() + delay.toNanos()));
    if (tooLong || (left != null && delay.compareTo(left) >= 0)) {
      return Optional.empty();
    }
    RetryBudget budget = backend.saidByServer() ? reportedBudget : connectionBudget;
    return budget.tryAcquire() ? Optional.of(delay) : Optional.empty();
  }

  /** Registers a call that waits for its next attempt. */
  void addWaiting(RetryCall call) {
    waiting.add(call);
    if (closed) {
      call.onClose();
    }
  }

  void removeWaiting(RetryCall call) {
    waiting.remove(call);
  }

  /** Fails the calls that wait for their next attempt. No call is retried after that. */
  @Override
  public void close() {
    closed = true;
    Guarded.forEach(waiting, "ending a call", RetryCall::onClose);
  }

  /** Returns a random backoff, so that calls that failed together are not retried together. */
  private Duration backoff(int made) {
    Duration grown = policy.initialBackoff().multipliedBy(1L << (made - 1));
    Duration most = grown.compareTo(policy.maxBackoff()) < 0 ? grown : policy.maxBackoff();
    return Duration.ofNanos(
        ThreadLocalRandom.current().nextLong(most.toNanos() / 2, most.toNanos() + 1));
  }

  static BackendException outOfTime() {
    return new BackendException(
        BackendCode.DEADLINE_EXCEEDED, "The model server did not answer in time.");
  }

  static BackendException closedBackend() {
    return new BackendException(BackendCode.UNAVAILABLE, "The backend is closed.");
  }

  /**
   * Returns whether a failure can be retried. CANCELLED comes from a server that is shutting down:
   * a caller that cancels receives no failure.
   */
  private static boolean isRetryable(BackendException failure) {
    return failure.backendCode() == BackendCode.UNAVAILABLE
        || (failure.backendCode() == BackendCode.CANCELLED && !failure.saidByServer());
  }

  /** Returns the failure to report for a call that is not retried. */
  static Throwable conclusive(Throwable failure) {
    if (failure instanceof BackendException backend
        && backend.backendCode() == BackendCode.UNAVAILABLE
        && backend.retryAfter() == null) {
      return backend.withRetryAfter(RETRY_AFTER);
    }
    return failure;
  }

  /**
   * The failed attempts of one call, and the time it has waited for an endpoint. One instance per
   * call. Thread-safe.
   */
  static final class Attempts {
    private static final Duration MAX_WAIT = Duration.ofSeconds(1);

    private volatile List<ManagedEndpoint> failed = List.of();
    private volatile boolean exhausted;

    // Guarded by this.
    private boolean waiting;
    private long waitingSince;

    synchronized void failedAt(ManagedEndpoint endpoint) {
      List<ManagedEndpoint> all = new ArrayList<>(failed);
      all.add(endpoint);
      failed = List.copyOf(all);
      // The attempt was sent. After a connection that was lost later, the call may wait again.
      waiting = false;
    }

    /** Records that the source has reported nothing in time, so no attempt waits again. */
    void exhaust() {
      exhausted = true;
    }

    /**
     * Returns how much longer the call may wait for a reachable endpoint: one second from the first
     * wait after the last attempt was sent, including backoffs. Zero or negative after that.
     */
    synchronized Duration waitLeft(long now) {
      if (!waiting) {
        waiting = true;
        waitingSince = now;
      }
      return MAX_WAIT.minusNanos(now - waitingSince);
    }

    /** Returns whether no further attempt is made at the given time. */
    synchronized boolean isExhausted(long moment) {
      return exhausted || (waiting && moment - waitingSince >= MAX_WAIT.toNanos());
    }

    boolean isEmpty() {
      return failed.isEmpty();
    }

    boolean hasFailedAt(ManagedEndpoint endpoint) {
      return failed.contains(endpoint);
    }

    /** Returns the endpoint of the last failed attempt; empty if no attempt reached an endpoint. */
    Optional<ManagedEndpoint> last() {
      List<ManagedEndpoint> all = failed;
      return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }
  }

  /** The destination of a call's attempts. Thread-safe. */
  interface Target {
    /** An attempt at a selected endpoint. */
    interface Attempt {
      /**
       * Returns the call to the endpoint; the caller subscribes immediately. Null if the endpoint
       * was removed after it was selected, so another one must be selected.
       */
      Flow.@Nullable Publisher<InferResponse> make(InferCall call);
    }

    /**
     * Returns a future of the next attempt. It may wait until an endpoint can be reached.
     *
     * @param left the maximum wait; null for the default
     * @return fails with the reason why the call cannot be sent anywhere
     */
    CompletableFuture<Attempt> next(InferCall call, @Nullable Duration left, Attempts attempts);

    /** Returns whether an endpoint is available at which no attempt has failed. */
    boolean hasAlternative(InferCall call, Attempts attempts);

    /** Called when the call is retried. */
    void retried(Attempts attempts);
  }
}
