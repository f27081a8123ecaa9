package io.github.openaikserve.server.http;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads for work that would block an event loop, such as parsing bodies. Large bodies, and
 * requests that read stored conversations of unknown size, have separate threads, so that a request
 * of usual size never waits for one. The queues are bounded by the budget of the waiting bodies and
 * by the number of connections. Thread-safe.
 */
final class Workers implements AutoCloseable {
  /** The maximum size of a body that is parsed on the event loop, in bytes. */
  static final int MAX_ON_EVENT_LOOP = 4 << 10;

  /** The maximum size of a body of usual size, in bytes. */
  static final int MAX_USUAL = 64 << 10;

  private final ExecutorService usual;
  private final ExecutorService large;
  private final ExecutorService stored;

  /** Creates pools of {@code count} threads each, which start with their first task. */
  Workers(int count) {
    usual = pool("http-worker-", count);
    large = pool("http-large-worker-", count);
    stored = pool("http-stored-worker-", count);
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

  Executor of(int length) {
    return length <= MAX_USUAL ? usual : large;
  }

  /** Returns the executor of requests that may read a stored conversation. */
  Executor stored() {
    return stored;
  }

  @Override
  public void close() {
    usual.shutdownNow();
    large.shutdownNow();
    stored.shutdownNow();
  }
}
