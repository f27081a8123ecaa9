package io.github.openaikserve.internal.flow;

import io.github.openaikserve.internal.concurrent.Futures;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A publisher that merges the items of one or more sources and passes them through a {@link Stage}.
 * Accepts one subscriber. Thread-safe.
 *
 * <p>Subscribes to a limited number of sources at the same time, and to the next one when one
 * completes. The first failure ends the stream and cancels the other sources, unless the stage
 * replaces the source that failed. The thread that delivers an item processes it. If another thread
 * is already processing, that thread processes the item: a source's thread, the subscriber's in
 * {@code request}, or one that calls {@link #heartbeat} or {@link #fail}. A stage with long
 * computations provides an executor, which then runs all processing.
 *
 * <p>It may be started before it has a subscriber, so that {@link #committed} reports whether it
 * starts successfully. Buffers at most a window of items of each source and the outputs of one
 * item, so a subscriber that requests nothing soon stops the sources.
 *
 * @param <I> an item of a source
 * @param <O> an item of the stream
 */
public final class MergeProcessor<I, O> implements Flow.Publisher<O>, AutoCloseable {
  /** The number of items to request ahead from a single source. */
  static final int WINDOW = 64;

  /** The number of items to request ahead from each of several sources. */
  static final int SHARED_WINDOW = 16;

  private final Stage<I, O> stage;
  private final CompletableFuture<Void> committed = new CompletableFuture<>();
  private final DrainLoop loop;
  private final Emitter<O> emitter;
  private final Sources<I> sources;
  private final AtomicReference<@Nullable Throwable> aborted = new AtomicReference<>();
  private volatile boolean started;
  private volatile boolean heartbeat;

  // Accessed only inside the loop.
  private boolean finished;
  private @Nullable CompletableFuture<?> completing;
  private boolean terminated;
  private @Nullable Throwable error;

  /**
   * Creates a processor. It subscribes to its sources on {@link #start} or on the first subscriber.
   *
   * @param concurrency the maximum number of concurrent sources, at least 1
   */
  public MergeProcessor(
      List<? extends Flow.Publisher<? extends I>> sources, int concurrency, Stage<I, O> stage) {
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency must be at least 1, was " + concurrency);
    }
    this.stage = stage;
    this.loop = new DrainLoop(this::step, stage.executor());
    this.emitter = new Emitter<>(loop);
    int window = sources.size() == 1 ? WINDOW : SHARED_WINDOW;
    this.sources = new Sources<>(sources, concurrency, window, loop, this::accept);
    stage.onStart(emitter::add);
  }

  /** Subscribes to the sources, unless this was already started or closed. */
  public void start() {
    started = true;
    loop.run();
  }

  /**
   * Returns a future that completes when the first item has been processed, or when all sources
   * have completed without an item. It fails if the stream fails before that. Continuations run
   * inside the stream and must not block.
   */
  public CompletableFuture<Void> committed() {
    return committed;
  }

  /**
   * Commits the stream now, unless it is already committed or failed. After that the stage handles
   * every failure, including one before the first item.
   */
  public void commit() {
    if (!committed.isDone()) {
      Futures.complete(() -> committed.complete(null));
    }
  }

  /** Fails the stream if it is not yet committed. Returns whether it did. */
  private boolean failUncommitted(Throwable failure) {
    return !committed.isDone() && Futures.complete(() -> committed.completeExceptionally(failure));
  }

  /** Cancels the sources and fails the stream after the items already received. */
  public void fail(Throwable failure) {
    if (aborted.compareAndSet(null, failure)) {
      loop.run();
    }
  }

  /** Returns whether items are buffered that the subscriber has not requested. */
  public boolean hasBacklog() {
    return !sources.isEmpty();
  }

  /** Returns whether this has a subscriber or was closed. */
  public boolean isSubscribed() {
    return emitter.isSubscribed();
  }

  /** Returns the number of emitted items that is visible to the calling thread. */
  public long emissions() {
    return emitter.emissions();
  }

  /**
   * Notifies the stage that the stream is idle, as soon as the subscriber waits for an item.
   * Several heartbeats before the subscriber's next request are merged into one.
   */
  public void heartbeat() {
    heartbeat = true;
    loop.run();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super O> subscriber) {
    if (emitter.subscribe(subscriber)) {
      start();
    }
  }

  /** Cancels the sources and drops all buffered items. The subscriber receives no more signals. */
  @Override
  public void close() {
    emitter.close();
  }

  private void step() {
    while (!isStopped()) {
      passHeartbeat();
      emitter.emit();
      if (finished) {
        emitter.end(error);
        return;
      }
      boolean blocked = !emitter.isEmpty() && aborted.get() == null;
      if (!(blocked ? completeAwaited() : advance() || flushIfAwaited())) {
        return;
      }
    }
  }

  private boolean isStopped() {
    boolean closed = emitter.checkClosed();
    if (closed) {
      sources.close();
      if (!committed.isDone()) { // a stack trace would be most of the cost of an ended stream
        failUncommitted(new CancellationException("the stream was cancelled"));
      }
      terminate(null, true);
    }
    return closed;
  }

  /** Passes a heartbeat to the stage if the subscriber waits for an item. */
  private void passHeartbeat() {
    if (heartbeat && emitter.isAwaited()) {
      heartbeat = false;
      if (emitter.isEmpty() && !finished) {
        stage.onIdle();
      }
    }
  }

  /** Accepts an item of a source. Processes it immediately if no other signal waits. */
  private void accept(Sources<I>.Source from, I item) {
    if (!loop.tryEnter()) {
      sources.add(from, item);
      loop.run();
      return;
    }
    try {
      boolean next = sources.isEmpty() && emitter.isEmpty() && aborted.get() == null;
      if (next && !finished && !emitter.isClosed() && !from.isDone()) {
        process(from, item);
      } else {
        sources.add(from, item);
      }
    } finally {
      loop.proceed();
    }
  }

  /**
   * Subscribes to the next source if the concurrency allows it, and processes the next signal.
   * Returns whether anything was done.
   */
  private boolean advance() {
    Throwable abort = aborted.get(); // read first: signals received before it are processed
    boolean progress = abort == null && started && !finished && sources.subscribeNext();
    Sources.Signal<I> signal = sources.poll();
    if (signal != null) {
      process(signal);
    } else if (abort != null) {
      fail(null, abort);
    } else {
      return progress || completeAwaited();
    }
    return true;
  }

  private void process(Sources.Signal<I> signal) {
    Sources<I>.Source from = signal.from();
    if (from.isDone()) {
      return;
    }
    if (signal.item() != null) {
      process(from, signal.item());
    } else if (signal.failure() != null) {
      resume(from, signal.failure());
    } else {
      complete(from);
    }
  }

  private void process(Sources<I>.Source from, I item) {
    from.commit();
    Flow.Publisher<? extends I> next;
    try {
      stage.onNext(from.index(), item);
      if (!stage.isDone(from.index())) {
        from.refill();
        commit();
        return;
      }
      from.cancel(Flow.Subscription::cancel);
      next = stage.continuation(from.index());
    } catch (Throwable e) {
      from.cancel(subscription -> stage.cancel(subscription, e));
      fail(from, e);
      return;
    }
    if (next == null) {
      complete(from);
    } else {
      sources.replace(from, next);
      commit();
    }
  }

  /** Replaces a source that has failed before its first item, or fails the stream. */
  private void resume(Sources<I>.Source from, Throwable failure) {
    Flow.Publisher<? extends I> next = null;
    Throwable reason = failure;
    if (from.isReplaceable() && aborted.get() == null) {
      try {
        next = stage.onErrorResume(from.index(), failure);
      } catch (Throwable e) {
        if (e != failure) {
          e.addSuppressed(failure);
        }
        reason = e;
      }
    }
    if (next == null) {
      fail(from, reason);
    } else if (!emitter.isClosed()) {
      sources.replace(from, next);
    }
  }

  private void complete(Sources<I>.Source from) {
    sources.complete(from);
    try {
      stage.onSourceComplete(from.index());
      if (sources.areComplete()) {
        CompletableFuture<?> awaited = stage.onCompleting();
        if (awaited == null || awaited.isDone()) {
          complete();
        } else {
          completing = awaited;
          awaited.whenComplete((done, failure) -> loop.run());
        }
      }
    } catch (Throwable e) {
      fail(null, e);
      return;
    }
    commit();
  }

  private void complete() {
    stage.onComplete();
    finished = true;
    terminate(null, false);
  }

  /** Ends the stream if the future that it waits for has completed. Returns whether it did. */
  private boolean completeAwaited() {
    CompletableFuture<?> awaited = completing;
    if (awaited == null || finished || !awaited.isDone()) {
      return false;
    }
    completing = null;
    try {
      complete();
    } catch (Throwable e) {
      fail(null, e);
    }
    return true;
  }

  private void fail(Sources<I>.@Nullable Source from, Throwable failure) {
    if (from != null) {
      from.end();
    }
    finished = true;
    error = failure;
    sources.cancel();
    terminate(failure, false);
    if (failUncommitted(failure)) {
      return; // nothing was processed, so nothing is buffered
    }
    try {
      error = stage.onError(failure);
    } catch (Throwable e) {
      error = e;
    }
  }

  private void terminate(@Nullable Throwable failure, boolean cancelled) {
    if (!terminated) {
      terminated = true;
      stage.onTerminate(failure, cancelled);
    }
  }

  /** Flushes the stage if the subscriber waits for an item. */
  private boolean flushIfAwaited() {
    if (!emitter.isAwaited()) {
      return false;
    }
    try {
      stage.flush();
    } catch (Throwable e) {
      fail(null, e);
    }
    return !emitter.isEmpty() || finished;
  }
}
