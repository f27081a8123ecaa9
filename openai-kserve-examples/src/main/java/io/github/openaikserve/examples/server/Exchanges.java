package io.github.openaikserve.examples.server;

import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which connections are open, how many requests are being answered on them, and whether new ones
 * are welcome. Thread-safe.
 */
final class Exchanges {
  private final Map<HttpConnection, Use> connections = new HashMap<>();
  private final Set<Exchange> running = new HashSet<>();
  private boolean stopping;
  private boolean draining;

  /** Takes a connection, or hangs up when there are that many. */
  void opened(HttpConnection connection, int most) {
    if (!take(connection, most)) {
      connection.close();
    }
  }

  private synchronized boolean take(HttpConnection connection, int most) {
    if (connections.size() >= most) {
      return false;
    }
    connections.put(connection, new Use());
    connection.closeHandler(gone -> closed(connection));
    return true;
  }

  private synchronized void closed(HttpConnection connection) {
    connections.remove(connection);
  }

  /** Counts one in; false when no more are taken, except those that are taken to the end. */
  synchronized boolean begin(Exchange exchange, HttpConnection connection, boolean always) {
    if (draining && !always) {
      return false;
    }
    running.add(exchange);
    Use use = connections.get(connection);
    if (use != null) {
      use.running++;
    }
    return true;
  }

  synchronized void end(Exchange exchange, HttpConnection connection) {
    running.remove(exchange);
    Use use = connections.get(connection);
    if (use != null) {
      use.running--;
      use.idleSince = System.nanoTime();
    }
    notifyAll();
  }

  synchronized int running() {
    return running.size();
  }

  /** Hangs up on clients that have sent no whole request head for so long. */
  void hangUpOnIdle(long millis) {
    idle(TimeUnit.MILLISECONDS.toNanos(millis)).forEach(HttpConnection::close);
  }

  private synchronized List<HttpConnection> idle(long nanos) {
    long now = System.nanoTime();
    List<HttpConnection> idle = new ArrayList<>();
    connections.forEach(
        (connection, use) -> {
          if (use.running == 0 && now - use.idleSince >= nanos) {
            idle.add(connection);
          }
        });
    return idle;
  }

  /** Whether the end has been announced. */
  synchronized boolean isStopping() {
    return stopping;
  }

  /** Announces the end, and goes on for a while; if that is none, {@link #drain} announces it. */
  synchronized void announce(long millis) throws InterruptedException {
    if (millis <= 0) {
      return;
    }
    stopping = true;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = millis; left > 0; ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }
  }

  /** Refuses new ones and waits for those running; false when time ran out. */
  synchronized boolean drain(long millis) throws InterruptedException {
    stopping = true;
    draining = true;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!running.isEmpty()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** Ends those running, each as well as it can be ended now. */
  void endAll() {
    List<Exchange> left;
    synchronized (this) {
      left = List.copyOf(running);
    }
    left.forEach(exchange -> exchange.later(exchange::endNow));
  }

  /** Hangs up on everybody, heard or not. */
  void cutAll() {
    List<HttpConnection> left;
    synchronized (this) {
      left = List.copyOf(connections.keySet());
    }
    left.forEach(Cut::through);
  }

  /** A connection may have two at once: a pipelined one begins while the last bytes are sent. */
  private static final class Use {
    private int running;
    private long idleSince = System.nanoTime();
  }
}
