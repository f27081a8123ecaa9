package io.github.openaikserve.grpc;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A channel, its calls in flight, and what they revealed about its connection. Thread-safe. */
final class OpenChannel {
  private final Channel channel;
  private final @Nullable ManagedChannel owned;
  private final AtomicInteger calls = new AtomicInteger();
  private final long opened = System.nanoTime();
  private volatile boolean failed;
  private volatile boolean heard;
  private volatile boolean lost;

  private OpenChannel(Channel channel, @Nullable ManagedChannel owned) {
    this.channel = channel;
    this.owned = owned;
  }

  /** Returns a channel that is closed with the connection. */
  static OpenChannel owned(ManagedChannel channel) {
    return new OpenChannel(channel, channel);
  }

  /** Returns a channel whose creator closes it; it is never replaced. */
  static OpenChannel borrowed(Channel channel) {
    return new OpenChannel(channel, null);
  }

  Channel channel() {
    return channel;
  }

  /** Returns the number of calls in flight. */
  int calls() {
    return calls.get();
  }

  void begin() {
    calls.incrementAndGet();
  }

  void end() {
    calls.decrementAndGet();
  }

  /** Notes that the server has sent something. */
  void heard() {
    if (!heard) { // a read for each message, a write for each probe
      heard = true;
    }
  }

  /** Returns whether the server has sent something since the last time this was asked. */
  boolean takeHeard() {
    boolean before = heard;
    heard = false;
    return before;
  }

  /**
   * Notes the end of a call and returns who ended it.
   *
   * @param headers whether the call has received headers
   * @param credentials of the call; null if it has none
   */
  StatusOrigin ended(
      Status status, Metadata trailers, boolean headers, @Nullable WatchedCredentials credentials) {
    if (credentials != null) {
      credentials.ended(status);
    }
    if (status.isOk()) {
      heard();
      return StatusOrigin.SERVER;
    }
    StatusOrigin origin =
        credentials != null && credentials.failed()
            ? StatusOrigin.LOCAL
            : StatusOrigin.of(status, trailers, headers);
    if (origin == StatusOrigin.LOCAL && lost) {
      return StatusOrigin.CONNECTION;
    }
    if (origin == StatusOrigin.CONNECTION) {
      failed = true;
    } else if (origin != StatusOrigin.LOCAL) {
      heard();
    }
    return origin;
  }

  /** Returns whether a call has failed because of the connection. */
  boolean isFailed() {
    return failed && owned != null;
  }

  long age() {
    return System.nanoTime() - opened;
  }

  /** Closes the channel when its calls in flight have ended. */
  void retire() {
    if (owned != null) {
      owned.shutdown();
    }
  }

  /** Ends the calls in flight: the connection was lost. */
  void lose() {
    lost = true;
    close();
  }

  /** Ends the calls in flight. */
  void close() {
    if (owned != null) {
      owned.shutdownNow();
    }
  }

  boolean isTerminated() {
    return owned == null || owned.isTerminated();
  }
}
