package io.github.openaikserve.internal.flow;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A publisher whose values pass through a {@link Translator} on their way. Takes one subscriber.
 * Thread-safe.
 *
 * <p>May be started before it has a subscriber, so that {@link #opened} tells how the upstream
 * began. Holds at most {@value #WINDOW} inputs and what one input was translated into, or what the
 * translator holds to give it together: whoever stops asking soon stops the upstream.
 *
 * @param <I> what the upstream gives
 * @param <O> what the subscriber gets
 */
public final class Pipe<I, O> implements Flow.Publisher<O>, AutoCloseable {
  /** How many inputs are asked for ahead. */
  static final int WINDOW = 64;

  /** The ticks without an output after which a stream counts as idle. */
  private static final int IDLE_TICKS = 2;

  private final Flow.Publisher<? extends I> upstream;
  private final Translator<I, O> translator;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private final Drain drain = new Drain(this::step);
  private final AtomicLong demand = new AtomicLong();
  private final Queue<I> inputs = new ConcurrentLinkedQueue<>();
  private final Input input = new Input();
  private volatile Flow.@Nullable Subscriber<? super O> downstream;
  private volatile boolean cancelled;
  private volatile @Nullable Throwable illegalDemand;
  private final AtomicReference<@Nullable InputEnd> inputEnd = new AtomicReference<>();
  private volatile @Nullable O filler;

  // Touched only inside the drain loop.
  private final ArrayDeque<O> outputs = new ArrayDeque<>();
  private final Consumer<O> output = outputs::add;
  private int consumed;
  private boolean finished;
  private @Nullable Throwable error;
  private int idleTicks;

  /** How the upstream ended; without a failure, well. */
  private record InputEnd(@Nullable Throwable failure) {}

  /** A pipe that has not yet subscribed to its upstream. */
  public Pipe(Flow.Publisher<? extends I> upstream, Translator<I, O> translator) {
    this.upstream = upstream;
    this.translator = translator;
  }

  /** Subscribes to the upstream, unless that has happened or this was closed. */
  public void start() {
    if (cancelled || !started.compareAndSet(false, true)) {
      return;
    }
    try {
      upstream.subscribe(input);
    } catch (RuntimeException e) {
      input.onError(e);
    }
  }

  /**
   * Done when the first input has been translated or the upstream has completed empty; exceptional
   * when it failed before. Continuations run in the middle of the stream and must not block.
   */
  public CompletableFuture<Void> opened() {
    return opened;
  }

  /**
   * Says that it has opened, whatever the upstream does: a failure is translated from now on, also
   * one before the first input. False if that was settled already.
   */
  public boolean open() {
    return opened.complete(null);
  }

  /**
   * Done when the upstream has ended and all of it was translated; exceptional with what the
   * upstream, or a step, failed with; cancelled when nobody wants the rest. Continuations run in
   * the middle of the stream and must not block.
   */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Cancels the upstream, as if it had failed so: what it gave before comes before. */
  public void abort(Throwable failure) {
    if (inputEnd.compareAndSet(null, new InputEnd(failure))) {
      input.cancel();
      drain();
    }
  }

  /** Whether there are inputs that nobody has asked for yet: the upstream is not to blame. */
  public boolean isBehind() {
    return !inputs.isEmpty();
  }

  /**
   * Time passes: when the subscriber waits, and nothing was given to it since the second last time
   * this was called, it is given the filler. One that does not ask gets one filler at the most.
   */
  public void tick(O filler) {
    this.filler = filler;
    drain();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super O> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (!subscribed.compareAndSet(false, true)) {
      Publishers.<O>failed(new IllegalStateException("there is a subscriber already"))
          .subscribe(subscriber);
      return;
    }
    subscriber.onSubscribe(new Output());
    downstream = subscriber;
    start();
    drain();
  }

  /** Cancels the upstream and drops what is held; the subscriber hears nothing more. */
  @Override
  public void close() {
    cancelled = true;
    drain();
  }

  private void drain() {
    drain.run();
  }

  private void step() {
    while (!stopped()) {
      fill();
      emit();
      if (!outputs.isEmpty() || finished || !(advance() || pause())) {
        return;
      }
    }
  }

  /** Has what was held only to be given together given now, if it is waited for. */
  private boolean pause() {
    if (demand.get() == 0) {
      return false;
    }
    try {
      translator.pause(output);
    } catch (RuntimeException | Error e) {
      input.cancel();
      fail(e);
    }
    return !outputs.isEmpty() || finished;
  }

  private boolean stopped() {
    Throwable illegal = illegalDemand;
    Flow.Subscriber<? super O> subscriber = downstream;
    if (illegal != null && subscriber != null && !cancelled) {
      cancelled = true;
      subscriber.onError(illegal);
    }
    if (cancelled) {
      downstream = null;
      outputs.clear();
      inputs.clear();
      input.cancel();
      opened.completeExceptionally(new CancellationException("the stream was cancelled"));
      ended.cancel(false); // unless it has ended otherwise
    }
    return cancelled;
  }

  /** Puts the filler into a stream that has been idle, once somebody waits for it. */
  private void fill() {
    O idle = filler;
    if (idle == null) {
      return;
    }
    filler = null;
    idleTicks++;
    if (idleTicks < IDLE_TICKS) {
      return;
    }
    if (downstream == null || demand.get() == 0) {
      idleTicks = IDLE_TICKS - 1;
      filler = outputs.isEmpty() ? idle : null; // what is there will do
    } else if (outputs.isEmpty() && !finished) {
      outputs.add(idle);
    }
  }

  /** Gives the subscriber what it has asked for and, after the last of it, the end. */
  private void emit() {
    Flow.Subscriber<? super O> subscriber = downstream;
    if (subscriber == null) {
      return;
    }
    long emitted = 0;
    long wanted = demand.get();
    while (emitted < wanted && !cancelled) {
      O output = outputs.poll();
      if (output == null) {
        break;
      }
      emitted++;
      give(output, subscriber);
    }
    if (emitted > 0) {
      idleTicks = 0;
      if (wanted != Long.MAX_VALUE) {
        demand.addAndGet(-emitted);
      }
    }
    if (outputs.isEmpty() && finished && !cancelled) {
      cancelled = true;
      downstream = null;
      Throwable failure = error;
      if (failure == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(failure);
      }
    }
  }

  /** A subscriber that throws has gone away. */
  private void give(O output, Flow.Subscriber<? super O> subscriber) {
    try {
      subscriber.onNext(output);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Takes an input: straight to its translation where nothing is to come before it. */
  private void accept(I item) {
    if (!drain.enter()) {
      inputs.add(item);
      drain();
      return;
    }
    try {
      if (inputs.isEmpty()
          && outputs.isEmpty()
          && inputEnd.get() == null
          && !finished
          && !cancelled) {
        translate(item, null);
      } else {
        inputs.add(item);
      }
    } finally {
      drain.proceed();
    }
  }

  /** Translates the next input, or the end; false when there is neither. */
  private boolean advance() {
    InputEnd end = inputEnd.get(); // before the inputs: what came before it is among them then
    I next = inputs.poll();
    if (next == null && end == null) {
      return false;
    }
    translate(next, end);
    return true;
  }

  private void translate(@Nullable I next, @Nullable InputEnd end) {
    try {
      if (next != null) {
        translator.next(next, output);
      }
      if (translator.done()) {
        input.cancel();
        finish(null);
      } else if (next != null) {
        refill();
      } else if (end != null) {
        finish(end.failure());
      }
    } catch (RuntimeException | Error e) {
      input.cancel();
      fail(e);
    }
    opened.complete(null); // unless it has failed
  }

  private void finish(@Nullable Throwable failure) {
    if (failure != null) {
      fail(failure);
    } else {
      translator.end(output);
      finished = true;
      ended.complete(null);
    }
  }

  private void fail(Throwable failure) {
    finished = true;
    error = failure;
    ended.completeExceptionally(failure);
    if (opened.completeExceptionally(failure)) {
      return; // nothing was translated, so nothing is held back
    }
    try {
      error = translator.fail(failure, output);
    } catch (RuntimeException | Error e) {
      error = e;
    }
  }

  private void refill() {
    consumed++;
    if (consumed >= WINDOW / 2) {
      int more = consumed;
      consumed = 0;
      input.request(more);
    }
  }

  private final class Output implements Flow.Subscription {
    @Override
    public void request(long n) {
      if (n <= 0) {
        illegalDemand = new IllegalArgumentException("demand must be positive, was " + n);
      } else {
        Publishers.addDemand(demand, n);
      }
      drain();
    }

    @Override
    public void cancel() {
      close();
    }
  }

  private final class Input implements Flow.Subscriber<I> {
    private volatile Flow.@Nullable Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      Objects.requireNonNull(subscription, "subscription");
      if (this.subscription != null) {
        subscription.cancel();
        return;
      }
      this.subscription = subscription;
      if (cancelled || inputEnd.get() != null) {
        subscription.cancel();
      } else {
        subscription.request(WINDOW);
      }
    }

    @Override
    public void onNext(I item) {
      Objects.requireNonNull(item, "item");
      accept(item);
    }

    @Override
    public void onError(Throwable throwable) {
      if (inputEnd.compareAndSet(
          null, new InputEnd(Objects.requireNonNull(throwable, "throwable")))) {
        drain();
      }
    }

    @Override
    public void onComplete() {
      inputEnd.compareAndSet(null, new InputEnd(null));
      drain();
    }

    void request(long n) {
      Flow.Subscription current = subscription;
      if (current != null) {
        current.request(n);
      }
    }

    void cancel() {
      Flow.Subscription current = subscription;
      if (current != null) {
        current.cancel();
      }
    }
  }
}
