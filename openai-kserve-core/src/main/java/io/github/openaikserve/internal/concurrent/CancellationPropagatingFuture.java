package io.github.openaikserve.internal.concurrent;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A future that cancels the work behind it when its user completes it early. {@code cancel}, {@code
 * orTimeout}, {@code completeExceptionally}, {@code complete} and {@code completeOnTimeout} cancel
 * the work, on this future or on a stage derived from it. The producer completes the future with
 * {@link #succeed} and {@link #fail}. Thread-safe.
 */
public final class CancellationPropagatingFuture<T> extends CompletableFuture<T> {
  private final @Nullable CancellationPropagatingFuture<?> parent;

  // Guarded by this.
  private @Nullable Runnable work;
  private boolean abandoned;

  /** Creates a future without work to cancel. */
  public CancellationPropagatingFuture() {
    this(null);
  }

  private CancellationPropagatingFuture(@Nullable CancellationPropagatingFuture<?> parent) {
    this.parent = parent;
  }

  /** Returns a future that completes with the source. Cancelling it cancels the source. */
  public static <T> CancellationPropagatingFuture<T> of(CompletableFuture<? extends T> source) {
    var future = new CancellationPropagatingFuture<T>();
    future.follow(source, unwanted -> {});
    return future;
  }

  /**
   * Returns a future that applies an asynchronous function to the value of another future.
   * Completing it early cancels whichever of the two futures is pending.
   *
   * @param next the function; if it throws, the future fails
   * @param onUnwanted receives a value that arrives after the future was completed early
   */
  public static <A, T> CancellationPropagatingFuture<T> compose(
      CompletableFuture<? extends A> first,
      Function<? super A, ? extends CompletableFuture<? extends T>> next,
      Consumer<? super T> onUnwanted) {
    var future = new CancellationPropagatingFuture<T>();
    future.onAbandon(() -> first.cancel(false));
    first.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            future.fail(Futures.cause(failure));
          } else if (!future.isDone()) {
            try {
              future.follow(next.apply(value), onUnwanted);
            } catch (Throwable e) {
              future.fail(e);
            }
          }
        });
    return future;
  }

  private void follow(CompletableFuture<? extends T> source, Consumer<? super T> onUnwanted) {
    onAbandon(() -> source.cancel(false));
    source.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            fail(Futures.cause(failure));
          } else if (!succeed(value)) {
            onUnwanted.accept(value);
          }
        });
  }

  /**
   * Sets the task that cancels the work, replacing an earlier one. It runs when the user completes
   * this future early, or immediately if that has already happened.
   */
  public void onAbandon(Runnable cancel) {
    synchronized (this) {
      work = cancel;
      if (!abandoned) {
        return;
      }
    }
    cancel.run();
  }

  /** Completes this future for the producer. Returns false if it was already completed. */
  public boolean succeed(T value) {
    return super.complete(value);
  }

  /** Fails this future for the producer. Returns false if it was already completed. */
  public boolean fail(Throwable failure) {
    return super.completeExceptionally(failure);
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CancellationPropagatingFuture<>(this);
  }

  @Override
  public boolean complete(T value) {
    return abandonedBy(super.complete(value));
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return abandonedBy(super.completeExceptionally(failure));
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return abandonedBy(super.cancel(mayInterruptIfRunning));
  }

  private boolean abandonedBy(boolean completed) {
    if (completed) {
      abandon();
    }
    return completed;
  }

  private void abandon() {
    Runnable cancel;
    synchronized (this) {
      if (abandoned) {
        return;
      }
      abandoned = true;
      cancel = work;
    }
    if (cancel != null) {
      cancel.run();
    }
    if (parent != null && !parent.isDone()) {
      parent.cancel(false);
    }
  }
}
