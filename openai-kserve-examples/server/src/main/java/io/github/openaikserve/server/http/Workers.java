package io.github.openaikserve.server.http;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that read and prepare what would hold up an event loop. Large bodies have threads of
 * their own, so that a request of usual size never waits behind one. The queues are bounded by the
 * budget of the bodies that wait in them. Thread-safe.
 */
final class Workers implements AutoCloseable {
  /** The largest body that is read and prepared on the event loop, in bytes. */
  static final int MAX_ON_EVENT_LOOP = 4 << 10;

  /** The largest body that is not called large, in bytes. */
  private static final int MAX_USUAL = 64 << 10;

  private final ExecutorService usual;
  private final ExecutorService large;

  /** Starts no thread before the first task. */
  Workers(int count) {
    usual = pool("http-worker-", count);
    large = pool("http-large-worker-", count);
  }

  private static ExecutorService pool(String name, int count) {
    var number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        count,
        task -> {
          var thread = new Thread(task, name + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Returns the threads for a body of a length. */
  Executor of(int length) {
    return length <= MAX_USUAL ? usual : large;
  }

  @Override
  public void close() {
    usual.shutdownNow();
    large.shutdownNow();
  }
}
