package io.github.openaikserve.server.connection;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections, and the memory that they hold while the server waits for their clients. A
 * socket counts as a connection even before its TLS handshake or its first byte. Thread-safe.
 *
 * <p>A connection is silent while the server works on none of its requests: it waits for the rest
 * of a request, or for the client to read. Above a limit, the connections that have been silent for
 * the longest time are closed.
 */
public final class OpenConnections {
  private static final Logger log = LoggerFactory.getLogger(OpenConnections.class);

  /** The part of a limit, in tenths, below which the condition has ended. */
  private static final int TENTHS_TO_RECOVER = 9;

  /** Avoids repeated warnings while a value varies around its limit. */
  private static final long MIN_BETWEEN_WARNINGS = TimeUnit.MINUTES.toNanos(1);

  /** The maximum bytes that a decoder holds of one unfinished head. */
  private static final int MAX_UNDECODED = 128 << 10;

  /** The memory of a usual client, such as one with a health check, which is always served. */
  private static final int USUAL = 16 << 10;

  /** The connections by channel, or by themselves if their channel is not known. */
  private final Map<Object, ConnectionUse> open = new HashMap<>();

  /** The silent connections, the longest silent one first. */
  private final Set<ConnectionUse> silent = new LinkedHashSet<>();

  /** The silent connections that hold memory, in the same order. */
  private final Set<ConnectionUse> holding = new LinkedHashSet<>();

  /** Those that hold more than a usual client, in the same order. */
  private final Set<ConnectionUse> large = new LinkedHashSet<>();

  private final long maxHeld;
  private long held;

  /** The memory of connections that their event loops have not closed yet, by channel. */
  private final Map<Object, Long> closing = new HashMap<>();

  private long releasing;
  private int fullAt;
  private long warnedAt = System.nanoTime() - MIN_BETWEEN_WARNINGS;
  private boolean heldFull;
  private long closedAtLimit;

  /** Creates an empty registry; silent connections hold at most {@code maxHeld} bytes in total. */
  public OpenConnections(long maxHeld) {
    this.maxHeld = maxHeld;
  }

  /**
   * Registers a socket that was just accepted. At the limit of connections, closes the connection
   * that has been silent for the longest time.
   *
   * @return false if no other connection is silent; the caller must close the socket
   */
  public boolean accepted(Channel socket, int max) {
    if (!register(socket, null, max)) {
      return false;
    }
    socket.closeFuture().addListener(closed -> gone(socket));
    return true;
  }

  /**
   * Registers a connection in place of its socket, which was accepted before; one without a known
   * socket counts from now, with the same limit.
   */
  public void opened(HttpConnection connection, int max) {
    Channel socket = ForcedClose.channelOf(connection);
    if (socket != null) {
      Http1Filter.addTo(socket);
    }
    Object key = keyOf(connection);
    synchronized (this) {
      ConnectionUse use = open.get(key);
      if (use != null) {
        use.connection = connection;
        touch(use);
        return;
      }
    }
    // The socket was closed at a limit, and its event loop has read on.
    if (socket != null) {
      ForcedClose.of(socket);
      return;
    }
    if (register(key, connection, max)) {
      connection.closeHandler(gone -> gone(key));
    } else {
      connection.close();
    }
  }

  private boolean register(Object key, @Nullable HttpConnection connection, int max) {
    List<Runnable> actions = new ArrayList<>();
    synchronized (this) {
      if (open.size() >= max) {
        warn(max);
        closedAtLimit++;
        if (silent.isEmpty()) {
          return false;
        }
        ConnectionUse longest = silent.iterator().next();
        remove(longest);
        // A regular close would wait for requests whose clients send and read nothing.
        actions.add(longest.requests > 0 ? longest.forcedClose() : longest.regularClose());
      }
      var use = new ConnectionUse(key, connection);
      open.put(key, use);
      touch(use);
    }
    actions.forEach(Runnable::run);
    return true;
  }

  private void warn(int max) {
    if (fullAt == 0) {
      fullAt = max;
      if (isWarningDue()) {
        log.warn("connection limit reached, closing silent connections limit={}", max);
      }
    }
  }

  private boolean isWarningDue() {
    long now = System.nanoTime();
    boolean due = now - warnedAt >= MIN_BETWEEN_WARNINGS;
    warnedAt = due ? now : warnedAt;
    return due;
  }

  private static Object keyOf(HttpConnection connection) {
    Channel socket = ForcedClose.channelOf(connection);
    return socket == null ? connection : socket;
  }

  private void remove(ConnectionUse use) {
    open.remove(use.key);
    forgetOrder(use);
    held -= use.bytes();
    use.forgotten = true;
    if (open.size() <= fullAt * TENTHS_TO_RECOVER / 10) {
      fullAt = 0;
    }
  }

  /** Returns an action that closes a connection, whose memory is released later. */
  private Runnable forget(ConnectionUse use) {
    if (use.key instanceof Channel socket && socket.isOpen()) {
      closing.put(socket, use.bytes());
      releasing += use.bytes();
    }
    remove(use);
    return use.forcedClose();
  }

