package io.github.openaikserve.races;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Numbers that one thread gives as they are asked for, whoever asks and cancels meanwhile. */
final class PacedSource implements Flow.Publisher<Long>, Flow.Subscription {
  private final long first;
  private final long count;
  private final @Nullable Throwable end;
  private final AtomicLong demand = new AtomicLong();
  private volatile Flow.@Nullable Subscriber<? super Long> subscriber;
  private volatile boolean cancelled;
  private volatile boolean ended;
  private long given;

  PacedSource(long first, long count, @Nullable Throwable end) {
    this.first = first;
    this.count = count;
    this.end = end;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Long> subscriber) {
    subscriber.onSubscribe(this);
    this.subscriber = subscriber;
  }

  @Override
  public void request(long n) {
    demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
  }

  @Override
  public void cancel() {
    cancelled = true;
  }

  /** Never begun, or ended, or cancelled: nothing is left of it. */
  boolean isOver() {
    return ended || cancelled || subscriber == null;
  }

  /** Gives the next signal, if it may; false once nothing more will come. */
  boolean step() {
    Flow.Subscriber<? super Long> current = subscriber;
    if (cancelled || ended) {
      return false;
    }
    if (current == null) {
      return true;
    }
    if (given < count) {
      if (demand.get() > 0) {
        demand.decrementAndGet();
        current.onNext(first + given++);
      }
      return true;
    }
    ended = true;
    if (end == null) {
      current.onComplete();
    } else {
      current.onError(end);
    }
    return false;
  }
}
