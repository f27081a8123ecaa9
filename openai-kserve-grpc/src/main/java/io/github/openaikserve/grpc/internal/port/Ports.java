package io.github.openaikserve.grpc.internal.port;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.grpc.internal.status.CallStatus;
import io.github.openaikserve.grpc.internal.status.StatusCodes;
import io.github.openaikserve.grpc.internal.status.StatusOrigin;
import io.github.openaikserve.kserve.Rpc;
import io.grpc.Status;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ports of one endpoint; chooses the port of each call. Thread-safe.
 *
 * <p>AnyServe answers unary calls at its dispatcher, and streams at a worker whose port is 100
 * higher. The dispatcher reports ready even without a worker, so only the stream port counts for
 * readiness. Calls to the dispatcher need {@link Permits}.
 *
 * <p><b>Source:</b> simpx/anyserve, cpp/server/anyserve_dispatcher.cpp, python/anyserve/worker.
 */
public final class Ports {
  private final PortPlan plan;
  private final ChannelPool target;
  private final StreamPort streams;
  private final Identification identification;
  private final TritonErrorHeader tritonErrors = new TritonErrorHeader();
  private final Permits permits = new Permits();

  /**
   * Creates the ports of an endpoint. Each connects on its first call.
   *
   * @param question asks the server for its identity over a channel
   */
  public Ports(PortPlan plan, Function<OpenChannel, CompletableFuture<ServerIdentity>> question) {
    this.plan = plan;
    this.identification = new Identification(() -> question.apply(target()));
    this.target =
        new ChannelPool(plan.connections(), () -> plan.opener().apply(0), identification::forget);
    this.streams = new StreamPort(plan, target);
  }

  /** Returns a channel to the target. */
  public OpenChannel target() {
    return target.channel();
  }

  /** Records the identity that the server has reported. */
  public void identified(ServerIdentity server) {
    identification.learn(server);
    streams.locate(server);
  }

  /** Returns the headers of a call that the server accepts. */
  public Map<String, String> acceptedHeaders(Map<String, String> headers) {
    return tritonErrors.accepted(headers, identification.known());
  }

  /** Returns whether the server refused a call because of a header that is not sent again. */
  public boolean refusesHeader(CallStatus end, Map<String, String> sent) {
    return tritonErrors.isRefused(end, sent);
  }

  /**
   * Returns the lease of a call's first attempt. Cancelling the future leaves the queue for
   * permits.
   *
   * @param headers those of the call
   * @return fails with the failure of the call
   */
  public CompletableFuture<ChannelLease> lease(InferCall call, Map<String, String> headers) {
    boolean unary = call.rpc() == Rpc.MODEL_INFER;
    boolean matters = (unary && !plan.isFixed()) || headers.containsKey(TritonErrorHeader.NAME);
    if (!matters || !identification.isPending()) {
      return lease(unary);
    }
    var lease = new CompletableFuture<ChannelLease>();
    identify()
        .whenComplete(
            (server, failure) -> {
              if (!lease.isDone()) {
                forward(lease(unary), lease);
              }
            });
    return lease;
  }

  private CompletableFuture<ChannelLease> lease(boolean unary) {
    return unary ? unaryLease() : CompletableFuture.completedFuture(streams.lease());
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
  public @Nullable CompletableFuture<ChannelLease> next(
      InferCall call, ChannelLease failed, CallStatus attempt) {
    if (call.rpc() == Rpc.MODEL_INFER || failed.isStreamPort() || plan.isFixed()) {
      return null;
    }
    boolean lost = attempt.origin() == StatusOrigin.CONNECTION;
    if (streams.isPlanned() && (lost || attempt.isUnimplemented())) {
      return CompletableFuture.completedFuture(streams.lease(attempt));
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
              } else if (streams.isKnown()) {
                complete(lease, streams.lease(attempt));
              } else {
                lease.completeExceptionally(attempt.failure());
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
  public RuntimeException failure(InferCall call, ChannelLease lease, CallStatus attempt) {
    if (lease.isStreamPort()) {
      return AnyServeFailure.ofStream(lease, attempt, isDispatcher());
    }
    if (streams.isKnown() && attempt.origin() == StatusOrigin.CONNECTION) {
      return AnyServeFailure.dispatcherUnreachable(attempt);
    }
    return isDispatcher() && attempt.isFromServer(Status.Code.NOT_FOUND)
        ? AnyServeFailure.notRegistered(call.request())
        : attempt.failure();
  }

  /** Records that a stream was answered: later streams go to the same port. */
  public void answered(ChannelLease lease) {
    if (lease.isStreamPort()) {
      streams.answered();
    }
  }

  /** Asks at the ports that calls use whether the server is ready. */
  public CompletableFuture<Optional<Boolean>> ready(Connection.Probe probe) {
    boolean unknown = !plan.isFixed() && identification.known() == null;
    CompletableFuture<?> identified =
        unknown
            ? identify().handle((server, failure) -> failure)
            : CompletableFuture.completedFuture(null);
    // Also for AnyServe, so that a dead connection to the dispatcher is found.
    CompletableFuture<Optional<Boolean>> atTarget = target.probe(probe);
    if (streams.isKnown()) {
      return probeStreams(probe);
    }
    return identified
        .thenCombine(atTarget.handle((ready, failure) -> failure), (done, failure) -> failure)
        .thenCompose(
            failure ->
                streams.isKnown() || canOnlyStream(failure)
                    ? probeStreams(probe)
                    : withSeparateStreams(atTarget, probe));
  }

  private CompletableFuture<Optional<Boolean>> probeStreams(Connection.Probe probe) {
    CompletableFuture<Optional<Boolean>> answer = streams.probe(probe);
    return isDispatcher()
        ? answer.exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(AnyServeFailure.ofProbe(failure)))
        : answer;
  }

  private CompletableFuture<Optional<Boolean>> withSeparateStreams(
      CompletableFuture<Optional<Boolean>> atTarget, Connection.Probe probe) {
    CompletableFuture<Optional<Boolean>> atStreams = streams.probeSeparate(probe);
    if (atStreams == null) {
      return atTarget;
    }
    return isDispatcher() ? atStreams : atTarget.thenCombine(atStreams, ChannelPool::worse);
  }

  /** Returns whether the target cannot be reached but a stream port is configured. */
  private boolean canOnlyStream(@Nullable Throwable failure) {
    return streams.isPlanned() && StatusCodes.code(failure) == BackendCode.UNAVAILABLE;
  }

  private boolean isDispatcher() {
    ServerIdentity server = identification.known();
    return server != null && server.isDispatcher();
  }

  private CompletableFuture<ServerIdentity> identify() {
    return identification
        .ask()
        .whenComplete(
            (server, failure) -> {
              if (server != null) {
                streams.locate(server);
              }
            });
  }

  /** Ends the calls in flight; later ones fail. Has no effect the second time. */
  public void close() {
    target.close();
    streams.close();
  }
}
