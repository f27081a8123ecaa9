package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.time.Scheduler;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ports of one endpoint; chooses the port of each call. Thread-safe.
 *
 * <p>AnyServe answers unary calls at its dispatcher, and streams at a worker whose port is 100
 * higher. The dispatcher reports ready even without a worker, so only the stream port counts for
 * readiness. The dispatcher forwards at most ten concurrent calls and fails all others.
 *
 * <p><b>Source:</b> simpx/anyserve, cpp/server/anyserve_dispatcher.cpp, python/anyserve/worker.
 */
final class Ports {
  private static final int DISPATCHER_CALLS = 10;
  private static final int DISPATCHER_QUEUE = 1024;
  private static final Duration DISPATCHER_WAIT = Duration.ofSeconds(30);

  private final ChannelPool target;
  private final Identification identification;
  private final @Nullable PortPlan plan;
  private final @Nullable ChannelPool streamTarget;
  private final Permits permits =
      new Permits(DISPATCHER_CALLS, DISPATCHER_QUEUE, DISPATCHER_WAIT, Scheduler.SHARED);

  /** The offset to the port that is known to answer streams; 0 if the target answers them. */
  private volatile int streamOffset;

  // Guarded by this.
  private @Nullable ChannelPool streamPort;
  private boolean closed;

  /**
   * Creates the ports of an endpoint. Each connects on its first call.
   *
   * @param question asks the server for its identity over a channel
   */
  Ports(PortPlan plan, Function<OpenChannel, CompletableFuture<ServerIdentity>> question) {
    this.plan = plan;
    this.identification = new Identification(() -> question.apply(target()));
    this.target =
        new ChannelPool(plan.connections(), () -> plan.opener().apply(0), identification::forget);
    Supplier<OpenChannel> separate = plan.streamTarget();
    this.streamTarget =
        separate == null ? null : new ChannelPool(plan.connections(), separate, () -> {});
    this.streamOffset = plan.targetHasNoStreams() && separate == null ? plan.streamPortOffset() : 0;
  }

  /** Creates the only port of an endpoint over a channel that its creator closes. */
  Ports(OpenChannel channel, Function<OpenChannel, CompletableFuture<ServerIdentity>> question) {
    this.plan = null;
    this.identification = new Identification(() -> question.apply(channel));
    this.target = new ChannelPool(1, () -> channel, () -> {});
    this.streamTarget = null;
  }

  /** Returns a channel to the target. */
  OpenChannel target() {
    return target.channel();
  }

  /** Returns the server's identity; null if it is not known. */
  @Nullable ServerIdentity server() {
    return identification.known();
  }

  /** Records the identity that the server has reported. */
  void identified(ServerIdentity server) {
    identification.learn(server);
    locateStreams(server);
  }

  /**
   * Returns the lease of a call's first attempt. Cancelling the future leaves the queue for
   * permits.
   *
   * @param headers those of the call
   * @return fails with the failure of the call
   */
  CompletableFuture<ChannelLease> lease(InferCall call, Map<String, String> headers) {
    boolean unary = call.rpc() == Rpc.MODEL_INFER;
    boolean matters = (unary && plan != null) || headers.containsKey(TritonErrorHeader.NAME);
    if (!matters || !identification.isPending()) {
      return unary ? unaryLease() : streamLease();
    }
    var lease = new CompletableFuture<ChannelLease>();
    identify()
        .whenComplete(
            (server, failure) -> {
              if (!lease.isDone()) {
                forward(unary ? unaryLease() : streamLease(), lease);
              }
            });
    return lease;
  }

  private CompletableFuture<ChannelLease> streamLease() {
    if (streamTarget != null) {
      return CompletableFuture.completedFuture(
          ChannelLease.toStreamPort(streamTarget.channel(), null));
    }
    return CompletableFuture.completedFuture(
        streamOffset == 0
            ? ChannelLease.toTarget(target())
            : ChannelLease.toStreamPort(streamPort(streamOffset).channel(), null));
  }

  private CompletableFuture<ChannelLease> unaryLease() {
    if (!isDispatcher()) {
      return CompletableFuture.completedFuture(ChannelLease.toTarget(target()));
    }
    CompletableFuture<Runnable> permit = permits.acquire();
    var lease = new CompletableFuture<ChannelLease>();
    permit.whenComplete(
        (granted, failure) -> {
          if (failure == null) {
            complete(lease, ChannelLease.toTarget(target(), granted));
          } else {
            lease.completeExceptionally(failure);
          }
        });
    lease.whenComplete((made, failure) -> permit.cancel(false));
    return lease;
  }

  /**
   * Returns the next lease of a stream that failed before its first response: the stream port, if
   * the target does not implement streams or cannot be reached.
   *
   * @return null if there is no next lease; fails with the failure of the call
   */
  @Nullable CompletableFuture<ChannelLease> next(
      InferCall call, ChannelLease failed, ChannelLease.Attempt attempt) {
    if (call.rpc() == Rpc.MODEL_INFER || failed.isStreamPort() || plan == null) {
      return null;
    }
    boolean lost = attempt.origin() == StatusOrigin.CONNECTION;
    if (plan.streamPortOffset() != 0 && (lost || attempt.isUnimplemented())) {
      return CompletableFuture.completedFuture(
          ChannelLease.toStreamPort(streamPort(plan.streamPortOffset()).channel(), attempt));
    }
    if (!attempt.isUnimplemented()) {
      return null;
    }
    var lease = new CompletableFuture<ChannelLease>();
    identify()
        .whenComplete(
            (server, failure) -> {
              if (failure != null) {
                lease.completeExceptionally(failure);
              } else if (streamOffset == 0) {
                lease.completeExceptionally(attempt.failure());
              } else {
                complete(
                    lease, ChannelLease.toStreamPort(streamPort(streamOffset).channel(), attempt));
              }
            });
    return lease;
  }

