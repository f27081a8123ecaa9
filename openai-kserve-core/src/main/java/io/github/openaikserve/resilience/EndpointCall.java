package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ReasonedSubscription;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.kserve.InferResponse;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One attempt at one endpoint, whose end is reported to that endpoint. Used once. */
final class EndpointCall
    implements Flow.Publisher<InferResponse>, Flow.Subscriber<InferResponse>, ReasonedSubscription {
  private enum State {
    RUNNING,
    ENDED,
    /** Cancelled, or a failure was reported after the end: nothing more is learnt from it. */
    CLOSED
  }

  private final ManagedEndpoint endpoint;
  private final InferCall call;
  private final Attempts attempts;
  private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);

  // Written before the first signal.
  private Flow.@Nullable Subscriber<? super InferResponse> subscriber;
  private Flow.@Nullable Subscription upstream;

  private volatile boolean answered;
  private volatile boolean empty;

  EndpointCall(ManagedEndpoint endpoint, InferCall call, Attempts attempts) {
    this.endpoint = endpoint;
    this.call = call;
    this.attempts = attempts;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
    endpoint.onCallStart();
    try {
      endpoint.backend().infer(call).subscribe(this);
    } catch (RuntimeException e) {
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
      answered = true;
      empty = response.outputs().isEmpty();
    }
    downstream().onNext(response);
  }

  @Override
  public void onError(Throwable failure) {
    attempts.failedAt(endpoint);
    end(State.ENDED, CallOutcome.of(failure), Reasons.of(failure));
    downstream().onError(failure);
  }

  @Override
  public void onComplete() {
    boolean hollow = !answered || empty;
    end(State.ENDED, hollow ? CallOutcome.REJECTED : CallOutcome.SUCCESS, "an empty answer");
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
    Objects.requireNonNull(upstream).cancel();
    end(State.CLOSED, answered && !empty ? CallOutcome.SUCCESS : CallOutcome.IGNORED, "");
  }

  @Override
  public void cancel(OpenAiException reason) {
    ReasonedSubscription.cancel(Objects.requireNonNull(upstream), reason);
    CallOutcome outcome = CallOutcome.ofCancellation(reason);
    if (empty && reason instanceof DialectException) {
      outcome = CallOutcome.REJECTED; // some servers refuse a request by an answer without tensors
    }
    String text = Reasons.of(reason);
    if (!end(State.CLOSED, outcome, text) && state.compareAndSet(State.ENDED, State.CLOSED)) {
      endpoint.judge(call, outcome, text);
    }
  }

  private boolean end(State next, CallOutcome outcome, String reason) {
    boolean first = state.compareAndSet(State.RUNNING, next);
    if (first) {
      endpoint.onCallEnd(call, outcome, reason);
    }
    return first;
  }
}
