package io.github.openaikserve.benchmarks;

import java.util.concurrent.atomic.LongAdder;

/**
 * A load of a fixed number of concurrent streams; each one that ends is replaced. Subclasses open
 * streams. Thread-safe.
 */
abstract class Load implements AutoCloseable {
  final LongAdder tokens = new LongAdder();
  final LongAdder requests = new LongAdder();
  final LongAdder failures = new LongAdder();
  final Latencies firstTokens = new Latencies();
  private volatile boolean going;

  /** Opens a stream, which calls {@link #ended} at its end. */
  abstract void open(Work work);

  /** Cancels the open streams. */
  abstract void cancelAll();

  final boolean isGoing() {
    return going;
  }

  /**
   * Starts the streams: not all at once, and paced streams one by one, so that their tokens do not
   * arrive together.
   */
  final void start(Work work) throws InterruptedException {
    going = true;
    for (int i = 0; i < work.streams(); i++) {
      open(work);
      if (work.paceMillis() > 0 || i % 8 == 7) {
        Thread.sleep(1);
      }
    }
  }

  final void stop() {
    going = false;
    cancelAll();
  }

  /** Called at the end of a stream: opens another one. */
  final void ended(Work work, boolean well) {
    if (!going) {
      return;
    }
    (well ? requests : failures).increment();
    open(work);
  }

  @Override
  public void close() {
    stop();
  }
}
