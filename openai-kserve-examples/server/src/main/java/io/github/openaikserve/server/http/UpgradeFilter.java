package io.github.openaikserve.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Hides the header {@code Upgrade} of the first request of a connection from Vert.x, which would
 * change to HTTP/2 in the middle of it: a proxy in front that does not know of the change would let
 * any request through. Clients of HTTP/2 without TLS begin with its preface. To those of HTTP/1 it
 * adds an {@link Http1Filter}.
 */
final class UpgradeFilter extends ChannelInboundHandlerAdapter {
  private static final String NAME = "\nupgrade:";
  private static final byte OTHER_LETTER = 'X';

  /** The length of the preface of HTTP/2, by whose bytes Vert.x tells the versions apart. */
  private static final int PREFACE = 24;

  /** The bytes that were passed on one by one. */
  private int single;

  /** How many characters of the name have been seen. */
  private int matched;

  /** Whether the line has had no character yet. */
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
      context.pipeline().remove(this); // which still passes this on
    }
    super.channelRead(context, bytes);
  }

  /** Passes the first bytes on one by one, to be there before Vert.x has decoded a head. */
  private void begin(ChannelHandlerContext context, ByteBuf bytes) {
    while (single < PREFACE && bytes.readableBytes() > 1) {
      context.fireChannelRead(bytes.readRetainedSlice(1));
      single = Http1Filter.addTo(context.channel()) ? PREFACE : single + 1;
    }
  }

  /** Changes the name where it stands; returns whether the head has ended. */
  private boolean hide(ByteBuf bytes) {
    for (int at = bytes.readerIndex(); at < bytes.writerIndex(); at++) {
      int c = bytes.getByte(at);
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
        bytes.setByte(at, OTHER_LETTER); // the last letter of the name
        matched = 0;
      }
    }
    return false;
  }
}
