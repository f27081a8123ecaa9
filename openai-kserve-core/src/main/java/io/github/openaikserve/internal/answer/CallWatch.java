package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ReasonedSubscription;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.error.ShuttingDownException;
import io.github.openaikserve.internal.flow.Pipe;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.model.Timeouts;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Watches over one request, however many calls it takes: how long it may go on, what is sent along,
 * and who hears of it. Thread-safe; one per request.
 *
 * <p>It begins when the first of its calls is made. There is one timer at most, which looks when
 * the last response came and waits on: a response costs a reading of the clock, and nothing where
 * nobody needs to know.
 */
final class CallWatch {
  private static final long NEVER = Long.MAX_VALUE;
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final Timeouts timeouts;
  private final Timeouts service;
  private final Scheduler scheduler;
  private final @Nullable CallTelemetry observation;
  private final CallMetadata outgoing;
  private final RunningCalls running;
  private final boolean readsClock;

  private final Collection<Flow.Subscription> calls = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Pipe<?, ?> pipe;
  private volatile @Nullable OpenAiException expired;
  private volatile boolean streams;
  private volatile boolean answered;
  private volatile long lastResponse;

  // Guarded by this.
  private boolean begun;
  private boolean ended;
  private long start;
  private @Nullable Runnable timer;
  private long timerDue = NEVER;
  private long timerNumber;

  /**
   * Creates the watch over one request.
   *
   * @param timeouts how long its calls may take
   * @param service how long the service lets every call take: a server that has not had that time
   *     has not failed, however short the caller's time limit is
   * @param outgoing what its calls carry
   * @param running what it is added to while it runs
   */
  CallWatch(
      Timeouts timeouts,
      Timeouts service,
      Scheduler scheduler,
      @Nullable CallTelemetry observation,
      CallMetadata outgoing,
      RunningCalls running) {
    this.timeouts = timeouts;
    this.service = service;
    this.scheduler = scheduler;
    this.observation = observation;
    this.outgoing = outgoing;
    this.running = running;
    this.readsClock = timeouts.betweenTokens() != null || observation != null;
  }

  /** For calls that are not made. */
  static CallWatch none() {
    return new CallWatch(
        Timeouts.NONE,
        Timeouts.NONE,
        Scheduler.SHARED,
        null,
        CallMetadata.NOTHING,
        new RunningCalls());
  }

  /** What made the request fail before it began. */
  void refused(Throwable failure) {
    begin(true);
    end(failure);
  }

  /** What is known once the request has been looked at. */
  void settled(List<String> droppedParams, @Nullable Choices choices) {
    if (observation != null) {
      observation.settled(droppedParams, choices);
    }
  }

  /** What was used, of an answer without choices. */
  void used(CompletionUsage usage) {
    if (observation != null) {
      observation.used(usage);
    }
  }

  /** Ends the pipe when time runs out. */
  void watch(Pipe<?, ?> pipe) {
    this.pipe = pipe;
    OpenAiException late = expired;
    if (late != null) {
      pipe.abort(late);
    }
  }

  /** Follows an answer to its end. */
  void follow(CompletableFuture<?> answer) {
    answer.whenComplete(
        (done, failure) -> {
          if (answer.isCancelled()) {
            cancelled();
          } else {
            end(failure);
          }
        });
  }

  /**
   * A call of this request, which is begun by its subscription.
   *
   * @param call gets what is left of the time, and the headers to send along
   * @param streams whether responses come one by one, so that the time to the first one counts
   * @param handle receives the subscription
   */
  Flow.Publisher<InferResponse> watched(
      InferCall call,
      boolean streams,
      CallHandle handle,
      Function<InferCall, Flow.Publisher<InferResponse>> making) {
    return Publishers.defer(
        () -> {
          this.streams = streams;
          Duration left = begin(false);
          OpenAiException late = expired;
          if (late != null || (left != null && (left.isNegative() || left.isZero()))) {
            return Publishers.failed(late == null ? outOfTime("The call's time ran out.") : late);
          }
          Map<String, String> trace = observation == null ? Map.of() : observation.metadata();
          InferCall sent = outgoing.addTo(call.withTimeout(left), trace).withDeadlineEnforced();
          Flow.Publisher<InferResponse> made = making.apply(sent);
          return subscriber -> made.subscribe(new Watched(subscriber, handle));
        });
  }

  /** Begins, unless that has happened; what is left of the time, null for no limit. */
  private @Nullable Duration begin(boolean refused) {
    Duration total = timeouts.total();
    long now = scheduler.nanoTime();
    synchronized (this) {
      if (begun) {
        return total == null ? null : total.minusNanos(now - start);
      }
      begun = true;
      start = now;
      if (!refused && !ended && !running.add(this)) {
        expired = new ShuttingDownException();
      }
    }
    if (observation != null) {
      observation.start();
    }
    if (!refused) {
      arm();
    }
    return total;
  }

