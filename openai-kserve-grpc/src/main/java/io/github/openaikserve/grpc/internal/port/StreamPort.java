package io.github.openaikserve.grpc.internal.port;

import io.github.openaikserve.grpc.internal.endpoint.AnyServeTarget;
import io.github.openaikserve.grpc.internal.status.CallStatus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The port of one endpoint that answers streams: the target itself, a port at an offset from it, or
 * a separate address. Thread-safe.
 */
final class StreamPort {
  private final PortPlan plan;
  private final ChannelPool target;
  private final @Nullable ChannelPool separate;

  /** The offset to the port that is known to answer streams; 0 if the target answers them. */
  private volatile int offset;

  // Guarded by this.
  private @Nullable ChannelPool other;
  private boolean closed;

  StreamPort(PortPlan plan, ChannelPool target) {
    this.plan = plan;
    this.target = target;
    Supplier<OpenChannel> address = plan.streamTarget();
    this.separate = address == null ? null : new ChannelPool(plan.connections(), address, () -> {});
    this.offset = plan.targetHasNoStreams() && separate == null ? plan.streamPortOffset() : 0;
  }

  /** Returns whether streams are known to be answered at another port than the target's. */
  boolean isKnown() {
    return offset != 0;
  }

  /** Returns whether the plan has a port for streams. */
  boolean isPlanned() {
    return plan.streamPortOffset() != 0;
  }

  /** Returns the lease of a stream's first attempt. */
  ChannelLease lease() {
    if (separate != null) {
      return ChannelLease.toStreamPort(separate.channel(), null);
    }
    return isKnown() ? lease(null) : ChannelLease.toTarget(target.channel());
  }

  /** Returns a lease of the known or planned port; {@code before} failed at the target. */
  ChannelLease lease(@Nullable CallStatus before) {
    return ChannelLease.toStreamPort(pool().channel(), before);
  }

  /** Records that the planned port answered a stream: later streams go there. */
  void answered() {
    if (separate == null && !isKnown()) {
      offset = plan.streamPortOffset();
    }
  }

  /** Finds the port of a server that has reported its identity. */
  void locate(ServerIdentity server) {
    if (plan.isFixed() || separate != null) {
      return;
    }
    if (server.isDispatcher()) {
      int known = isPlanned() ? plan.streamPortOffset() : AnyServeTarget.STREAM_PORT_OFFSET;
      offset = plan.hasPort(known) ? known : 0;
    } else if (!isPlanned()) {
      offset = 0; // another server has taken the dispatcher's address
    }
  }

  /** Asks at the known or planned port whether the server is ready. */
  CompletableFuture<Optional<Boolean>> probe(Connection.Probe probe) {
    return pool().probe(probe);
  }

  /** Asks at the separate address whether the server is ready; null if there is none. */
  @Nullable CompletableFuture<Optional<Boolean>> probeSeparate(Connection.Probe probe) {
    return separate == null ? null : separate.probe(probe);
  }

  private synchronized ChannelPool pool() {
    if (other == null) {
      int at = isKnown() ? offset : plan.streamPortOffset();
      other = new ChannelPool(plan.connections(), () -> plan.opener().apply(at), () -> {});
      if (closed) {
        other.close();
      }
    }
    return other;
  }

  /** Ends the calls in flight; later ones fail. Has no effect the second time. */
  void close() {
    ChannelPool opened;
    synchronized (this) {
      closed = true;
      opened = other;
    }
    if (separate != null) {
      separate.close();
    }
    if (opened != null) {
      opened.close();
    }
  }
}
