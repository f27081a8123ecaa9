package io.github.openaikserve.server.connection;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * The use of a connection, on which pipelined requests and HTTP/2 streams run concurrently. The
 * lock of {@link OpenConnections} guards it.
 */
final class ConnectionUse {
  /** The memory of a byte of an unfinished head, which the decoder holds as text. */
  static final long UNDECODED = 2;

  final Object key;
  @Nullable HttpConnection connection;
  int requests;

  /** The number of requests that do not wait for the client. */
  int working;

  long waitingBytes;
  long undecoded;
  long since;
  private boolean closing;
  boolean forgotten;

  ConnectionUse(Object key, @Nullable HttpConnection connection) {
    this.key = key;
    this.connection = connection;
  }

  /** Returns the use of a connection that is closed already. */
  static ConnectionUse closed(HttpConnection connection) {
    var use = new ConnectionUse(connection, connection);
    use.forgotten = true;
    return use;
  }

  long bytes() {
    return waitingBytes + UNDECODED * undecoded;
  }

  Runnable forcedClose() {
    HttpConnection http = connection;
    return http == null ? () -> ForcedClose.of((Channel) key) : () -> ForcedClose.of(http);
  }

  /** A client that does not read would keep the connection open after a regular close. */
  Runnable regularClose() {
    HttpConnection http = connection;
    boolean again = closing;
    closing = true;
    if (http == null) {
      return ((Channel) key)::close;
    }
    return again ? () -> ForcedClose.of(http) : http::close;
  }
}
