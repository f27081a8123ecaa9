package io.github.openaikserve.server.http;

import io.github.openaikserve.server.connection.Http1Filter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Hides the header {@code Upgrade} of a connection's first request from Vert.x, which would switch
 * the connection to HTTP/2. A proxy that does not notice the switch would then pass any request
 * through. HTTP/2 clients without TLS begin with the preface. Adds an {@link Http1Filter} to HTTP/1
 * connections.
 */
final class UpgradeFilter extends ChannelInboundHandlerAdapter {
  private static final String NAME = "\nupgrade:";
  private static final byte OTHER_LETTER = 'X';

  /** The length of the HTTP/2 preface, by which Vert.x distinguishes the versions. */
  private static final int PREFACE = 24;

  /** The number of bytes that were passed on one by one. */
  private int single;

  /** The number of characters of {@link #NAME} that have matched. */
  private int matched;

  /** Whether the request line has begun; Netty's decoder skips empty lines before it. */
  private boolean begun;

  /** Whether the current line is empty so far. */
  private boolean empty;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (!(message instanceof ByteBuf bytes)) {
      super.channelRead(context, message);
      return;
    }
    boolean ended = hide(bytes);
    begin(context, bytes);
    if (ended) {
      context.pipeline().remove(this); // this call still passes the bytes on
    }
    super.channelRead(context, bytes);
  }

  /** Passes the first bytes on one by one, to add the filter before Vert.x decodes a head. */
  private void begin(ChannelHandlerContext context, ByteBuf bytes) {
    while (single < PREFACE && bytes.readableBytes() > 1) {
      context.fireChannelRead(bytes.readRetainedSlice(1));
      single = Http1Filter.addTo(context.channel()) ? PREFACE : single + 1;
    }
  }

  /** Changes the header's name in place; returns whether the head has ended. */
  private boolean hide(ByteBuf bytes) {
    byte[] copy = ByteBufUtil.getBytes(bytes); // the buffer checks each access to a byte
    for (int at = 0; at < copy.length; at++) {
      int c = copy[at];
      if (!begun && (Character.isISOControl(c) || Character.isWhitespace(c))) {
        continue;
      }
      begun = true;
      if (c == '\n') {
        if (empty) {
          return true;
        }
        empty = true;
        matched = 1;
        continue;
      }
      empty &= c == '\r';
      matched = matched > 0 && Character.toLowerCase(c) == NAME.charAt(matched) ? matched + 1 : 0;
      if (matched == NAME.length() - 1) {
        bytes.setByte(bytes.readerIndex() + at, OTHER_LETTER); // the last letter of the name
        matched = 0;
      }
    }
    return false;
  }
}
