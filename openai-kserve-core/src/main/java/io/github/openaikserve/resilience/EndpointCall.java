package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.CauseAwareSubscription;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.resilience.CallOutcome;
import io.github.openaikserve.internal.resilience.Reasons;
import io.github.openaikserve.kserve.InferResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call at one endpoint. Reports its outcome to the endpoint once. Used once.
 * Thread-safe.
 */
final class EndpointCall
    implements Flow.Publisher<InferResponse>,
        Flow.Subscriber<InferResponse>,
        CauseAwareSubscription {
  private enum State {
    RUNNING,
    ENDED,
    /** Cancelled, or a failure was reported after the end. No further outcome is recorded. */
    CLOSED
  }

  private final ManagedEndpoint endpoint;
  private final InferCall call;
  private final Attempts attempts;
  private final long startedAt;
  private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);

  // Written before the first signal.
  private Flow.@Nullable Subscriber<? super InferResponse> subscriber;
  private Flow.@Nullable Subscription upstream;

  private volatile boolean answered;
  private volatile boolean empty;

  /**
   * Creates an attempt.
   *
   * @param endpoint the endpoint, which has already counted the call as in flight
   */
  EndpointCall(ManagedEndpoint endpoint, InferCall call, Attempts attempts) {
    this.endpoint = endpoint;
    this.call = call;
    this.attempts = attempts;
    this.startedAt = endpoint.nanoTime();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
    try {
      endpoint.backend().infer(call).subscribe(this);
    } catch (Throwable e) {
      end(State.CLOSED, CallOutcome.IGNORED, "");
      throw e;
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    upstream = subscription;
    downstream().onSubscribe(this);
  }

  @Override
  public void onNext(InferResponse response) {
    endpoint.onResponse();
    if (!answered) {
      empty = response.outputs().isEmpty();
      answered = true;
    }
    downstream().onNext(response);
  }

  @Override
  public void onError(Throwable failure) {
    attempts.failedAt(endpoint);
    end(State.ENDED, outcome(failure), Reasons.of(failure));
    downstream().onError(atEndpoint(failure));
  }

  private Throwable atEndpoint(Throwable failure) {
    return failure instanceof BackendException backend
        ? backend.withEndpoint(endpoint.address())
        : failure;
  }

  /**
   * Returns the outcome of a failure. A server that cancels a call after its time limit has behaved
   * correctly.
   */
  private CallOutcome outcome(Throwable failure) {
    boolean cancelled =
        failure instanceof BackendException backend
            && backend.backendCode() == BackendCode.CANCELLED;
    return cancelled && isTimeOver() ? CallOutcome.IGNORED : CallOutcome.of(failure);
  }

  private boolean isTimeOver() {
    Duration timeout = call.timeout();
    return timeout != null
        && Duration.ofNanos(endpoint.nanoTime() - startedAt).compareTo(timeout) >= 0;
  }

  @Override
  public void onComplete() {
    boolean isEmpty = !answered || empty;
    end(State.ENDED, isEmpty ? CallOutcome.REJECTED : CallOutcome.SUCCESS, "an empty answer");
    downstream().onComplete();
  }

  private Flow.Subscriber<? super InferResponse> downstream() {
    return Objects.requireNonNull(subscriber);
  }

  @Override
  public void request(long n) {
    Objects.requireNonNull(upstream).request(n);
  }

  @Override
  public void cancel() {
    // Runs first, so that the server's reaction to the cancellation is not recorded.
    boolean first = state.compareAndSet(State.RUNNING, State.CLOSED);
    try {
      Objects.requireNonNull(upstream).cancel();
    } finally {
      if (first) {
        CallOutcome outcome = answered && !empty ? CallOutcome.ANSWERED : CallOutcome.IGNORED;
        endpoint.onCallEnd(call, outcome, "");
      }
    }
  }

  @Override
  public void cancel(OpenAiException reason) {
    State before = state.getAndSet(State.CLOSED);
    if (before == State.CLOSED) {
      return;
    }
    try {
      CauseAwareSubscription.cancel(Objects.requireNonNull(upstream), reason);
    } finally {
      if (before == State.RUNNING) {
        endpoint.onCallEnd(call, outcomeOfCancellation(reason), Reasons.of(reason));
      } else {
        endpoint.judge(call, outcomeOfCancellation(reason), Reasons.of(reason));
      }
    }
  }

  /**
   * Returns the outcome of a cancellation by this service. Some servers reject a request with a
   * response without tensors.
   */
  private CallOutcome outcomeOfCancellation(OpenAiException reason) {
    return answered && empty && reason instanceof DialectException
        ? CallOutcome.REJECTED
        : CallOutcome.ofCancellation(reason);
  }

  private void end(State next, CallOutcome outcome, String reason) {
    if (state.compareAndSet(State.RUNNING, next)) {
      endpoint.onCallEnd(call, outcome, reason);
    }
  }
}
