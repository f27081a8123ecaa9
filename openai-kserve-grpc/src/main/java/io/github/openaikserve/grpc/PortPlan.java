package io.github.openaikserve.grpc;

import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the ports of one endpoint are opened. Immutable.
 *
 * @param port the target's
 * @param connections to each port
 * @param opener opens a channel to the port that is so far from the target's
 * @param streamTarget opens a channel to where all streams go; null if they go to the target
 * @param streamPortOffset how far from the target's port streams are answered; 0 if unknown
 */
record PortPlan(
    int port,
    int connections,
    IntFunction<OpenChannel> opener,
    @Nullable Supplier<OpenChannel> streamTarget,
    int streamPortOffset) {
  private static final int MAX_PORT = 65535;

  /** Returns whether there is a port that is so far from the target's. */
  boolean hasPort(int offset) {
    return port + offset > 0 && port + offset <= MAX_PORT;
  }
}
