package io.github.openaikserve.internal.flow;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The logic of a {@link MergeProcessor}. It turns items of numbered sources into items of the
 * stream and does no I/O. Not thread-safe: the processor calls it on one thread at a time.
 *
 * <p>An exception of any method fails the stream.
 *
 * @param <I> an item of a source
 * @param <O> an item of the stream
 */
public interface Stage<I, O> {
  /**
   * Receives the output. Called once, before all other methods.
   *
   * @param output accepts any number of items during any call of this stage
   */
  void onStart(Consumer<? super O> output);

  /**
   * Returns the executor that runs this stage and signals its subscriber; null to use the threads
   * that deliver and request items, which must not be blocked.
   */
  default @Nullable Executor executor() {
    return null;
  }

  /** Processes an item of a source. */
  void onNext(int source, I item);

  /** Cancels a source after {@link #onNext} has thrown a failure for one of its items. */
  default void cancel(Flow.Subscription source, Throwable failure) {
    source.cancel();
  }

  /**
   * Returns whether the rest of a source is not needed. If true, the source is cancelled and counts
   * as completed.
   */
  default boolean isDone(int source) {
    return false;
  }

  /**
   * Returns a publisher that replaces a source whose rest is not needed; null if the source
   * completes. Called after {@link #isDone} returned true.
   */
  default Flow.@Nullable Publisher<? extends I> continuation(int source) {
    return null;
  }

  /**
   * Returns a publisher that replaces a source that has failed before its first item; null to fail
   * the stream with that failure. Called again if the replacement fails in the same way, so the
   * stage limits the number of replacements.
   */
  default Flow.@Nullable Publisher<? extends I> onErrorResume(int source, Throwable failure) {
    return null;
  }

  /** Processes the completion of a source. Called once for each source, unless the stream fails. */
  void onSourceComplete(int source);

  /**
   * Processes the completion of all sources, before {@link #onComplete}.
   *
   * @return a future that the rest of the stream waits for, whether it succeeds or fails; null for
   *     none
   */
  default @Nullable CompletableFuture<?> onCompleting() {
    return null;
  }

  /**
   * Processes the end of the stream, after all sources and the future of {@link #onCompleting} have
   * completed.
   */
  default void onComplete() {}

  /**
   * Processes the failure of a source or of this stage. Called at most once, instead of {@link
   * #onComplete}. Not called if nothing was processed before.
   *
   * @return the failure to signal; null to complete the stream instead
   */
  default @Nullable Throwable onError(Throwable failure) {
    return failure;
  }

  /** Emits buffered output. Called when the subscriber waits and no item is available. */
  default void flush() {}

  /** Receives a {@link MergeProcessor#heartbeat heartbeat} while the subscriber waits. */
  default void onIdle() {}

  /**
   * Receives the end of the stream exactly once, before the subscriber receives it.
   *
   * @param failure the failure; null if the stream completed or was cancelled
   */
  default void onTerminate(@Nullable Throwable failure, boolean cancelled) {}
}
