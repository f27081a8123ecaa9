package io.github.openaikserve.server.connection;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import org.jspecify.annotations.Nullable;

/** Closes connections whose clients do not read. */
public final class ForcedClose {
  private ForcedClose() {}

  /**
   * Closes a connection and discards the bytes that wait for its client. Vert.x's own close would
   * wait for them without a limit, and so would the channel's, which Vert.x intercepts.
   */
  public static void of(HttpConnection connection) {
    Channel channel = channelOf(connection);
    if (channel == null) {
      connection.close();
    } else {
      of(channel);
    }
  }

  /** Closes a socket: at once on its event loop, which may read many others before its tasks. */
  public static void of(Channel channel) {
    if (channel.eventLoop().inEventLoop()) {
      close(channel);
    } else {
      channel.eventLoop().execute(() -> close(channel));
    }
  }

  /** Vert.x reports each frame of HTTP/2 that was not sent to all streams, so few must be left. */
  private static void close(Channel channel) {
    channel.unsafe().flush();
    channel.unsafe().close(channel.newPromise());
  }

  /** Returns the channel of a connection; null if Vert.x does not expose it. */
  public static @Nullable Channel channelOf(HttpConnection connection) {
    return connection instanceof HttpServerConnection internal
        ? internal.channelHandlerContext().channel()
        : null;
  }
}
