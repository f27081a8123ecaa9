package io.github.openaikserve.internal.engine;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ReasonedSubscription;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.internal.flow.Pipe;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
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
  private final Scheduler scheduler;
  private final @Nullable Observation observation;
  private final Map<String, String> metadata;
  private final boolean readsClock;

  private final Collection<Flow.Subscription> calls = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Pipe<?, ?> pipe;
  private volatile @Nullable BackendException expired;
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

  CallWatch(
      Timeouts timeouts,
      Scheduler scheduler,
      @Nullable Observation observation,
      Map<String, String> metadata) {
    this.timeouts = timeouts;
    this.scheduler = scheduler;
    this.observation = observation;
    this.metadata = metadata;
    this.readsClock = timeouts.betweenTokens() != null || observation != null;
  }

  /** For calls that are not made. */
  static CallWatch none() {
    return new CallWatch(Timeouts.NONE, Scheduler.SHARED, null, Map.of());
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
    BackendException late = expired;
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
   */
  Flow.Publisher<InferResponse> watched(
      InferCall call, boolean streams, Function<InferCall, Flow.Publisher<InferResponse>> making) {
    return Publishers.defer(
        () -> {
          this.streams = streams;
          Duration left = begin(false);
          BackendException late = expired;
          if (late != null || (left != null && (left.isNegative() || left.isZero()))) {
            return Publishers.failed(late == null ? outOfTime("The call's time ran out.") : late);
          }
          Flow.Publisher<InferResponse> made =
              making.apply(call.withTimeout(left).withMetadata(sentAlong(call)));
          return subscriber -> made.subscribe(new Watched(subscriber));
        });
  }

  /** A dialect's own headers are not replaced. */
  private Map<String, String> sentAlong(InferCall call) {
    Map<String, String> all = new HashMap<>(metadata);
    if (observation != null) {
      all.putAll(observation.metadata());
    }
    all.putAll(call.metadata());
    return all;
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
      expire("The model server did not finish its answer in time.", !answered);
    } else if (now < silenceDue()) {
      arm();
    } else if (isBehind()) {
      lastResponse = now; // it is the reader who keeps the server waiting
      arm();
    } else {
      expire(
          answered
              ? "The model server fell silent in the middle of its answer."
              : "The model server did not begin its answer in time.",
          true);
    }
  }

  private boolean isBehind() {
    Pipe<?, ?> current = pipe;
    return answered && current != null && current.isBehind();
  }

  /**
   * Ends the calls.
   *
   * @param blames whether the server is to blame: not where it was answering all the time
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
    Pipe<?, ?> current = pipe;
    if (current != null) {
      current.abort(late);
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
    return true;
  }

  /** Sees the responses of one call pass. */
  private final class Watched implements Flow.Subscriber<InferResponse> {
    private final Flow.Subscriber<? super InferResponse> subscriber;
    private Flow.@Nullable Subscription subscription;

    Watched(Flow.Subscriber<? super InferResponse> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = Objects.requireNonNull(subscription, "subscription");
      calls.add(subscription);
      BackendException late = expired;
      if (late != null) {
        ReasonedSubscription.cancel(subscription, late);
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
