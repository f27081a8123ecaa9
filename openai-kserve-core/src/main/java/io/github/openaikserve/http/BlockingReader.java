package io.github.openaikserve.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Asks for one buffer at a time and lets a thread wait for it. One reading thread. */
final class BlockingReader implements Flow.Subscriber<ByteBuffer> {
  private static final Object END = new Object();

  private final BlockingQueue<Object> signals = new LinkedBlockingQueue<>();
  private volatile Flow.@Nullable Subscription subscription;

  /** The next buffer; null at the end. */
  @Nullable ByteBuffer next() throws IOException {
    Flow.Subscription current = subscription;
    if (current != null) {
      current.request(1);
    }
    Object signal;
    try {
      signal = signals.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the backend");
    }
    if (signal instanceof Throwable failure) {
      throw new IOException("the body ended with an error", failure);
    }
    return signal instanceof ByteBuffer buffer ? buffer : null;
  }

  void cancel() {
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
  }

  @Override
  public void onNext(ByteBuffer item) {
    signals.add(item);
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
