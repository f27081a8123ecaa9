package io.github.openaikserve.server.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * Passes input on as a request if Vert.x would only close the connection, so that the client
 * receives an error. A head of an unsupported HTTP version becomes a malformed request; a body with
 * malformed chunks ends. Used on one event loop only.
 */
public final class Http1Filter extends ChannelInboundHandlerAdapter {
  private static final String DECODER = "httpDecoder"; // as Vert.x names it

  private int received;
  private int begun;

  /** The number of the request with a malformed body, which is the last one; 0 for none. */
  private int malformed;

  private boolean refused;

  private Http1Filter() {}

  /** Adds a filter once, if the connection decodes HTTP/1; returns whether it does. */
  public static boolean addTo(Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(DECODER) == null) {
      return false;
    }
    if (pipeline.get(Http1Filter.class) == null) {
      pipeline.addAfter(DECODER, "openai-kserve-filter", new Http1Filter());
    }
    return true;
  }

  /** Returns the filter of a connection; null if it has none. */
  public static @Nullable Http1Filter of(HttpConnection connection) {
    Channel channel = ForcedClose.channelOf(connection);
    return channel == null ? null : channel.pipeline().get(Http1Filter.class);
  }

  /** Returns the number of the next request; requests are answered in order. */
  public int begin() {
    return ++begun;
  }

  /** Returns whether the body of a request has ended because it is malformed. */
  public boolean isMalformed(int number) {
    return number == malformed;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (refused) { // the connection closes after the response
      ReferenceCountUtil.release(message);
    } else {
      super.channelRead(context, filtered(message));
    }
  }

  private Object filtered(Object message) {
    if (message instanceof HttpRequest head) {
      received++;
      return head.decoderResult().isSuccess() && !isSupported(head.protocolVersion())
          ? refused(head)
          : head;
    }
    if (message instanceof HttpContent content && content.decoderResult().isFailure()) {
      malformed = received;
      ReferenceCountUtil.release(content);
      return LastHttpContent.EMPTY_LAST_CONTENT;
    }
    return message;
  }

  /** Returns a malformed request, as Netty creates it for a head that it cannot decode. */
  private HttpRequest refused(HttpRequest head) {
    refused = true;
    ReferenceCountUtil.release(head);
    var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, head.method(), head.uri());
    request.setDecoderResult(DecoderResult.failure(new UnsupportedVersionException()));
    return request;
  }

  private static boolean isSupported(HttpVersion version) {
    return version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
  }

  public static final class UnsupportedVersionException extends Exception {
    private static final long serialVersionUID = 1;
  }
}
