package io.github.openaikserve.internal.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A publisher that merges the items of one or more sources and passes them through a {@link Stage}.
 * Accepts one subscriber. Thread-safe.
 *
 * <p>Subscribes to a limited number of sources at the same time, and to the next one when one
 * completes. The first failure ends the stream and cancels the other sources. The thread that
 * delivers an item processes it. If another thread is already processing, that thread processes the
 * item: a source's thread, the subscriber's in {@code request}, or one that calls {@link
 * #heartbeat} or {@link #fail}. A stage with long computations provides an executor, which then
 * runs all processing.
 *
 * <p>It may be started before it has a subscriber, so that {@link #committed} reports whether it
 * starts successfully. Buffers at most a window of items of each source and the outputs of one
 * item, so a subscriber that requests nothing soon stops the sources.
 *
 * @param <I> an item of a source
 * @param <O> an item of the stream
 */
public final class MergeProcessor<I, O> implements Flow.Publisher<O>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MergeProcessor.class);

  /** The number of items to request ahead from a single source. */
  static final int WINDOW = 64;

  /** The number of items to request ahead from each of several sources. */
  static final int SHARED_WINDOW = 16;

  private final List<? extends Flow.Publisher<? extends I>> sources;
  private final int concurrency;
  private final Stage<I, O> stage;
  private final int window;
  private final CompletableFuture<Void> committed = new CompletableFuture<>();
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private final DrainLoop loop;
  private final AtomicLong demand = new AtomicLong();
  private final AtomicLong emissions = new AtomicLong();
  private final Queue<Signal<I, Input>> signals = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Throwable> aborted = new AtomicReference<>();
  private volatile boolean started;
  private volatile Flow.@Nullable Subscriber<? super O> downstream;
  private volatile boolean closed;
  private volatile boolean cancelled;
  private volatile boolean heartbeat;
  private volatile @Nullable Throwable illegalDemand;

  // Accessed only inside the loop.
  private final ArrayDeque<O> outputs = new ArrayDeque<>();
  private final List<Input> inputs = new ArrayList<>(1);
  private int running;
  private boolean finished;
  private @Nullable CompletableFuture<?> completing;
  private boolean terminated;
  private @Nullable Throwable error;

  /** A signal of a source: an item, a failure, or, if both are null, the completion. */
  private record Signal<I, F>(F from, @Nullable I item, @Nullable Throwable failure) {}

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
    this.sources = List.copyOf(sources);
    this.concurrency = concurrency;
    this.stage = stage;
    this.loop = new DrainLoop(this::step, stage.executor());
    this.window = sources.size() == 1 ? WINDOW : SHARED_WINDOW;
    stage.onStart(outputs::add);
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
    if (committed.isDone()) {
      return false;
    }
    var failed = new boolean[1];
    Futures.complete(() -> failed[0] = committed.completeExceptionally(failure));
    return failed[0];
  }

  /** Cancels the sources and fails the stream after the items already received. */
  public void fail(Throwable failure) {
    if (aborted.compareAndSet(null, failure)) {
      loop.run();
    }
  }

  /** Returns whether items are buffered that the subscriber has not requested. */
  public boolean hasBacklog() {
    return !signals.isEmpty();
  }

  /** Returns whether this has a subscriber or was closed. */
  public boolean isSubscribed() {
    return subscribed.get() || closed;
  }

  /** Returns the number of emitted items that is visible to the calling thread. */
  public long emissions() {
    return emissions.get();
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
    Objects.requireNonNull(subscriber, "subscriber");
    if (!subscribed.compareAndSet(false, true)) {
      Publishers.<O>error(new IllegalStateException("the stream already has a subscriber"))
          .subscribe(subscriber);
      return;
    }
    try {
      subscriber.onSubscribe(new Output());
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    if (closed && !cancelled) {
      subscriber.onError(new CancellationException("the stream was closed before it was read"));
      return;
    }
    downstream = subscriber;
    start();
  }

  /** Cancels the sources and drops all buffered items. The subscriber receives no more signals. */
  @Override
  public void close() {
    closed = true;
    loop.run();
  }

  private void step() {
    while (!isStopped()) {
      passHeartbeat();
      emit();
      boolean urgent = aborted.get() != null;
      if (finished || (!outputs.isEmpty() && !urgent) || !(advance() || flushIfAwaited())) {
        return;
      }
    }
  }

  private boolean isStopped() {
    Throwable illegal = illegalDemand;
    Flow.Subscriber<? super O> subscriber = downstream;
    if (illegal != null && subscriber != null && !closed) {
      closed = true;
      subscriber.onError(illegal);
    }
    if (closed) {
      downstream = null;
      outputs.clear();
      signals.clear();
      cancelInputs();
      failUncommitted(new CancellationException("the stream was cancelled"));
      terminate(null, true);
    }
    return closed;
  }

  /** Passes a heartbeat to the stage if the subscriber waits for an item. */
  private void passHeartbeat() {
    if (!heartbeat || downstream == null || demand.get() == 0) {
      return;
    }
    heartbeat = false;
    if (outputs.isEmpty() && !finished) {
      stage.onIdle();
    }
  }

  /** Emits the items that the subscriber has requested and, after the last item, the end. */
  private void emit() {
    Flow.Subscriber<? super O> subscriber = downstream;
    if (subscriber == null) {
      return;
    }
    long emitted = 0;
    long wanted = demand.get();
    while (emitted < wanted && !closed) {
      O output = outputs.poll();
      if (output == null) {
        break;
      }
      emitted++;
      emit(output, subscriber);
    }
    if (emitted > 0) {
      emissions.setRelease(emissions.getPlain() + emitted);
      if (wanted != Long.MAX_VALUE) {
        demand.addAndGet(-emitted);
      }
    }
    if (outputs.isEmpty() && finished && !closed) {
      closed = true;
      downstream = null;
      Throwable failure = error;
      if (failure == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(failure);
      }
    }
  }

  /**
   * Emits one item. A subscriber that throws has violated its contract and receives no more
   * signals.
   */
  private void emit(O output, Flow.Subscriber<? super O> subscriber) {
    try {
      subscriber.onNext(output);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Accepts an item of a source. Processes it immediately if no other signal is queued. */
  private void accept(Input from, I item) {
    if (!loop.tryEnter()) {
      signal(new Signal<>(from, item, null));
      return;
    }
    try {
      boolean next = signals.isEmpty() && outputs.isEmpty() && aborted.get() == null;
      if (next && !finished && !closed && !from.done) {
        process(from, item);
      } else {
        signals.add(new Signal<>(from, item, null));
      }
    } finally {
      loop.proceed();
    }
  }

  private void signal(Signal<I, Input> signal) {
    signals.add(signal);
    loop.run();
  }

  /**
   * Subscribes to the next source if the concurrency allows it, and processes the next signal.
   * Returns whether anything was done.
   */
  private boolean advance() {
    Throwable abort =
        aborted.get(); // read before the signals, so that earlier signals are processed first
    boolean progress = abort == null && subscribeNext();
    Signal<I, Input> signal = signals.poll();
    if (signal != null) {
      process(signal);
      return true;
    }
    if (abort != null) {
      fail(null, abort);
      return true;
    }
    return progress || completeAwaited();
  }

  private boolean subscribeNext() {
    if (!started || finished || running >= concurrency || inputs.size() == sources.size()) {
      return false;
    }
    var input = new Input(inputs.size());
    inputs.add(input);
    running++;
    subscribe(sources.get(input.index), input);
    return true;
  }

  private void subscribe(Flow.Publisher<? extends I> source, Input input) {
    try {
      source.subscribe(input);
    } catch (RuntimeException | Error e) {
      signals.add(new Signal<>(input, null, e));
    }
  }

  private void process(Signal<I, Input> signal) {
    Input from = signal.from();
    if (from.done) {
      return;
    }
    if (signal.item() != null) {
      process(from, signal.item());
    } else if (signal.failure() != null) {
      fail(from, signal.failure());
    } else {
      complete(from);
    }
  }

  private void process(Input from, I item) {
    Flow.Publisher<? extends I> next;
    try {
      stage.onNext(from.index, item);
      if (!stage.isDone(from.index)) {
        from.refill();
        commit();
        return;
      }
      from.cancel();
      next = stage.continuation(from.index);
    } catch (RuntimeException | Error e) {
      fail(null, e);
      return;
    }
    if (next == null) {
      complete(from);
    } else {
      continueWith(from, next);
    }
  }

  /** Subscribes to the continuation of a source. */
  private void continueWith(Input from, Flow.Publisher<? extends I> next) {
    from.done = true;
    var input = new Input(from.index);
    inputs.set(from.index, input);
    subscribe(next, input);
    commit();
  }

  private void complete(Input from) {
    from.done = true;
    from.release();
    running--;
    try {
      stage.onSourceComplete(from.index);
      if (running == 0 && inputs.size() == sources.size()) {
        CompletableFuture<?> awaited = stage.onCompleting();
        if (awaited == null || awaited.isDone()) {
          complete();
        } else {
          completing = awaited;
          awaited.whenComplete((done, failure) -> loop.run());
        }
      }
    } catch (RuntimeException | Error e) {
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
    } catch (RuntimeException | Error e) {
      fail(null, e);
    }
    return true;
  }

  private void fail(@Nullable Input from, Throwable failure) {
    if (from != null) {
      from.done = true;
      from.release();
    }
    finished = true;
    error = failure;
    cancelInputs();
    terminate(failure, false);
    if (failUncommitted(failure)) {
      return; // nothing was processed, so nothing is buffered
    }
    try {
      error = stage.onError(failure);
    } catch (RuntimeException | Error e) {
      error = e;
    }
  }

  private void terminate(@Nullable Throwable failure, boolean cancelled) {
    if (!terminated) {
      terminated = true;
      stage.onTerminate(failure, cancelled);
    }
  }

  private void cancelInputs() {
    for (Input input : inputs) {
      if (!input.done) {
        input.done = true;
        input.cancel();
      }
    }
  }

  /** Flushes the stage if the subscriber waits for an item. */
  private boolean flushIfAwaited() {
    if (demand.get() == 0) {
      return false;
    }
    try {
      stage.flush();
    } catch (RuntimeException | Error e) {
      fail(null, e);
    }
    return !outputs.isEmpty() || finished;
  }

  /** The subscriber's subscription. */
  final class Output implements Flow.Subscription {
    @Override
    public void request(long n) {
      if (n <= 0) {
        illegalDemand = new IllegalArgumentException("demand must be positive, was " + n);
      } else {
        Publishers.addDemand(demand, n);
      }
      loop.run();
    }

    @Override
    public void cancel() {
      cancelled = true;
      close();
    }
  }

  private final class Input implements Flow.Subscriber<I> {
    private final int index;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean cancelled;

    // Accessed only inside the loop.
    private boolean done;
    private int consumed;

    Input(int index) {
      this.index = index;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      Objects.requireNonNull(subscription, "subscription");
      if (this.subscription != null) {
        subscription.cancel();
        return;
      }
      this.subscription = subscription;
      if (cancelled) {
        this.subscription = null;
        subscription.cancel();
      } else {
        subscription.request(window);
      }
    }

    @Override
    public void onNext(I item) {
      accept(this, Objects.requireNonNull(item, "item"));
    }

    @Override
    public void onError(Throwable failure) {
      signal(new Signal<>(this, null, Objects.requireNonNull(failure, "failure")));
    }

    @Override
    public void onComplete() {
      signal(new Signal<>(this, null, null));
    }

    void refill() {
      consumed++;
      Flow.Subscription current = subscription;
      if (consumed >= window / 2 && current != null) {
        int more = consumed;
        consumed = 0;
        current.request(more);
      }
    }

    /** Cancels the source. An exception of the source must not prevent the stream from ending. */
    void cancel() {
      Flow.Subscription current = release();
      if (current != null) {
        try {
          current.cancel();
        } catch (RuntimeException | Error e) {
          log.warn("cancelling a source failed", e);
        }
      }
    }

    /**
     * Clears and returns the subscription, so that this object does not keep a large request in
     * memory.
     */
    Flow.@Nullable Subscription release() {
      cancelled = true;
      Flow.Subscription current = subscription;
      subscription = null;
      return current;
    }
  }
}
