package io.github.openaikserve.grpc.internal.port;

import io.github.openaikserve.grpc.internal.status.CallStatus;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A channel for one attempt of a call, which counts as in flight until the lease is released. */
public final class ChannelLease {
  private final OpenChannel channel;
  private final boolean streamPort;
  private final @Nullable Runnable permit;
  private final @Nullable CallStatus before;
  private final AtomicBoolean released = new AtomicBoolean();

  private ChannelLease(
      OpenChannel channel,
      boolean streamPort,
      @Nullable Runnable permit,
      @Nullable CallStatus before) {
    this.channel = channel;
    this.streamPort = streamPort;
    this.permit = permit;
    this.before = before;
    channel.begin();
  }

  /** Returns a lease of a channel to the target. */
  static ChannelLease toTarget(OpenChannel channel) {
    return new ChannelLease(channel, false, null, null);
  }

  /** Returns a lease of a channel to the target, with a permit that {@link #release} releases. */
  static ChannelLease toTarget(OpenChannel channel, Runnable permit) {
    return new ChannelLease(channel, false, permit, null);
  }

  /**
   * Returns a lease of a channel to the stream port; {@code before} is null for the first attempt.
   */
  static ChannelLease toStreamPort(OpenChannel channel, @Nullable CallStatus before) {
    return new ChannelLease(channel, true, null, before);
  }

  /** Returns a lease of the same channel, for a repeated call. */
  public ChannelLease again() {
    return new ChannelLease(channel, streamPort, null, before);
  }

  public OpenChannel channel() {
    return channel;
  }

  boolean isStreamPort() {
    return streamPort;
  }

  /** Returns the attempt at the target that failed; null if this is the first. */
  public @Nullable CallStatus before() {
    return before;
  }

  /** Ends the call in flight. Has no effect the second time. */
  public void release() {
    if (released.compareAndSet(false, true)) {
      channel.end();
      if (permit != null) {
        permit.run();
      }
    }
  }
}
