package io.github.openaikserve.grpc;

import io.grpc.Channel;

/**
 * A way to a server: one channel that repeats calls which failed, and one that does not. Immutable.
 */
record Way(Channel repeating, Channel once) {
  /** A channel that was given, which does as its maker told it. */
  static Way over(Channel channel) {
    return new Way(channel, channel);
  }

  Channel channel(boolean repeatable) {
    return repeatable ? repeating : once;
  }

  boolean has(Channel channel) {
    return channel == repeating || channel == once;
  }
}
