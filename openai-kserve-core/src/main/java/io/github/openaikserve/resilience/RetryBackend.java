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
 * A backend that makes a call again when it failed before its first response. Thread-safe.
 *
 * <p>For any backend of a single server; {@link BalancedBackend} retries by itself, on another
 * endpoint where there is one. A call is retried when the server was UNAVAILABLE, or cancelled it,
 * and the call is {@link InferCall#retryable}. Each attempt receives what is left of the call's
 * timeout. A server that asks for a longer pause than is left, or than the longest backoff, is not
 * waited for: the call fails with its error, which carries that pause.
 */
public final class RetryBackend extends Decorator {
  private final Retries retries;

  private RetryBackend(InferenceBackend backend, Retries retries) {
    super(backend);
    this.retries = retries;
  }

  /** Returns a backend that retries the calls of another one. */
  public static RetryBackend around(InferenceBackend backend, RetryPolicy policy) {
    return around(backend, policy, Scheduler.SHARED);
  }

  /** Returns a backend that retries the calls of another one, and waits by a scheduler. */
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

  private record SingleTarget(InferenceBackend backend) implements RetryTarget {
    @Override
    public CompletableFuture<Attempt> next(
        InferCall call, @Nullable Duration left, Attempts attempts) {
      return CompletableFuture.completedFuture(backend::infer);
    }

    @Override
    public boolean hasAlternative(InferCall call, Attempts attempts) {
      return false;
    }

    @Override
    public void retried(Attempts attempts) {}
  }
}
