package io.github.openaikserve.server;

import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which connections are open, how many requests are being answered on them, and whether new ones
 * are welcome. Thread-safe.
 */
final class Exchanges {
  private static final Logger log = LoggerFactory.getLogger(Exchanges.class);
  private static final long WARNING_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Map<HttpConnection, Use> connections = new HashMap<>();

  /** The connections without a running request, the one that is idle for longest first. */
  private final Set<HttpConnection> idle = new LinkedHashSet<>();

  private @Nullable Long lastWarning;
  private final Set<Exchange> running = new HashSet<>();
  private boolean stopping;
  private boolean draining;

  /**
   * Takes a connection. If the maximum is open, closes the connection that has been idle for the
   * longest time, or the new one if each of the others has a request.
   */
  void opened(HttpConnection connection, int most) {
    HttpConnection closed = take(connection, most);
    if (closed != null) {
      closed.close();
    }
  }

  private synchronized @Nullable HttpConnection take(HttpConnection connection, int most) {
    HttpConnection closed = null;
    if (connections.size() >= most) {
      closed = idle.isEmpty() ? connection : idle.iterator().next();
      warnOfMaximum(most);
      if (closed == connection) {
        return closed;
      }
      closed(closed);
    }
    connections.put(connection, new Use());
    idle.add(connection);
    connection.closeHandler(gone -> closed(connection));
    return closed;
  }

  private void warnOfMaximum(int most) {
    long now = System.nanoTime();
    if (lastWarning == null || now - lastWarning >= WARNING_INTERVAL_NANOS) {
      lastWarning = now;
      log.warn("connection limit reached, closing idle connections limit={}", most);
    }
  }

  private synchronized void closed(HttpConnection connection) {
    connections.remove(connection);
    idle.remove(connection);
  }

  /** Returns the number of open connections. */
  synchronized int connections() {
    return connections.size();
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
      idle.remove(connection);
    }
    return true;
  }

  synchronized void end(Exchange exchange, HttpConnection connection) {
    running.remove(exchange);
    Use use = connections.get(connection);
    if (use != null) {
      use.running--;
      if (use.running == 0) {
        use.idleSince = System.nanoTime();
        idle.add(connection);
      }
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
    List<HttpConnection> found = new ArrayList<>();
    for (HttpConnection connection : idle) {
      Use use = connections.get(connection);
      if (use == null || now - use.idleSince < nanos) {
        break; // the others are idle for a shorter time
      }
      found.add(connection);
    }
    return found;
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
