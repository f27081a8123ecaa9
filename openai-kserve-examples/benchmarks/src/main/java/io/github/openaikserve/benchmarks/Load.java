package io.github.openaikserve.benchmarks;

import java.util.concurrent.atomic.LongAdder;

/**
 * So many streams at a time, each followed by another when it ends. A kind of client says how one
 * is opened. Thread-safe.
 */
abstract class Load implements AutoCloseable {
  final LongAdder tokens = new LongAdder();
  final LongAdder requests = new LongAdder();
  final LongAdder failures = new LongAdder();
  final Latencies firstTokens = new Latencies();
  private volatile boolean going;

  /** Opens one; {@link #ended} is called when it is over. */
  abstract void open(Work work);

  /** Cancels those that are open. */
  abstract void cancelAll();

  final boolean isGoing() {
    return going;
  }

  /**
   * Begins; not all in the same instant, and paced ones one by one, so that their tokens do not
   * come together either.
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

  /** A stream is over; another one takes its place. */
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
