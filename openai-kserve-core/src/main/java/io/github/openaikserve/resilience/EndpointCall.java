package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.CauseAwareSubscription;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.OpenAiException;
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
  private final Retries.Attempts attempts;
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
  EndpointCall(ManagedEndpoint endpoint, InferCall call, Retries.Attempts attempts) {
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
      end(State.CLOSED, Outcome.IGNORED, "");
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
  private Outcome outcome(Throwable failure) {
    boolean cancelled =
        failure instanceof BackendException backend
            && backend.backendCode() == BackendCode.CANCELLED;
    return cancelled && isTimeOver() ? Outcome.IGNORED : Outcome.of(failure);
  }

  private boolean isTimeOver() {
    Duration timeout = call.timeout();
    return timeout != null
        && Duration.ofNanos(endpoint.nanoTime() - startedAt).compareTo(timeout) >= 0;
  }

  @Override
  public void onComplete() {
    boolean isEmpty = !answered || empty;
    end(State.ENDED, isEmpty ? Outcome.REJECTED : Outcome.SUCCESS, "an empty answer");
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
        Outcome outcome = answered && !empty ? Outcome.ANSWERED : Outcome.IGNORED;
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
  private Outcome outcomeOfCancellation(OpenAiException reason) {
    return answered && empty && reason instanceof DialectException
        ? Outcome.REJECTED
        : Outcome.ofCancellation(reason);
  }

  private void end(State next, Outcome outcome, String reason) {
    if (state.compareAndSet(State.RUNNING, next)) {
      endpoint.onCallEnd(call, outcome, reason);
    }
  }

  /**
   * The conclusion that the end of a call allows about its endpoint.
   *
   * <p>A failure that a caller can cause by a request, a time limit or a cancellation never counts
   * as a fault of the endpoint.
   */
  enum Outcome {
    /** The endpoint answered completely. */
    SUCCESS,
    /** The endpoint started to answer, and the caller ended the call. */
    ANSWERED,
    /** The endpoint could not be reached, or the connection was lost. */
    UNREACHABLE,
    /** The endpoint violated the protocol or exceeded a time limit of the service. */
    FAULT,
    /** The server reported that it, or the model, is unavailable. */
    UNAVAILABLE,
    /** The server rejected the request, but the request may not be the cause. */
    REJECTED,
    /** The end shows nothing about the endpoint. */
    IGNORED;

    /** Returns the outcome of a call that ended with a failure, before or after responses. */
    static Outcome of(Throwable failure) {
      if (failure instanceof BackendException backend) {
        return backend.saidByServer() ? reported(backend) : observed(backend);
      }
      return failure instanceof DialectException ? FAULT : IGNORED;
    }

    /**
     * Returns the outcome of a failure that the server reported. Only several such failures
     * together count, and only against one model of the endpoint.
     */
    private static Outcome reported(BackendException failure) {
      return switch (failure.backendCode()) {
        case UNAVAILABLE -> UNAVAILABLE;
        case CANCELLED ->
            FAULT; // a caller that cancels receives no failure, so the server cancelled
        case UNKNOWN,
            INTERNAL,
            DATA_LOSS,
            NOT_FOUND,
            FAILED_PRECONDITION,
            ABORTED,
            UNIMPLEMENTED,
            UNAUTHENTICATED,
            PERMISSION_DENIED ->
            REJECTED;
        default -> IGNORED;
      };
    }

    private static Outcome observed(BackendException failure) {
      return switch (failure.backendCode()) {
        case UNAVAILABLE -> UNREACHABLE;
        case UNKNOWN, INTERNAL, DATA_LOSS, CANCELLED -> FAULT;
        default -> IGNORED;
      };
    }

    /**
     * Returns the outcome of a call that this service cancelled because of the server.
     *
     * @param reason an exceeded time limit of the service, or a response that cannot be decoded
     */
    static Outcome ofCancellation(Throwable reason) {
      return reason instanceof BackendException || reason instanceof DialectException
          ? FAULT
          : IGNORED;
    }
  }
}
