package io.github.openaikserve.server;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/** Closes connections whose clients take nothing. */
final class Cut {
  private Cut() {}

  /**
   * Closes without writing what waits. Vert.x's own close would wait for that for ever, and so
   * would the channel's, which Vert.x takes over.
   */
  static void through(HttpConnection connection) {
    if (connection instanceof HttpServerConnection internal) {
      Channel channel = internal.channelHandlerContext().channel();
      channel.eventLoop().execute(() -> channel.unsafe().close(channel.newPromise()));
    } else {
      connection.close();
    }
  }
}
