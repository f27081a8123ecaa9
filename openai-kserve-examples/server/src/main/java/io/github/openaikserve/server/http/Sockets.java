package io.github.openaikserve.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.impl.transports.TransportInternal;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.transport.Transport;
import java.util.function.Predicate;

/**
 * A transport that reports every accepted socket. Vert.x reports a connection only after its TLS
 * handshake or its first byte, so clients that do neither would not count.
 */
final class Sockets extends NioTransport {
  private final Predicate<Channel> accepts;

  private Sockets(Predicate<Channel> accepts) {
    this.accepts = accepts;
  }

  /**
   * Returns a transport.
   *
   * @param accepts decides whether a socket stays open
   */
  static Transport of(Predicate<Channel> accepts) {
    return new TransportInternal("nio", true, null, new Sockets(accepts));
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
    super.configure(config, domainSocket, bootstrap);
    bootstrap.handler(new Acceptor(accepts));
  }

  /** Receives the sockets before they are registered with an event loop. */
  @Sharable
  private static final class Acceptor extends ChannelInboundHandlerAdapter {
    private final Predicate<Channel> accepts;

    Acceptor(Predicate<Channel> accepts) {
      this.accepts = accepts;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      if (!(message instanceof Channel socket)) {
        super.channelRead(context, message);
      } else if (accepts.test(socket)) {
        socket.pipeline().addLast(new UpgradeFilter());
        super.channelRead(context, message);
      } else {
        socket.unsafe().closeForcibly();
      }
    }
  }
}
