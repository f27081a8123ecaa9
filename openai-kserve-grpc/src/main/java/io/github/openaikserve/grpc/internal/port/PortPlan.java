package io.github.openaikserve.grpc.internal.port;

import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ports of one endpoint, and how channels to them are opened. Immutable.
 *
 * @param port the target's port; 0 if all calls use one channel that the caller has opened
 * @param connections the number of connections to each port
 * @param opener opens a channel to the port at an offset from the target's
 * @param streamTarget opens a channel to the address of all streams; null if that is the target
 * @param streamPortOffset the offset to the port that answers streams; 0 if unknown
 * @param targetHasNoStreams whether the target is known to answer no streams
 */
public record PortPlan(
    int port,
    int connections,
    IntFunction<OpenChannel> opener,
    @Nullable Supplier<OpenChannel> streamTarget,
    int streamPortOffset,
    boolean targetHasNoStreams) {
  private static final int MAX_PORT = 65535;

  /** Returns a plan by which all calls use one channel, which the caller closes. */
  public static PortPlan of(OpenChannel channel) {
    return new PortPlan(0, 1, offset -> channel, null, 0, false);
  }

  /** Returns whether all calls use one channel, whatever the server is. */
  boolean isFixed() {
    return port == 0;
  }

  /** Returns whether the target's port plus {@code offset} is a valid port. */
  boolean hasPort(int offset) {
    return port + offset > 0 && port + offset <= MAX_PORT;
  }
}
