package io.github.openaikserve.internal.flow;

import io.github.openaikserve.internal.concurrent.Futures;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber from which one thread takes items and waits for each. {@link #fail} and {@link
 * #cancel} may be called from any thread.
 *
 * @param <T> an item
 */
public final class BlockingSubscriber<T> implements Flow.Subscriber<T> {
  private static final Object END = new Object();

  private final BlockingQueue<Object> signals = new LinkedBlockingQueue<>();
  private final int window;
  private volatile Flow.@Nullable Subscription subscription;
  private @Nullable Object last;
  private int taken;

  /**
   * Creates a subscriber that buffers at most {@code window} items.
   *
   * @param window at least 1
   */
  public BlockingSubscriber(int window) {
    this.window = window;
  }

  /**
   * Returns the next item; null after the end, also when called again.
   *
   * @throws ExecutionException if the stream failed, also when called again; the cause is the
   *     failure
   * @throws IllegalStateException if no item is available and the current thread runs a
   *     continuation of a call, where the wait might never end
   */
  @SuppressWarnings("unchecked")
  public @Nullable T next() throws InterruptedException, ExecutionException {
    Object signal = last == null ? take() : last;
    if (signal == END) {
      last = signal;
      return null;
    }
    if (signal instanceof Failure failure) {
      last = signal;
      throw new ExecutionException(failure.cause());
    }
    refill();
    return (T) signal;
  }

  private Object take() throws InterruptedException {
    Object signal = signals.poll();
    if (signal != null) {
      return signal;
    }
    if (Futures.isInContinuation()) {
      throw Futures.blocked();
    }
    return signals.take();
  }

  /** Fails the stream after the items already received. */
  public void fail(Throwable failure) {
    signals.add(new Failure(failure));
  }

  /** Cancels the subscription, if there is one. */
  public void cancel() {
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
  }

  private void refill() {
    taken++;
    Flow.Subscription current = subscription;
    if (2 * taken >= window && current != null) {
      int more = taken;
      taken = 0;
      current.request(more);
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = Objects.requireNonNull(subscription, "subscription");
    subscription.request(window);
  }

  @Override
  public void onNext(T item) {
    signals.add(Objects.requireNonNull(item, "item"));
  }

  @Override
  public void onError(Throwable failure) {
    fail(Objects.requireNonNull(failure, "failure"));
  }

  @Override
  public void onComplete() {
    signals.add(END);
  }

  private record Failure(Throwable cause) {}
}
