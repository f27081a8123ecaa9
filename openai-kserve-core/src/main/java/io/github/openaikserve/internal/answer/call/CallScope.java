package io.github.openaikserve.internal.answer.call;

import io.github.openaikserve.backend.CauseAwareSubscription;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.error.ShuttingDownException;
import io.github.openaikserve.internal.concurrent.Guarded;
import io.github.openaikserve.internal.flow.MergeProcessor;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.model.CallFeedback;
import io.github.openaikserve.internal.model.Timeouts;
import io.github.openaikserve.internal.request.CallDescriptor;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The scope of one request and all of its calls: deadline, telemetry, metadata and running calls.
 * Thread-safe.
 */
public final class CallScope implements CallDeadline.Calls {
  private final CallDeadline deadline;
  private final RunningCalls running;
  private final Collection<CauseAwareSubscription> calls = ConcurrentHashMap.newKeySet();
  private volatile @Nullable CallDescriptor request;
  private volatile CallFeedback feedback = CallFeedback.NONE;
  private volatile @Nullable CallTelemetry telemetry;
  private volatile @Nullable MergeProcessor<?, ?> answer;

  /** Why no further call may start: the deadline has passed, or the service shuts down. */
  private volatile @Nullable Throwable abortReason;

  /** Whether the request has ended, so that no further call may start. */
  private volatile boolean over;

  private volatile @Nullable Map<String, String> trace;

  /**
   * Creates the scope of a request that arrives now.
   *
   * @param running the registry of running calls
   */
  public CallScope(Scheduler scheduler, RunningCalls running) {
    this.running = running;
    this.deadline = new CallDeadline(scheduler, this);
  }

  public CallDeadline deadline() {
    return deadline;
  }

  /** Sets the data that is known after the model was found, before any call. */
  public void resolve(
      Timeouts limits,
      Timeouts service,
      CallDescriptor request,
      @Nullable CallTelemetry telemetry) {
    this.request = request;
    this.telemetry = telemetry;
    deadline.limit(limits, service);
  }

  /** Sets the receiver of the calls' outcomes. */
  public void reportTo(CallFeedback feedback) {
    this.feedback = feedback;
  }

  /** Sets the JSON names of the fields that have no effect. */
  public void setDroppedParams(List<String> droppedParams) {
    if (telemetry != null) {
      telemetry.setDroppedParams(droppedParams);
    }
  }

  /** A receiver of the end of an answer, with the usage so far; null if there was no response. */
  public interface Termination {
    void terminated(
        @Nullable Throwable failure, boolean cancelled, @Nullable CompletionUsage usage);
  }

  /** Cancels a call. A response that does not follow its dialect is a failure of the endpoint. */
  public static void cancel(Flow.Subscription call, Throwable failure) {
    if (failure instanceof DialectException reason) {
      CauseAwareSubscription.cancel(call, reason);
    } else {
      call.cancel();
    }
  }

  /** Ends a request that failed before its first call. */
  public void failBeforeCall(Throwable failure) {
    start();
    terminated(failure, false, null, List.of());
  }

  /** Sets the answer of the calls, so that it fails when the deadline passes. */
  public void setAnswer(MergeProcessor<?, ?> processor) {
    answer = processor;
    Throwable reason = abortReason;
    if (reason != null) {
      processor.fail(reason);
    }
  }

  /**
   * Returns a publisher of one call of this request. The call starts on subscription.
   *
   * @param call the encoded call, which is sent with the remaining time and the headers
   * @param streams whether responses arrive one by one
   * @param backend returns the responses to the call that is sent
   */
  public Flow.Publisher<InferResponse> call(
      InferCall call, boolean streams, Function<InferCall, Flow.Publisher<InferResponse>> backend) {
    return subscriber -> {
      if (!running.add(this)) {
        abortReason = new ShuttingDownException();
      }
      if (over) { // cancelled while this call was chosen
        running.remove(this);
        fail(subscriber, new CancellationException("the request has ended"));
        return;
      }
      Map<String, String> trace = start();
      Duration left = deadline.left();
      deadline.begin(streams);
      Throwable reason = abortReason;
      if (reason == null && left != null && (left.isNegative() || left.isZero())) {
        reason = CallDeadline.outOfTime("The time limit of the call has passed.");
      }
      if (reason != null) {
        fail(subscriber, reason);
        return;
      }
      InferCall sent =
          Objects.requireNonNull(request)
              .addTo(call.withTimeout(left), trace)
              .withDeadlineEnforced();
      Flow.Publisher<InferResponse> responses;
      try {
        responses = backend.apply(sent);
      } catch (Throwable e) {
        fail(subscriber, e);
        return;
      }
      responses.subscribe(new Watched(subscriber));
    };
  }

