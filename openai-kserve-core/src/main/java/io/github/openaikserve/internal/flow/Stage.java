package io.github.openaikserve.internal.flow;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The logic of a {@link MergeProcessor}: items of numbered sources in, items out, no I/O. Not
 * thread-safe: the processor calls it on one thread at a time.
 *
 * <p>Whatever a method throws fails the stream.
 *
 * @param <I> an item of a source
 * @param <O> an item of the stream
 */
public interface Stage<I, O> {
  /**
   * Receives where to emit. Called once, before anything else.
   *
   * @param output accepts any number of items during any call of this stage
   */
  void onStart(Consumer<? super O> output);

  /**
   * Returns what runs this stage and signals its subscriber; null for the threads that deliver and
   * request items, which must not be kept.
   */
  default @Nullable Executor executor() {
    return null;
  }

  /** Processes an item of a source. */
  void onNext(int source, I item);

  /** Returns whether the rest of a source is not needed: the source is cancelled and completes. */
  default boolean isDone(int source) {
    return false;
  }

  /**
   * Returns what continues a source of which the rest is not needed, in its place; null for
   * nothing, so that the source completes. Called after {@link #isDone} was true.
   */
  default Flow.@Nullable Publisher<? extends I> continuation(int source) {
    return null;
  }

  /** Processes the completion of a source. Called once for each source, unless the stream fails. */
  void onSourceComplete(int source);

  /**
   * Processes the completion of all sources, before {@link #onComplete}.
   *
   * @return what the rest of the stream waits for, however it ends; null for nothing
   */
  default @Nullable CompletableFuture<?> onCompleting() {
    return null;
  }

  /** Ends the stream, after all sources and what {@link #onCompleting} returned. */
  default void onComplete() {}

  /**
   * Processes the failure of a source or of this stage. Called at most once, in place of {@link
   * #onComplete}; not called if nothing was processed before.
   *
   * @return the failure to signal; null to complete the stream instead
   */
  default @Nullable Throwable onError(Throwable failure) {
    return failure;
  }

  /** Emits what was held to be emitted together: the subscriber waits and no item is there. */
  default void flush() {}

  /** Receives a {@link MergeProcessor#heartbeat heartbeat} while the subscriber waits. */
  default void onIdle() {}

  /**
   * Receives the end of the stream, exactly once, before the subscriber does.
   *
   * @param failure why it failed; null if it completed or was cancelled
   */
  default void onTerminate(@Nullable Throwable failure, boolean cancelled) {}
}
