package io.github.openaikserve;

import io.github.openaikserve.internal.flow.BlockingSubscriber;
import io.github.openaikserve.internal.flow.MergeProcessor;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
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

  private final MergeProcessor<?, T> chunks;
  private final List<String> droppedParams;
  private final BlockingSubscriber<T> received = new BlockingSubscriber<>(WINDOW);
  private boolean iterating;

  ChunkStream(MergeProcessor<?, T> chunks, List<String> droppedParams) {
    this.chunks = chunks;
    this.droppedParams = droppedParams;
  }

  /** Request fields that the model server has no use for, so that they had no effect. */
  public List<String> droppedParams() {
    return droppedParams;
  }

  /**
   * Makes the call. Reading throws {@link io.github.openaikserve.error.OpenAiException} where the
   * stream fails, after all chunks that had come before, whose text it does not repeat; and {@link
   * CancellationException} after {@link #close} or an interrupt.
   *
   * @throws IllegalStateException the second time: a stream is read once
   */
  @Override
  public Iterator<T> iterator() {
    if (iterating) {
      throw new IllegalStateException("the stream was read already");
    }
    iterating = true;
    chunks.subscribe(received);
    return new Reader();
  }

  /** The same as a {@link Stream}, which closes this when it is closed. */
  public Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false).onClose(this::close);
  }

  /** Cancels what is left of the call. Does nothing the second time. */
  @Override
  public void close() {
    chunks.close();
    received.fail(new CancellationException("the stream was closed"));
  }

  private final class Reader implements Iterator<T> {
    private @Nullable T next;

    @Override
    public boolean hasNext() {
      if (next == null) {
        next = take();
      }
      return next != null;
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the stream has ended");
      }
      T chunk = Objects.requireNonNull(next);
      next = null;
      return chunk;
    }

    private @Nullable T take() {
      try {
        return received.next();
      } catch (ExecutionException e) {
        throw Blocking.rethrown(Objects.requireNonNull(e.getCause()));
      } catch (InterruptedException e) {
        chunks.close();
        received.fail(new CancellationException("the stream was interrupted"));
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted while waiting for the next chunk");
      }
    }
  }
}
