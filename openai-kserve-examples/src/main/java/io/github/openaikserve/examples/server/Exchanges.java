package io.github.openaikserve.examples.server;

import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Which connections are open, how many requests are being answered on them, and whether new ones
 * are welcome. Thread-safe.
 */
final class Exchanges {
  private final Map<HttpConnection, Use> connections = new HashMap<>();
  private int running;
  private boolean draining;

  synchronized void opened(HttpConnection connection) {
    connections.put(connection, new Use());
    connection.closeHandler(gone -> closed(connection));
  }

  private synchronized void closed(HttpConnection connection) {
    connections.remove(connection);
  }

  /** Counts one in; false when the server is stopping. */
  synchronized boolean begin(HttpConnection connection) {
    if (draining) {
      return false;
    }
    running++;
    Use use = connections.get(connection);
    if (use != null) {
      use.running++;
    }
    return true;
  }

  synchronized void end(HttpConnection connection) {
    running--;
    Use use = connections.get(connection);
    if (use != null) {
      use.running--;
      use.idleSince = System.nanoTime();
    }
    notifyAll();
  }

  synchronized int running() {
    return running;
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

  /** A connection may have two at once: a pipelined one begins while the last bytes are sent. */
  private static final class Use {
    private int running;
    private long idleSince = System.nanoTime();
  }
}
