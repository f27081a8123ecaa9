package io.github.openaikserve.grpc.internal.port;

import io.github.openaikserve.grpc.internal.status.CallStatus;
import io.github.openaikserve.grpc.internal.status.StatusOrigin;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A channel with its calls in flight and the observed state of its connection. Thread-safe. */
public final class OpenChannel {
  private final Channel channel;
  private final @Nullable ManagedChannel owned;
  private final AtomicInteger calls = new AtomicInteger();
  private final long opened = System.nanoTime();
  private volatile boolean failed;
  private volatile boolean active;
  private volatile boolean lost;

  private OpenChannel(Channel channel, @Nullable ManagedChannel owned) {
    this.channel = channel;
    this.owned = owned;
  }

  /** Returns a channel that is closed with the connection. */
  public static OpenChannel owned(ManagedChannel channel) {
    return new OpenChannel(channel, channel);
  }

  /** Returns a channel whose creator closes it; it is never replaced. */
  public static OpenChannel borrowed(Channel channel) {
    return new OpenChannel(channel, null);
  }

  public Channel channel() {
    return channel;
  }

  /** Returns the number of calls in flight. */
  int calls() {
    return calls.get();
  }

  public void begin() {
    calls.incrementAndGet();
  }

  public void end() {
    calls.decrementAndGet();
  }

  /** Records that the server has sent something. */
  public void markActive() {
    if (!active) { // most messages cost a read only, no write
      active = true;
    }
  }

  /** Returns whether the server has sent something since the last call of this method. */
  boolean takeActivity() {
    boolean before = active;
    active = false;
    return before;
  }

  /**
   * Records the end of a call and returns it with its origin.
   *
   * @param headers whether the call has received headers
   * @param credentials those of the call; null for none
   */
  public CallStatus ended(
      Status status, Metadata trailers, boolean headers, @Nullable WatchedCredentials credentials) {
    if (credentials != null) {
      credentials.ended(status);
    }
    StatusOrigin origin = origin(status, trailers, headers, credentials);
    if (origin == StatusOrigin.CONNECTION) {
      failed = true;
    } else if (origin != StatusOrigin.LOCAL) {
      markActive();
    }
    return new CallStatus(status, origin, trailers);
  }

  private StatusOrigin origin(
      Status status, Metadata trailers, boolean headers, @Nullable WatchedCredentials credentials) {
    if (status.isOk()) {
      return StatusOrigin.SERVER;
    }
    StatusOrigin origin =
        credentials != null && credentials.failed()
            ? StatusOrigin.LOCAL
            : StatusOrigin.of(status, trailers, headers);
    return origin == StatusOrigin.LOCAL && lost ? StatusOrigin.CONNECTION : origin;
  }

  /** Returns whether a call has failed because of the connection. */
  boolean isFailed() {
    return failed && owned != null;
  }

  long age() {
    return System.nanoTime() - opened;
  }

  /** Shuts the channel down: calls in flight continue, new ones are refused. */
  void retire() {
    if (owned != null) {
      owned.shutdown();
    }
  }

  /** Ends the calls in flight and attributes their end to a lost connection. */
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