  private synchronized void gone(Object key) {
    Long released = closing.remove(key);
    releasing -= released == null ? 0 : released;
    ConnectionUse use = open.get(key);
    if (use != null) {
      remove(use);
    }
  }

  /**
   * Counts bytes that arrived on a connection; they are held until they belong to a request.
   *
   * @return false if the connections that were closed hold too much memory still; the caller must
   *     close this one and discard the bytes
   */
  public boolean received(Channel socket, int bytes) {
    List<Runnable> actions;
    synchronized (this) {
      ConnectionUse use = open.get(socket);
      if (use == null) {
        return !closing.containsKey(socket);
      }
      if (use.working > 0) {
        return true; // a client that the server works for may send in advance
      }
      if (releasing > maxHeld && use.bytes() + ConnectionUse.UNDECODED * bytes > USUAL) {
        closedAtLimit++;
        remove(use);
        return false;
      }
      long more = Math.min(bytes, MAX_UNDECODED - use.undecoded) * ConnectionUse.UNDECODED;
      use.undecoded += more / ConnectionUse.UNDECODED;
      held += more;
      touch(use);
      actions = shed();
    }
    actions.forEach(Runnable::run);
    return true;
  }

  /**
   * Closes silent connections until the others hold no more than the maximum. The caller holds the
   * lock, and runs the actions without it.
   */
  List<Runnable> shed() {
    List<Runnable> actions = new ArrayList<>(0);
    while (held > maxHeld && !holding.isEmpty()) {
      if (!heldFull && isWarningDue()) {
        log.warn("memory of silent connections is full, closing them limit={}", maxHeld);
      }
      heldFull = true;
      closedAtLimit++;
      // A usual client may seem silent only because this server is late.
      actions.add(forget((large.isEmpty() ? holding : large).iterator().next()));
    }
    heldFull &= held > maxHeld / 10 * TENTHS_TO_RECOVER;
    return actions;
  }

  /** Adds to the memory of a connection. The caller holds the lock. */
  void hold(ConnectionUse use, long change) {
    held += use.forgotten ? 0 : change;
  }

  /**
   * Notes that a client has sent or read something, or that its connection becomes silent. The
   * caller holds the lock.
   */
  void touch(ConnectionUse use) {
    forgetOrder(use);
    use.since = System.nanoTime();
    if (use.working == 0 && !use.forgotten) {
      silent.add(use);
      if (use.bytes() > 0) {
        holding.add(use);
      }
      if (use.bytes() > USUAL) {
        large.add(use);
      }
    }
  }

  private void forgetOrder(ConnectionUse use) {
    silent.remove(use);
    holding.remove(use);
    large.remove(use);
  }

  /**
   * Registers a request that begins, and for whose body the server waits.
   *
   * @param bytes the memory that the request holds
   * @return null if all requests that wait hold too much memory
   */
  public @Nullable WaitingRequest begin(HttpConnection connection, long bytes) {
    List<Runnable> actions;
    WaitingRequest request;
    synchronized (this) {
      ConnectionUse known = open.get(keyOf(connection));
      ConnectionUse used = known == null ? ConnectionUse.closed(connection) : known;
      request = new WaitingRequest(this, used, bytes);
      actions = shed();
      if (held > maxHeld) {
        request.leave();
      } else if (releasing > maxHeld && used.bytes() > USUAL && !used.forgotten) {
        closedAtLimit++;
        actions.add(forget(used));
      }
    }
    actions.forEach(Runnable::run);
    return request.hasEnded() ? null : request;
  }

  public synchronized int count() {
    return open.size();
  }

  /** Returns the number of connections on which the server waits for the client. */
  public synchronized int silent() {
    return silent.size();
  }

  /** Returns the number of connections that were closed because of a limit. */
  public synchronized long closedAtLimit() {
    return closedAtLimit;
  }

  /** Returns the memory that silent connections hold, in bytes. */
  public synchronized long held() {
    return held;
  }

  /** Returns the connections whose protocol is known. */
  public synchronized List<HttpConnection> connections() {
    return open.values().stream().map(use -> use.connection).filter(Objects::nonNull).toList();
  }

  /** Closes the connections without a request that have been silent for this time. */
  public void closeIdle(long millis) {
    idle(TimeUnit.MILLISECONDS.toNanos(millis)).forEach(Runnable::run);
  }

  private synchronized List<Runnable> idle(long nanos) {
    long now = System.nanoTime();
    List<Runnable> actions = new ArrayList<>();
    Iterator<ConnectionUse> longestFirst = silent.iterator();
    while (longestFirst.hasNext()) {
      ConnectionUse use = longestFirst.next();
      if (now - use.since < nanos) {
        break; // the others have been silent for a shorter time
      }
      if (use.requests == 0) { // a request has its own timeout
        actions.add(use.regularClose());
      }
    }
    return actions;
  }
}
