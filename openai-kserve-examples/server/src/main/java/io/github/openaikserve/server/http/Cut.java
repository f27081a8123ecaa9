package io.github.openaikserve.server.http;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import org.jspecify.annotations.Nullable;

/** Closes connections whose clients take nothing. */
final class Cut {
  private Cut() {}

  /**
   * Closes without writing what waits. Vert.x's own close would wait for that for ever, and so
   * would the channel's, which Vert.x takes over.
   */
  static void through(HttpConnection connection) {
    Channel channel = channelOf(connection);
    if (channel == null) {
      connection.close();
    } else {
      channel.eventLoop().execute(() -> channel.unsafe().close(channel.newPromise()));
    }
  }

  /** Returns the socket of a connection; null if Vert.x does not show it. */
  static @Nullable Channel channelOf(HttpConnection connection) {
    return connection instanceof HttpServerConnection internal
        ? internal.channelHandlerContext().channel()
        : null;
  }
}
