package io.github.openaikserve.httpclient;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The running exchanges of a client. Thread-safe. */
final class RunningExchanges {
  // Guarded by this.
  private final Set<Exchange<?>> exchanges = new HashSet<>();
  private boolean shutDown;

  /** Registers an exchange. Returns false if the client was shut down. */
  synchronized boolean begin(Exchange<?> exchange) {
    return !shutDown && exchanges.add(exchange);
  }

  synchronized void end(Exchange<?> exchange) {
    exchanges.remove(exchange);
    notifyAll();
  }

  synchronized void shutdown() {
    shutDown = true;
    notifyAll();
  }

  void abort(IOException failure) {
    List<Exchange<?>> aborted;
    synchronized (this) {
      aborted = List.copyOf(exchanges);
    }
    aborted.forEach(exchange -> exchange.abort(failure));
  }

  synchronized boolean isTerminated() {
    return shutDown && exchanges.isEmpty();
  }

  synchronized boolean awaitTermination(Duration duration) throws InterruptedException {
    long limit = TimeUnit.NANOSECONDS.convert(duration);
    long begun = System.nanoTime();
    while (!isTerminated()) {
      long left = limit - (System.nanoTime() - begun);
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
    return true;
  }
}
