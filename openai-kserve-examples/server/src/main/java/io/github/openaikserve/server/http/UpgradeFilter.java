package io.github.openaikserve.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Hides the header {@code Upgrade} of the first request of a connection from Vert.x, which would
 * change to HTTP/2 in the middle of it: a proxy in front that does not know of the change would let
 * any request through. Clients of HTTP/2 without TLS begin with its preface.
 */
final class UpgradeFilter extends ChannelInboundHandlerAdapter {
  private static final String NAME = "\nupgrade:";
  private static final byte OTHER_LETTER = 'X';

  /** How many characters of the name have been seen. */
  private int matched;

  /** Whether the line has had no character yet. */
  private boolean empty;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf bytes && hide(bytes)) {
      context.pipeline().remove(this);
    }
    super.channelRead(context, message);
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
