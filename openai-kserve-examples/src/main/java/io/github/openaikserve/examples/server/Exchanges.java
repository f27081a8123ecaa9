package io.github.openaikserve.examples.server;

import java.util.concurrent.TimeUnit;

/** How many requests are being answered, and whether new ones are. Thread-safe. */
final class Exchanges {
  private int running;
  private boolean draining;

  /** Counts one in; false when the server is stopping. */
  synchronized boolean begin() {
    if (draining) {
      return false;
    }
    running++;
    return true;
  }

  synchronized void end() {
    running--;
    notifyAll();
  }

  synchronized int running() {
    return running;
  }

  /** Refuses new ones and waits for those running; false when time ran out. */
  synchronized boolean drain(long millis) throws InterruptedException {
    draining = true;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (running > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
