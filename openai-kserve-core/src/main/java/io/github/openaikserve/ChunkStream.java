package io.github.openaikserve;

import io.github.openaikserve.internal.flow.BlockingSubscriber;
import io.github.openaikserve.internal.flow.MergeProcessor;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer for reading in a blocking loop. Not thread-safe, but {@link #close} may be
 * called from any thread.
 *
 * <p>Must not be read in a continuation of another call, such as one of {@code createAsync}.
 * Reading there throws {@link IllegalStateException}, because the blocked thread may be the one
 * that delivers the next chunk.
 *
 * <p>The call starts when reading begins. At most {@value #WINDOW} chunks are read ahead, so a slow
 * reader also slows the model server down. Close the stream, for example by try-with-resources, to
 * cancel the rest of the call.
 *
 * @param <T> a chunk
 */
public final class ChunkStream<T> implements Iterable<T>, AutoCloseable {
  static final int WINDOW = 32;

  private final MergeProcessor<?, T> chunks;
  private final List<String> droppedParams;
  private final BlockingSubscriber<T> received = new BlockingSubscriber<>(WINDOW);
  private final AtomicBoolean iterating = new AtomicBoolean();
  private volatile boolean closed;

  /** Whether the reader has seen the end. */
  private volatile boolean ended;

  ChunkStream(MergeProcessor<?, T> chunks, List<String> droppedParams) {
    this.chunks = chunks;
    this.droppedParams = droppedParams;
  }

  /** Returns the request fields that the model server does not support. They have no effect. */
  public List<String> droppedParams() {
    return droppedParams;
  }

  /**
   * Starts the call and returns an iterator over its chunks.
   *
   * <p>If the stream fails, the iterator returns the chunks received before and then throws {@link
   * io.github.openaikserve.error.OpenAiException}. After {@link #close} or an interrupt it throws
   * {@link CancellationException}.
   *
   * @throws IllegalStateException if called a second time: a stream can be read only once
   */
  @Override
  public Iterator<T> iterator() {
    if (iterating.getAndSet(true)) {
      throw new IllegalStateException("the stream has already been read");
    }
    chunks.subscribe(received);
    return new Reader();
  }

  /**
   * Returns the chunks as a sequential {@link Stream}. Closing it closes this object. Its terminal
   * operation starts the call and throws the same exceptions as the {@link #iterator}.
   */
  public Stream<T> asStream() {
    int characteristics = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(
            () -> Spliterators.spliteratorUnknownSize(iterator(), characteristics),
            characteristics,
            false)
        .onClose(this::close);
  }

  /** Cancels the rest of the call and drops the chunks that were read ahead. */
  @Override
  public void close() {
    cancel("the stream was closed");
  }

  private void cancel(String why) {
    closed = true;
    chunks.close();
    if (!ended) {
      received.fail(new CancellationException(why)); // wakes the reader
    }
  }

  private final class Reader implements Iterator<T> {
    private @Nullable T next;
    private @Nullable RuntimeException failure;

    @Override
    public boolean hasNext() {
      if (failure != null) {
        throw failure;
      }
      if (ended) {
        return false;
      }
      if (next == null) {
        next = take();
        ended = next == null;
      }
      if (closed && !ended) {
        next = null;
        throw failed(new CancellationException("the stream was closed"));
      }
      return !ended;
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
        throw failed(Calls.rethrown(Objects.requireNonNull(e.getCause())));
      } catch (InterruptedException e) {
        cancel("the stream was interrupted");
        Thread.currentThread().interrupt();
        throw failed(new CancellationException("interrupted while waiting for the next chunk"));
      }
    }

    private RuntimeException failed(RuntimeException exception) {
      failure = exception;
      return exception;
    }
  }
}