  private static void forward(
      CompletableFuture<ChannelLease> from, CompletableFuture<ChannelLease> to) {
    to.whenComplete((made, failure) -> from.cancel(false));
    from.whenComplete(
        (made, failure) -> {
          if (failure == null) {
            complete(to, made);
          } else {
            to.completeExceptionally(failure);
          }
        });
  }

  /** Passes a lease to the waiting call; releases it if the call was cancelled meanwhile. */
  private static void complete(CompletableFuture<ChannelLease> waiting, ChannelLease lease) {
    if (!waiting.complete(lease)) {
      lease.release();
    }
  }

  /** Returns the failure of a call whose last attempt has failed. */
  RuntimeException failure(InferCall call, ChannelLease lease, ChannelLease.Attempt attempt) {
    if (lease.isStreamPort()) {
      return AnyServeFailure.ofStream(lease, attempt, isDispatcher());
    }
    if (streamOffset != 0 && attempt.origin() == StatusOrigin.CONNECTION) {
      return AnyServeFailure.dispatcherUnreachable(attempt);
    }
    return isDispatcher() && attempt.isFromServer(Status.Code.NOT_FOUND)
        ? AnyServeFailure.notRegistered(call.request())
        : attempt.failure();
  }

  /** Records that a stream was answered: later streams go to the same port. */
  void answered(ChannelLease lease) {
    if (lease.isStreamPort() && plan != null && plan.streamPortOffset() != 0 && streamOffset == 0) {
      streamOffset = plan.streamPortOffset();
    }
  }

  /** Asks at the ports that calls use whether the server is ready. */
  CompletableFuture<Optional<Boolean>> ready(Connection.Probe probe) {
    boolean unknown = plan != null && identification.known() == null;
    CompletableFuture<?> identified =
        unknown
            ? identify().handle((server, failure) -> failure)
            : CompletableFuture.completedFuture(null);
    // Also for AnyServe, so that a dead connection to the dispatcher is found.
    CompletableFuture<Optional<Boolean>> atTarget = target.probe(probe);
    if (streamOffset != 0) {
      return probeStreams(streamOffset, probe);
    }
    return identified
        .thenCombine(atTarget.handle((ready, failure) -> failure), (done, failure) -> failure)
        .thenCompose(
            failure ->
                streamOffset != 0 || canOnlyStream(failure)
                    ? probeStreams(Math.max(streamOffset, offsetOfPlan()), probe)
                    : withStreamTarget(atTarget, probe));
  }

  private CompletableFuture<Optional<Boolean>> probeStreams(int offset, Connection.Probe probe) {
    CompletableFuture<Optional<Boolean>> answer = streamPort(offset).probe(probe);
    return isDispatcher()
        ? answer.exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(AnyServeFailure.ofProbe(failure)))
        : answer;
  }

  private CompletableFuture<Optional<Boolean>> withStreamTarget(
      CompletableFuture<Optional<Boolean>> atTarget, Connection.Probe probe) {
    if (streamTarget == null) {
      return atTarget;
    }
    CompletableFuture<Optional<Boolean>> atStreams = streamTarget.probe(probe);
    return isDispatcher() ? atStreams : atTarget.thenCombine(atStreams, ChannelPool::worse);
  }

  /** Returns whether the target cannot be reached but a stream port is configured. */
  private boolean canOnlyStream(@Nullable Throwable failure) {
    return offsetOfPlan() != 0 && MetadataQuery.code(failure) == BackendCode.UNAVAILABLE;
  }

  private int offsetOfPlan() {
    return plan == null ? 0 : plan.streamPortOffset();
  }

  private boolean isDispatcher() {
    ServerIdentity server = identification.known();
    return server != null && server.isDispatcher();
  }

  private CompletableFuture<ServerIdentity> identify() {
    return identification.ask().whenComplete((server, failure) -> locateStreams(server));
  }

  private void locateStreams(@Nullable ServerIdentity server) {
    if (server != null && plan != null && streamTarget == null) {
      if (server.isDispatcher()) {
        int known = plan.streamPortOffset();
        int offset = known == 0 ? AnyServeTarget.STREAM_PORT_OFFSET : known;
        streamOffset = plan.hasPort(offset) ? offset : 0;
      } else if (plan.streamPortOffset() == 0) {
        streamOffset = 0; // another server has taken the dispatcher's address
      }
    }
  }

  private ChannelPool streamPort(int offset) {
    synchronized (this) {
      if (streamPort == null && plan != null) {
        streamPort =
            new ChannelPool(plan.connections(), () -> plan.opener().apply(offset), () -> {});
        if (closed) {
          streamPort.close();
        }
      }
      return streamPort == null ? target : streamPort;
    }
  }

  /** Ends the calls in flight; later ones fail. Has no effect the second time. */
  void close() {
    ChannelPool opened;
    synchronized (this) {
      closed = true;
      opened = streamPort;
    }
    target.close();
    if (streamTarget != null) {
      streamTarget.close();
    }
    if (opened != null) {
      opened.close();
    }
  }
}