  /** A response has come. */
  private void responded() {
    boolean first = !answered;
    if (readsClock) {
      long now = elapsed();
      lastResponse = now;
      if (observation != null) {
        observation.response(now);
      }
    }
    if (first) {
      answered = true;
      if (timeouts.betweenTokens() != null) {
        arm();
      }
    }
  }

  /** Nanoseconds since the beginning. */
  private long elapsed() {
    return scheduler.nanoTime() - start;
  }

  /** Has somebody look when it may be too late, unless somebody looks before that. */
  private synchronized void arm() {
    long due = Math.min(nanos(timeouts.total()), silenceDue());
    if (ended || due >= timerDue) {
      return;
    }
    Runnable before = timer;
    if (before != null) {
      before.run();
    }
    timerDue = due;
    long number = ++timerNumber;
    timer = scheduler.schedule(Duration.ofNanos(due - elapsed()), () -> look(number));
  }

  private long silenceDue() {
    if (!answered) {
      return streams ? nanos(timeouts.firstToken()) : NEVER;
    }
    return timeouts.betweenTokens() == null
        ? NEVER
        : Math.min(NEVER - 1, lastResponse + nanos(timeouts.betweenTokens()));
  }

  private static long nanos(@Nullable Duration limit) {
    return limit == null || limit.compareTo(LONGEST) > 0 ? NEVER : limit.toNanos();
  }

  private void look(long number) {
    synchronized (this) {
      if (ended || number != timerNumber) {
        return;
      }
      timerDue = NEVER;
      timer = null;
    }
    long now = elapsed();
    if (now >= nanos(timeouts.total())) {
      boolean hadItsTime = now >= Math.min(nanos(service.total()), nanos(service.firstToken()));
      expire("The model server did not finish its answer in time.", !answered && hadItsTime);
    } else if (now < silenceDue()) {
      arm();
    } else if (isBehind()) {
      lastResponse = now; // it is the reader who keeps the server waiting
      arm();
    } else {
      expireSilent(now);
    }
  }

  private void expireSilent(long now) {
    if (answered) {
      expire(
          "The model server stopped sending in the middle of its answer.",
          now - lastResponse >= nanos(service.betweenTokens()));
    } else {
      expire(
          "The model server did not begin its answer in time.", now >= nanos(service.firstToken()));
    }
  }

  private boolean isBehind() {
    Pipe<?, ?> current = pipe;
    return answered && current != null && current.isBehind();
  }

  /**
   * Ends the calls.
   *
   * @param blames whether the server failed: it did not if it was answering all the time, or if the
   *     caller's time limit was shorter than the service's
   */
  private void expire(String message, boolean blames) {
    BackendException late = outOfTime(message);
    expired = late;
    calls.forEach(
        call -> {
          if (blames) {
            ReasonedSubscription.cancel(call, late);
          } else {
            call.cancel();
          }
        });
    abort(late);
  }

  /** Ends the calls for a reason that is not the server's. */
  void cancel(OpenAiException why) {
    expired = why;
    calls.forEach(Flow.Subscription::cancel);
    abort(why);
  }

  private void abort(Throwable why) {
    Pipe<?, ?> current = pipe;
    if (current != null) {
      current.abort(why);
    }
  }

  private static BackendException outOfTime(String message) {
    return new BackendException(BackendCode.DEADLINE_EXCEEDED, message);
  }

  private void end(@Nullable Throwable failure) {
    if (over() && observation != null) {
      observation.end(elapsed(), failure);
    }
  }

  private void cancelled() {
    if (over() && observation != null) {
      observation.cancelled(elapsed());
    }
  }

  /** Whether it was not over before. */
  private boolean over() {
    Runnable cancel;
    synchronized (this) {
      if (ended) {
        return false;
      }
      ended = true;
      cancel = timer;
      timer = null;
    }
    if (cancel != null) {
      cancel.run();
    }
    running.remove(this);
    return true;
  }

  /** Sees the responses of one call pass. */
  private final class Watched implements Flow.Subscriber<InferResponse> {
    private final Flow.Subscriber<? super InferResponse> subscriber;
    private final CallHandle handle;
    private Flow.@Nullable Subscription subscription;

    Watched(Flow.Subscriber<? super InferResponse> subscriber, CallHandle handle) {
      this.subscriber = subscriber;
      this.handle = handle;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = Objects.requireNonNull(subscription, "subscription");
      calls.add(subscription);
      handle.begun(subscription);
      OpenAiException late = expired;
      if (late != null) {
        subscription.cancel(); // it has only just begun
      }
      subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(InferResponse response) {
      responded();
      subscriber.onNext(response);
    }

    @Override
    public void onError(Throwable failure) {
      forget();
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      forget();
      subscriber.onComplete();
    }

    private void forget() {
      Flow.Subscription current = subscription;
      if (current != null) {
        calls.remove(current);
      }
    }
  }
}