  private static void fail(Flow.Subscriber<? super InferResponse> subscriber, Throwable failure) {
    Publishers.<InferResponse>error(failure).subscribe(subscriber);
  }

  /** Notifies observers of the start, once. Returns the headers that they add. */
  private Map<String, String> start() {
    CallTelemetry current = telemetry;
    if (current == null) {
      return Map.of();
    }
    Map<String, String> headers = trace;
    if (headers == null) {
      headers = current.start();
      trace = headers;
    }
    return headers;
  }

  private void responded() {
    CallTelemetry current = telemetry;
    if (current != null || deadline.needsResponses()) {
      long now = deadline.elapsed();
      deadline.responded(now);
      if (current != null) {
        current.response(now);
      }
    }
  }

  @Override
  public boolean hasBacklog() {
    MergeProcessor<?, ?> current = answer;
    return current != null && current.hasBacklog();
  }

  @Override
  public boolean isRead() {
    MergeProcessor<?, ?> current = answer;
    return current == null || current.isSubscribed();
  }

  @Override
  public void abandon() {
    MergeProcessor<?, ?> current = answer;
    if (current != null) {
      current.close();
    }
  }

  @Override
  public void expire(Throwable failure, boolean serverFailed) {
    abortReason = failure;
    for (CauseAwareSubscription call : calls) {
      if (serverFailed && failure instanceof OpenAiException reason) {
        call.cancel(reason);
      } else {
        call.cancel();
      }
    }
    MergeProcessor<?, ?> current = answer;
    if (current != null) {
      current.fail(failure);
    }
  }

  /**
   * Ends the request: stops the timer and notifies observers. Only the first call has an effect.
   *
   * @param failure the failure; null if the request completed or was cancelled
   * @param usage the token usage; null if unknown
   */
  public void terminated(
      @Nullable Throwable failure,
      boolean cancelled,
      @Nullable CompletionUsage usage,
      List<FinishReason> reasons) {
    over = true;
    deadline.end();
    try {
      report(failure, cancelled, usage, reasons);
    } finally {
      running.remove(this);
    }
  }

  private void report(
      @Nullable Throwable failure,
      boolean cancelled,
      @Nullable CompletionUsage usage,
      List<FinishReason> reasons) {
    CallTelemetry current = telemetry;
    if (current == null) {
      return;
    }
    long now = deadline.elapsed();
    if (cancelled) {
      current.cancelled(now, usage);
    } else if (failure != null) {
      current.failed(now, failure, usage);
    } else {
      current.end(now, usage, reasons);
    }
  }

  /** A relay of the responses of one call that records their arrival. */
  private final class Watched implements Flow.Subscriber<InferResponse>, CauseAwareSubscription {
    private final Flow.Subscriber<? super InferResponse> subscriber;
    private Flow.@Nullable Subscription subscription;
    private boolean answered;

    Watched(Flow.Subscriber<? super InferResponse> subscriber) {
      this.subscriber = subscriber;
    }

    private Flow.Subscription subscription() {
      return Objects.requireNonNull(subscription);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      Objects.requireNonNull(subscription, "subscription");
      if (this.subscription != null) { // the backend violates its contract
        subscription.cancel();
        return;
      }
      this.subscription = subscription;
      calls.add(this);
      if (abortReason != null) {
        cancel(); // aborted before the subscription arrived
      }
      subscriber.onSubscribe(this);
    }

    @Override
    public void onNext(InferResponse response) {
      answered = true;
      responded();
      subscriber.onNext(response);
    }

    @Override
    public void onError(Throwable failure) {
      calls.remove(this);
      if (answered) { // before the first response, CallRecovery queries the server
        feedback.onFailure(failure);
      }
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      calls.remove(this);
      reportAnswer();
      subscriber.onComplete();
    }

    private void reportAnswer() {
      if (answered) {
        feedback.onAnswered();
      }
    }

    @Override
    public void request(long n) {
      subscription().request(n);
    }

    @Override
    public void cancel() {
      calls.remove(this);
      reportAnswer();
      Guarded.run("cancelling a call", subscription()::cancel);
    }

    @Override
    public void cancel(OpenAiException reason) {
      calls.remove(this);
      feedback.onFailure(reason);
      Guarded.run("cancelling a call", () -> CauseAwareSubscription.cancel(subscription(), reason));
    }
  }
}
