package io.github.openaikserve.grpc;

import io.github.openaikserve.error.BackendException;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The channel of one attempt of a call. Counts as a call in flight until it is released. */
final class Route {
  private final OpenChannel channel;
  private final boolean streamPort;
  private final @Nullable Runnable permit;
  private final @Nullable Attempt before;
  private final AtomicBoolean released = new AtomicBoolean();

  /** The end of a failed attempt. */
  record Attempt(Status status, StatusOrigin origin, Metadata trailers) {
    boolean isFromServer(Status.Code code) {
      return origin == StatusOrigin.SERVER && status.getCode() == code;
    }

    /** Returns whether the server does not implement the RPC. */
    boolean isUnimplemented() {
      return isFromServer(Status.Code.UNIMPLEMENTED);
    }

    BackendException failure() {
      return CallFailure.of(status, origin, trailers);
    }
  }

  private Route(
      OpenChannel channel,
      boolean streamPort,
      @Nullable Runnable permit,
      @Nullable Attempt before) {
    this.channel = channel;
    this.streamPort = streamPort;
    this.permit = permit;
    this.before = before;
    channel.begin();
  }

  /** Returns a route to the target. */
  static Route toTarget(OpenChannel channel) {
    return new Route(channel, false, null, null);
  }

  /** Returns a route to the target with a permit, which {@link #release} releases. */
  static Route toTarget(OpenChannel channel, Runnable permit) {
    return new Route(channel, false, permit, null);
  }

  /** Returns a route to the stream port; {@code before} is null if it is the first route. */
  static Route toStreamPort(OpenChannel channel, @Nullable Attempt before) {
    return new Route(channel, true, null, before);
  }

  /** Returns another route over the same channel, for a repeated call. */
  Route again() {
    return new Route(channel, streamPort, null, before);
  }

  OpenChannel channel() {
    return channel;
  }

  boolean isStreamPort() {
    return streamPort;
  }

  /** Returns the attempt at the target that failed; null if this is the first. */
  @Nullable Attempt before() {
    return before;
  }

  /** Ends the call in flight. Has no effect the second time. */
  void release() {
    if (released.compareAndSet(false, true)) {
      channel.end();
      if (permit != null) {
        permit.run();
      }
    }
  }
}
