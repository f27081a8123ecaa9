package io.github.openaikserve.servlet;

import io.github.openaikserve.http.ApiBody;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes a body one buffer at a time. Requests the next buffer when the container can write again.
 * Thread-safe.
 *
 * <p>Containers reuse responses: one that is used after its end belongs to the next request. So no
 * use is in progress when {@link #cancel} returns, and none begins afterwards.
 */
final class ResponseWriter implements WriteListener {
  private final ServletOutputStream out;
  private final ApiBody body;
  private final Exchange exchange;
  private final ReentrantLock using = new ReentrantLock();
  private final AtomicInteger pending = new AtomicInteger();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable ByteBuffer next;
  private volatile @Nullable Throwable failure;
  private volatile boolean completed;
  private volatile boolean requested;
  private volatile boolean cancelled;

  // Only used by the running step.
  private boolean subscribed;
  private boolean unflushed;
  private boolean ended;

  ResponseWriter(ServletOutputStream out, ApiBody body, Exchange exchange) {
    this.out = out;
    this.body = body;
    this.exchange = exchange;
  }

  @Override
  public void onWritePossible() {
    run();
  }

  /** Called when the client has disconnected or does not read. */
  @Override
  public void onError(Throwable failure) {
    exchange.complete();
  }

  void cancel() {
    using.lock(); // a use by another thread takes no time, because writes do not block
    try {
      cancelled = true;
    } finally {
      using.unlock();
    }
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
    body.close();
  }

  /** Receives the body, at most one buffer at a time. */
  private final class Reader implements Flow.Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Flow.Subscription upstream) {
      subscription = upstream;
      if (cancelled) {
        upstream.cancel();
      }
      run();
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      next = buffer;
      requested = false;
      run();
    }

    @Override
    public void onError(Throwable cause) {
      failure = cause;
      run();
    }

    @Override
    public void onComplete() {
      completed = true;
      run();
    }
  }

  /** Runs steps on one thread at a time. */
  private void run() {
    if (pending.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      step();
      missed = pending.addAndGet(-missed);
    } while (missed != 0);
  }

  private void step() {
    if (ended || cancelled) {
      return;
    }
    if (!subscribed) {
      subscribed = true;
      body.subscribe(new Reader());
    }
    try {
      while (!ended && isReady()) {
        if (!advance()) {
          return;
        }
      }
    } catch (IOException | RuntimeException e) { // the client has disconnected
      ended = true;
      exchange.complete();
    }
  }

  private boolean isReady() {
    using.lock();
    try {
      return !cancelled && out.isReady();
    } finally {
      using.unlock();
    }
  }

  /** Makes one step; returns false if the next one needs a signal of the body. */
  private boolean advance() throws IOException {
    if (unflushed) {
      unflushed = false;
      flush();
      return true;
    }
    boolean last = completed; // read before the buffer, which precedes the end
    Throwable broken = failure;
    ByteBuffer buffer = next;
    if (buffer != null) {
      next = null;
      write(buffer);
    } else if (broken != null) {
      ended = true;
      exchange.abort(broken);
    } else if (last) {
      ended = true;
      exchange.complete();
    } else {
      return request();
    }
    return true;
  }

  private void write(ByteBuffer buffer) throws IOException {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    using.lock();
    try {
      if (!cancelled) {
        out.write(bytes);
      }
    } finally {
      using.unlock();
    }
    unflushed = body.length() < 0;
  }

  private void flush() throws IOException {
    using.lock();
    try {
      if (!cancelled) {
        out.flush();
      }
    } finally {
      using.unlock();
    }
  }

  private boolean request() {
    Flow.Subscription current = subscription;
    if (requested || current == null) {
      return false;
    }
    requested = true;
    current.request(1);
    return true;
  }
}
