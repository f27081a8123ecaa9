package io.github.openaikserve.internal.flow;

import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Lets a thread wait for one value after the other. One reading thread; {@link #fail} and {@link
 * #cancel} may be called by any.
 *
 * @param <T> what is read
 */
public final class BlockingSubscriber<T> implements Flow.Subscriber<T> {
  private static final Object END = new Object();

  private final BlockingQueue<Object> signals = new LinkedBlockingQueue<>();
  private final int window;
  private volatile Flow.@Nullable Subscription subscription;
  private @Nullable Object last;
  private int taken;

  /**
   * A subscriber that holds no more than {@code window} values that were not read yet.
   *
   * @param window at least 1
   */
  public BlockingSubscriber(int window) {
    this.window = window;
  }

  /**
   * The next value; null at the end, and ever after.
   *
   * @throws ExecutionException whose cause is why there is no next value, and ever after
   */
  @SuppressWarnings("unchecked")
  public @Nullable T next() throws InterruptedException, ExecutionException {
    Object signal = last == null ? signals.take() : last;
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

  /** Ends the reading with a failure, after what was received already. */
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
