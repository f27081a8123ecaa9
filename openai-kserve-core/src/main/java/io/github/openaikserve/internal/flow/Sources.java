package io.github.openaikserve.internal.flow;

import io.github.openaikserve.internal.concurrent.Guarded;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The upstream end of a processor: its sources, and their signals that wait to be processed. Runs
 * the processor's loop after each signal. All methods are called inside the loop, except {@link
 * #add}.
 *
 * @param <I> an item of a source
 */
final class Sources<I> {
  private final List<? extends Flow.Publisher<? extends I>> publishers;
  private final int concurrency;
  private final int window;
  private final DrainLoop loop;
  private final BiConsumer<Source, I> onNext;
  private final Queue<Signal<I>> signals = new ConcurrentLinkedQueue<>();
  private final List<Source> subscribed = new ArrayList<>(1);
  private int running;

  /** A signal of a source: an item, a failure, or, if both are null, the completion. */
  record Signal<I>(Sources<I>.Source from, @Nullable I item, @Nullable Throwable failure) {}

  /**
   * Creates sources to which nothing is subscribed.
   *
   * @param concurrency the maximum number of concurrent sources
   * @param window the number of items to request ahead from each source
   * @param onNext receives each item on the source's thread
   */
  Sources(
      List<? extends Flow.Publisher<? extends I>> publishers,
      int concurrency,
      int window,
      DrainLoop loop,
      BiConsumer<Source, I> onNext) {
    this.publishers = List.copyOf(publishers);
    this.concurrency = concurrency;
    this.window = window;
    this.loop = loop;
    this.onNext = onNext;
  }

  /** Adds an item to the waiting signals. */
  void add(Source from, I item) {
    signals.add(new Signal<>(from, item, null));
  }

  private void end(Source from, @Nullable Throwable failure) {
    signals.add(new Signal<>(from, null, failure));
    loop.run();
  }

  /** Returns whether no signal waits. Thread-safe. */
  boolean isEmpty() {
    return signals.isEmpty();
  }

  /** Removes and returns the next signal; null for none. */
  @Nullable Signal<I> poll() {
    return signals.poll();
  }

  /** Subscribes to the next source, if the concurrency allows it. Returns whether it does. */
  boolean subscribeNext() {
    if (running >= concurrency || subscribed.size() == publishers.size()) {
      return false;
    }
    var source = new Source(subscribed.size());
    subscribed.add(source);
    running++;
    subscribe(publishers.get(source.index), source);
    return true;
  }

  /** Continues a source with another publisher. */
  void replace(Source from, Flow.Publisher<? extends I> next) {
    from.end();
    var source = new Source(from.index);
    subscribed.set(from.index, source);
    subscribe(next, source);
  }

  private void subscribe(Flow.Publisher<? extends I> publisher, Source source) {
    try {
      publisher.subscribe(source);
    } catch (Throwable e) {
      source.commit();
      source.cancel(Flow.Subscription::cancel);
      signals.add(new Signal<>(source, null, e));
    }
  }

  /** Ends a source that has completed. */
  void complete(Source source) {
    source.end();
    running--;
  }

  /** Returns whether all sources have completed. */
  boolean areComplete() {
    return running == 0 && subscribed.size() == publishers.size();
  }

  /** Cancels all sources and drops their signals. */
  void close() {
    signals.clear();
    cancel();
  }

  /** Cancels all sources. */
  void cancel() {
    for (Source source : subscribed) {
      if (!source.done) {
        source.done = true;
        source.cancel(Flow.Subscription::cancel);
      }
    }
  }

  /** The subscriber of one source. */
  final class Source implements Flow.Subscriber<I> {
    private final int index;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean cancelled;

    // Accessed only inside the loop.
    private boolean replaceable = true;
    private boolean done;
    private int consumed;

    private Source(int index) {
      this.index = index;
    }

    int index() {
      return index;
    }

    /** Rules out a replacement: an item is processed, or the subscription has thrown. */
    void commit() {
      replaceable = false;
    }

    /** Returns whether another publisher may replace this source if it fails. */
    boolean isReplaceable() {
      return replaceable;
    }

    /** Returns whether further signals are ignored. */
    boolean isDone() {
      return done;
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
      onNext.accept(this, Objects.requireNonNull(item, "item"));
    }

    @Override
    public void onError(Throwable failure) {
      Sources.this.end(this, Objects.requireNonNull(failure, "failure"));
    }

    @Override
    public void onComplete() {
      Sources.this.end(this, null);
    }

    /** Counts a processed item, and requests more when half of the window is used up. */
    void refill() {
      consumed++;
      Flow.Subscription current = subscription;
      if (consumed >= window / 2 && current != null) {
        int more = consumed;
        consumed = 0;
        current.request(more);
      }
    }

    /**
     * Cancels the source. An exception of the source must not prevent the stream from ending.
     *
     * @param cancellation cancels a subscription
     */
    void cancel(Consumer<Flow.Subscription> cancellation) {
      Flow.Subscription current = release();
      if (current != null) {
        Guarded.run("cancelling a source", () -> SubscriptionArbiter.cancel(current, cancellation));
      }
    }

    /** Ignores further signals. */
    void end() {
      done = true;
      release();
    }

    /**
     * Clears and returns the subscription, so that this object does not keep a large request in
     * memory.
     */
    private Flow.@Nullable Subscription release() {
      cancelled = true;
      Flow.Subscription current = subscription;
      subscription = null;
      return current;
    }
  }
}
