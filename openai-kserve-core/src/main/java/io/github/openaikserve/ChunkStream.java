package io.github.openaikserve;

import io.github.openaikserve.internal.flow.Pipe;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer, read in a loop that blocks. Not thread-safe, but {@link #close} may be called
 * by any thread.
 *
 * <p>The call is made when reading begins. Holds at most {@value #WINDOW} chunks that were not read
 * yet; a reader that stops, stops the model server. Close it to cancel what is left: leaving a
 * {@code try} block does.
 *
 * @param <T> a chunk
 */
public final class ChunkStream<T> implements Iterable<T>, AutoCloseable {
  static final int WINDOW = 32;

  private static final Object END = new Object();

  private final Pipe<?, T> chunks;
  private final List<String> droppedParams;
  private final BlockingQueue<Object> signals = new LinkedBlockingQueue<>();
  private final Reader reader = new Reader();
  private boolean iterating;

  ChunkStream(Pipe<?, T> chunks, List<String> droppedParams) {
    this.chunks = chunks;
    this.droppedParams = droppedParams;
  }

  /** Request fields that the model server has no use for, so that they had no effect. */
  public List<String> droppedParams() {
    return droppedParams;
  }

  /**
   * Makes the call. Reading throws {@link io.github.openaikserve.error.OpenAiException} where the
   * stream fails, and {@link CancellationException} after {@link #close} or an interrupt.
   *
   * @throws IllegalStateException the second time: a stream is read once
   */
  @Override
  public Iterator<T> iterator() {
    if (iterating) {
      throw new IllegalStateException("the stream was read already");
    }
    iterating = true;
    chunks.subscribe(reader);
    return reader;
  }

  /** The same as a {@link Stream}, which closes this when it is closed. */
  public Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false).onClose(this::close);
  }

  /** Cancels what is left of the call. Does nothing the second time. */
  @Override
  public void close() {
    chunks.close();
    signals.add(new CancellationException("the stream was closed"));
  }

  private final class Reader implements Flow.Subscriber<T>, Iterator<T> {
    private volatile Flow.@Nullable Subscription subscription;
    private @Nullable Object next;
    private int taken;

    @Override
    public boolean hasNext() {
      if (next == null) {
        next = take();
      }
      if (next instanceof RuntimeException failure) {
        throw failure;
      }
      return next != END;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the stream has ended");
      }
      Object chunk = Objects.requireNonNull(next);
      next = null;
      refill();
      return (T) chunk;
    }

    private Object take() {
      try {
        Object signal = signals.take();
        return signal instanceof Throwable failure && !(signal instanceof CancellationException)
            ? Blocking.rethrown(failure)
            : signal;
      } catch (InterruptedException e) {
        chunks.close();
        Thread.currentThread().interrupt();
        return new CancellationException("interrupted while waiting for the next chunk");
      }
    }

    private void refill() {
      Flow.Subscription current = subscription;
      if (++taken == WINDOW / 2 && current != null) {
        taken = 0;
        current.request(WINDOW / 2);
      }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(WINDOW);
    }

    @Override
    public void onNext(T chunk) {
      signals.add(chunk);
    }

    @Override
    public void onError(Throwable failure) {
      signals.add(failure);
    }

    @Override
    public void onComplete() {
      signals.add(END);
    }
  }
}
