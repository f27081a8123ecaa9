package io.github.openaikserve.httpclient;

import io.github.openaikserve.internal.flow.DrainLoop;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A relay of a response body to its {@link HttpResponse.BodySubscriber}. An executor calls the
 * subscriber, one signal at a time. The subscriber's demand bounds the queue. Thread-safe.
 */
final class BodyRelay implements Flow.Subscriber<ByteBuffer>, Flow.Subscription {
  private final HttpResponse.BodySubscriber<?> subscriber;
  private final Consumer<@Nullable Throwable> onEnd;
  private final DrainLoop loop;
  private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile Flow.@Nullable Subscription upstream;
  private volatile @Nullable Throwable failure;
  private volatile boolean completed;
  private volatile boolean cancelled;

  // Accessed only by the drain loop.
  private boolean subscribed;
  private boolean finished;

  /**
   * Creates a relay that waits for its subscription.
   *
   * @param onEnd runs when the rest of the body is not needed, with the exception that the
   *     subscriber threw or null; may run more than once
   */
  BodyRelay(
      HttpResponse.BodySubscriber<?> subscriber,
      Executor executor,
      Consumer<@Nullable Throwable> onEnd) {
    this.subscriber = subscriber;
    this.onEnd = onEnd;
    this.loop = new DrainLoop(this::deliver, executor);
  }

  /** Cancels the body and fails its subscriber, after the buffers already received. */
  void abort(IOException cause) {
    if (ended.compareAndSet(false, true)) {
      failure = cause;
      cancelUpstream();
      run();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    upstream = subscription;
    if (ended.get() || cancelled) {
      subscription.cancel();
    }
    run();
  }

  @Override
  public void onNext(ByteBuffer buffer) {
    buffers.add(buffer.asReadOnlyBuffer());
    run();
  }

  @Override
  public void onError(Throwable cause) {
    if (ended.compareAndSet(false, true)) {
      failure = IoFailure.of(cause);
      run();
    }
  }

  @Override
  public void onComplete() {
    if (ended.compareAndSet(false, true)) {
      completed = true;
      run();
    }
  }

  @Override
  public void request(long n) {
    Flow.Subscription current = upstream;
    if (current != null && !cancelled) {
      current.request(n);
    }
  }

  @Override
  public void cancel() {
    end(null);
  }

  private void end(@Nullable Throwable thrown) {
    cancelled = true;
    cancelUpstream();
    buffers.clear();
    onEnd.accept(thrown);
  }

  private void cancelUpstream() {
    Flow.Subscription current = upstream;
    if (current != null) {
      current.cancel();
    }
  }

  private void run() {
    try {
      loop.run();
    } catch (Throwable e) { // thrown by the application's executor
      // The drain loop never runs again, so only this thread calls the subscriber.
      reject(new IOException("the executor of the HTTP client rejected a task", e));
    }
  }

  private void reject(IOException cause) {
    cancel();
    if (!subscribed) {
      subscriber.onSubscribe(this);
    }
    subscriber.onError(cause);
  }

  /** Passes everything that has arrived to the subscriber. */
  private void deliver() {
    try {
      if (!subscribed) {
        if (upstream == null && failure == null) {
          return;
        }
        subscribed = true;
        subscriber.onSubscribe(this);
      }
      // Read this flag before the queue: all buffers before the end are then in the queue.
      boolean last = completed || failure != null;
      ByteBuffer buffer = buffers.poll();
      for (; buffer != null && !cancelled; buffer = buffers.poll()) {
        subscriber.onNext(List.of(buffer));
      }
      if (last && !cancelled) {
        finish();
      }
    } catch (Throwable e) {
      end(e);
    }
  }

  private void finish() {
    if (finished) {
      return;
    }
    finished = true;
    Throwable cause = failure;
    try {
      if (cause == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(cause);
      }
    } finally {
      onEnd.accept(null);
    }
  }
}
