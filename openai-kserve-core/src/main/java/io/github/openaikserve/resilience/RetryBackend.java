package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A backend that retries calls that fail before their first response. Thread-safe.
 *
 * <p>Wraps the backend of a single server. {@link BalancedBackend} has its own retries, which
 * prefer another endpoint. A call is retried if the server was UNAVAILABLE or cancelled the call,
 * and the call is {@link InferCall#retryable}. Each attempt receives the remaining time of the
 * call's timeout. If the server requests a delay longer than the remaining time or the maximum
 * backoff, the call fails with the server's error, which carries the delay.
 */
public final class RetryBackend extends ForwardingBackend {
  private final Retries retries;

  private RetryBackend(InferenceBackend backend, Retries retries) {
    super(backend);
    this.retries = retries;
  }

  /** Returns a backend that retries the calls of another one. */
  public static RetryBackend around(InferenceBackend backend, RetryPolicy policy) {
    return around(backend, policy, Scheduler.SHARED);
  }

  /**
   * Returns a backend that retries the calls of another one and uses {@code scheduler} for its
   * delays.
   */
  public static RetryBackend around(
      InferenceBackend backend, RetryPolicy policy, Scheduler scheduler) {
    Objects.requireNonNull(backend, "backend");
    return new RetryBackend(backend, new Retries(policy, scheduler, new SingleTarget(backend)));
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return retries.call(call);
  }

  @Override
  public void close() {
    retries.close();
    super.close();
  }

  private record SingleTarget(InferenceBackend backend) implements Retries.Target {
    @Override
    public CompletableFuture<Attempt> next(
        InferCall call, @Nullable Duration left, Retries.Attempts attempts) {
      return CompletableFuture.completedFuture(
          attempt -> Objects.requireNonNull(backend.infer(attempt), "no publisher was returned"));
    }

    @Override
    public boolean hasAlternative(InferCall call, Retries.Attempts attempts) {
      return false;
    }

    @Override
    public void retried(Retries.Attempts attempts) {}
  }
}
