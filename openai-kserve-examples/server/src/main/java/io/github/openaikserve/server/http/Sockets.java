package io.github.openaikserve.server.http;

import io.github.openaikserve.server.connection.ForcedClose;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.impl.transports.TransportInternal;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.transport.Transport;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * A transport that reports every accepted socket. Vert.x reports a connection only after its TLS
 * handshake or its first byte, so clients that do neither would not count.
 */
final class Sockets extends NioTransport {
  private final Predicate<Channel> accepts;
  private final BiPredicate<Channel, Integer> received;

  private Sockets(Predicate<Channel> accepts, BiPredicate<Channel, Integer> received) {
    this.accepts = accepts;
    this.received = received;
  }

  /**
   * Returns a transport.
   *
   * @param accepts decides whether a socket stays open
   * @param received receives the number of bytes that arrived on a socket; returns false to discard
   *     them and close the socket
   */
  static Transport of(Predicate<Channel> accepts, BiPredicate<Channel, Integer> received) {
    return new TransportInternal("nio", true, null, new Sockets(accepts, received));
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
    super.configure(config, domainSocket, bootstrap);
    bootstrap.handler(new Acceptor(accepts, new Meter(received)));
  }

  /** Receives the sockets before they are registered with an event loop. */
  @Sharable
  private static final class Acceptor extends ChannelInboundHandlerAdapter {
    private final Predicate<Channel> accepts;
    private final Meter meter;

    Acceptor(Predicate<Channel> accepts, Meter meter) {
      this.accepts = accepts;
      this.meter = meter;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      if (!(message instanceof Channel socket)) {
        super.channelRead(context, message);
      } else if (accepts.test(socket)) {
        socket.pipeline().addLast(meter, new UpgradeFilter());
        super.channelRead(context, message);
      } else {
        socket.unsafe().closeForcibly();
      }
    }
  }

  /** Counts the bytes of each socket before they are decoded. */
  @Sharable
  private static final class Meter extends ChannelInboundHandlerAdapter {
    private final BiPredicate<Channel, Integer> received;

    Meter(BiPredicate<Channel, Integer> received) {
      this.received = received;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      if (message instanceof ByteBuf bytes
          && !received.test(context.channel(), bytes.readableBytes())) {
        bytes.release();
        ForcedClose.of(context.channel());
      } else {
        super.channelRead(context, message);
      }
    }
  }
}
