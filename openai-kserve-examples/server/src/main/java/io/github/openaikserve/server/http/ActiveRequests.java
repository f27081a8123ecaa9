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
 * The open connections, their running requests, and whether new requests are accepted. A socket
 * counts as a connection even before its TLS handshake or its first byte. Thread-safe.
 */
final class ActiveRequests {
  private static final Logger log = LoggerFactory.getLogger(ActiveRequests.class);

  /** The number of connections, in tenths of the limit, below which the condition has ended. */
  private static final int TENTHS_TO_RECOVER = 9;

  /** Avoids repeated warnings while the number of connections varies around the limit. */
  private static final long MIN_BETWEEN_WARNINGS = TimeUnit.MINUTES.toNanos(1);

  /** The time that HTTP/2 connections stay open after the drain, for the ends of their streams. */
  private static final long CLOSING_MILLIS = 10_000;

  /** The sockets that are not yet HTTP connections, with the time of acceptance, oldest first. */
  private final Map<Channel, Long> sockets = new LinkedHashMap<>();

  private final Map<HttpConnection, Use> connections = new HashMap<>();

  /** The connections without a running request, the longest idle one first. */
  private final Set<HttpConnection> idle = new LinkedHashSet<>();

  private final Set<Exchange> running = new HashSet<>();
  private int fullAt;
  private long warnedAt;
  private long closedAtLimit;
  private boolean stopping;
  private boolean draining;
  private boolean delaySkipped;

  /**
   * Registers a socket that was just accepted. At the limit of connections, closes the connection
   * that has been silent for the longest time.
   *
   * @return false if every other connection has a running request; the caller must close the socket
   */
  boolean accepted(Channel socket, int max) {
    Runnable closing;
    synchronized (this) {
      closing = connections() < max ? () -> {} : closeLongestSilent(max);
      if (closing == null) {
        return false;
      }
      sockets.put(socket, System.nanoTime());
    }
    socket.closeFuture().addListener(closed -> gone(socket));
    closing.run();
    return true;
  }

  /** Registers a connection in place of its socket, with the same limit. */
  void opened(HttpConnection connection, int max) {
    Runnable closing = register(connection, max);
    if (closing != null) {
      closing.run();
    }
  }

  private synchronized @Nullable Runnable register(HttpConnection connection, int max) {
    Channel socket = ForcedClose.channelOf(connection);
    if (socket != null) {
      sockets.remove(socket);
      Http1Filter.addTo(socket);
    }
    Runnable closing = connections() < max ? null : closeLongestSilent(max);
    if (closing == null && connections() >= max) {
      return connection::close;
    }
    connections.put(connection, new Use());
    idle.add(connection);
    connection.closeHandler(gone -> closed(connection));
    return closing;
  }

  /** Returns an action that closes the longest silent connection; null if none is silent. */
  private @Nullable Runnable closeLongestSilent(int max) {
    if (fullAt == 0) {
      fullAt = max;
      long now = System.nanoTime();
      if (closedAtLimit == 0 || now - warnedAt > MIN_BETWEEN_WARNINGS) {
        warnedAt = now;
        log.warn("connection limit reached, closing silent connections limit={}", max);
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
    checkRecovery();
  }

  private synchronized void closed(HttpConnection connection) {
    connections.remove(connection);
    idle.remove(connection);
    checkRecovery();
  }

  private void checkRecovery() {
    if (connections() <= fullAt * TENTHS_TO_RECOVER / 10) {
      fullAt = 0;
    }
  }

  synchronized int connections() {
    return sockets.size() + connections.size();
  }

  /** Returns the number of connections that were closed because of the limit. */
  synchronized long closedAtLimit() {
    return closedAtLimit;
  }

  /** Counts a request that begins; returns false if it is refused. {@code always} accepts it. */
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

  /** Closes the connections on which no request has begun for this time. */
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
        break; // the others have been idle for a shorter time
      }
      // A client that does not read would keep the connection open after a regular close.
      closing.add(use.closing ? () -> ForcedClose.of(connection) : connection::close);
      use.closing = true;
    }
    return closing;
  }

  synchronized boolean isStopping() {
    return stopping;
  }

  /** Announces the shutdown and waits; without a wait, {@link #drain} announces it. */
  void announce(long millis) throws InterruptedException {
    if (millis <= 0) {
      return;
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    synchronized (this) {
      stopping = true;
      for (long left = millis; left > 0 && !delaySkipped; ) {
        wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      }
    }
  }

  /** Ends the wait of {@link #announce}, also of a later call. */
  synchronized void skipDelay() {
    delaySkipped = true;
    notifyAll();
  }

  /**
   * Refuses new requests, announces to HTTP/2 clients that their connection ends, and waits for the
   * running requests.
   *
   * @return false if requests still run after {@code millis}
   */
  boolean drain(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    refuse(Duration.ofMillis(millis + CLOSING_MILLIS));
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

  /** Ends the running requests with an error, as far as their responses allow it. */
  void endAll() {
    List<Exchange> left;
    synchronized (this) {
      left = List.copyOf(running);
    }
    left.forEach(exchange -> exchange.later(exchange::endNow));
  }

  /** Closes every connection at once and discards the bytes that wait for clients. */
  void forceCloseAll() {
    List<HttpConnection> left;
    synchronized (this) {
      left = List.copyOf(connections.keySet());
    }
    left.forEach(ForcedClose::of);
  }

  /** The use of a connection, on which pipelined requests and HTTP/2 streams run concurrently. */
  private static final class Use {
    private int running;
    private long idleSince = System.nanoTime();
    private boolean closing;
  }
}
