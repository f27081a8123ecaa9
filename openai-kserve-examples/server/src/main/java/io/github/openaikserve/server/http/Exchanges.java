package io.github.openaikserve.server.http;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections, the requests that are being answered on them, and whether new requests are
 * accepted. A socket whose client has not yet finished its TLS handshake, or has sent nothing,
 * counts as a connection. Thread-safe.
 */
final class Exchanges {
  private static final Logger log = LoggerFactory.getLogger(Exchanges.class);

  /** The part of the maximum, in tenths, below which the next warning may come. */
  private static final int TENTHS_OF_CALM = 9;

  /** A number of connections that goes up and down at the maximum is one condition. */
  private static final long MIN_BETWEEN_WARNINGS = TimeUnit.MINUTES.toNanos(1);

  /** How much longer than the wait for its streams a connection of HTTP/2 lives, for their ends. */
  private static final long LAST_WORDS_MILLIS = 10_000;

  /** The sockets that are not yet HTTP connections and when they were accepted, oldest first. */
  private final Map<Channel, Long> sockets = new LinkedHashMap<>();

  private final Map<HttpConnection, Use> connections = new HashMap<>();

  /** The connections without a running request, the one that is idle for longest first. */
  private final Set<HttpConnection> idle = new LinkedHashSet<>();

  private final Set<Exchange> running = new HashSet<>();
  private int fullAt;
  private long warnedAt;
  private long closedAtLimit;
  private boolean stopping;
  private boolean draining;
  private boolean hurried;

  /**
   * Takes a socket that was just accepted. If the maximum is open, closes the connection that has
   * been silent for the longest time.
   *
   * @return false if each of the others has a request, so that the new socket must be closed
   */
  boolean accepted(Channel socket, int most) {
    Runnable closing;
    synchronized (this) {
      closing = connections() < most ? () -> {} : closeLongestSilent(most);
      if (closing == null) {
        return false;
      }
      sockets.put(socket, System.nanoTime());
    }
    socket.closeFuture().addListener(closed -> gone(socket));
    closing.run();
    return true;
  }

  /** Takes a connection, in place of its socket, with the same maximum. */
  void opened(HttpConnection connection, int most) {
    Runnable closing = take(connection, most);
    if (closing != null) {
      closing.run();
    }
  }

  private synchronized @Nullable Runnable take(HttpConnection connection, int most) {
    Channel socket = Cut.channelOf(connection);
    if (socket != null) {
      sockets.remove(socket);
      Http1Filter.addTo(socket);
    }
    Runnable closing = connections() < most ? null : closeLongestSilent(most);
    if (closing == null && connections() >= most) {
      return connection::close;
    }
    connections.put(connection, new Use());
    idle.add(connection);
    connection.closeHandler(gone -> closed(connection));
    return closing;
  }

  /** Returns what closes the connection that is silent for longest; null if none is silent. */
  private @Nullable Runnable closeLongestSilent(int most) {
    if (fullAt == 0) {
      fullAt = most;
      long now = System.nanoTime();
      if (closedAtLimit == 0 || now - warnedAt > MIN_BETWEEN_WARNINGS) {
        warnedAt = now;
        log.warn("connection limit reached, closing silent connections limit={}", most);
      }
    }
    closedAtLimit++;
    Map.Entry<Channel, Long> socket =
        sockets.isEmpty() ? null : sockets.entrySet().iterator().next();
    HttpConnection connection = idle.isEmpty() ? null : idle.iterator().next();
    Use use = connection == null ? null : connections.get(connection);
    if (connection != null
        && use != null
        && (socket == null || use.idleSince < socket.getValue())) {
      closed(connection);
      return connection::close;
    }
    if (socket == null) {
      return null;
    }
    sockets.remove(socket.getKey());
    return socket.getKey()::close;
  }

  private synchronized void gone(Channel socket) {
    sockets.remove(socket);
    calm();
  }

  private synchronized void closed(HttpConnection connection) {
    connections.remove(connection);
    idle.remove(connection);
    calm();
  }

  private void calm() {
    if (connections() <= fullAt * TENTHS_OF_CALM / 10) {
      fullAt = 0;
    }
  }

  /** Returns the number of open connections. */
  synchronized int connections() {
    return sockets.size() + connections.size();
  }

  /** Returns the number of connections that were closed because too many were open. */
  synchronized long closedAtLimit() {
    return closedAtLimit;
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

  /** Closes the connections of clients that have sent no whole request head for a time. */
  void closeIdle(long millis) {
    silent(TimeUnit.MILLISECONDS.toNanos(millis)).forEach(Runnable::run);
  }

  private synchronized List<Runnable> silent(long nanos) {
    long now = System.nanoTime();
    List<Runnable> closing = new ArrayList<>();
    for (Map.Entry<Channel, Long> socket : sockets.entrySet()) {
      if (now - socket.getValue() < nanos) {
        break; // the others were accepted later
      }
      closing.add(socket.getKey()::close);
    }
    for (HttpConnection connection : idle) {
      Use use = connections.get(connection);
      if (use == null || now - use.idleSince < nanos) {
        break; // the others are idle for a shorter time
      }
      // A client that takes nothing would keep the connection open, however politely it is closed.
      closing.add(use.closing ? () -> Cut.through(connection) : connection::close);
      use.closing = true;
    }
    return closing;
  }

  /** Returns whether the end has been announced. */
  synchronized boolean isStopping() {
    return stopping;
  }

  /** Announces the end, and goes on for a while; if that is none, {@link #drain} announces it. */
  void announce(long millis) throws InterruptedException {
    if (millis <= 0) {
      return;
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    synchronized (this) {
      stopping = true;
      for (long left = millis; left > 0 && !hurried; ) {
        wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      }
    }
  }

  /** Ends the wait of {@link #announce}, also of a later one. */
  synchronized void hurry() {
    hurried = true;
    notifyAll();
  }

  /**
   * Refuses new requests, tells clients of HTTP/2 that their connection ends, and waits for the
   * running requests.
   *
   * @return false when time ran out
   */
  boolean drain(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    refuse(Duration.ofMillis(millis + LAST_WORDS_MILLIS));
    synchronized (this) {
      while (!running.isEmpty()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    }
  }

  private void refuse(Duration limit) {
    List<HttpConnection> ending = new ArrayList<>();
    synchronized (this) {
      stopping = true;
      draining = true;
      connections.keySet().stream()
          .filter(connection -> connection.protocolVersion() == HttpVersion.HTTP_2)
          .forEach(ending::add);
    }
    ending.forEach(connection -> connection.shutdown(limit));
  }

  /** Ends those running, each as well as it can be ended now. */
  void endAll() {
    List<Exchange> left;
    synchronized (this) {
      left = List.copyOf(running);
    }
    left.forEach(exchange -> exchange.later(exchange::endNow));
  }

  /** Closes every connection at once, whatever waits to be written. */
  void cutAll() {
    List<HttpConnection> left;
    synchronized (this) {
      left = List.copyOf(connections.keySet());
    }
    left.forEach(Cut::through);
  }

  /** The use of a connection: pipelined requests, and streams of HTTP/2, run at the same time. */
  private static final class Use {
    private int running;
    private long idleSince = System.nanoTime();
    private boolean closing;
  }
}
