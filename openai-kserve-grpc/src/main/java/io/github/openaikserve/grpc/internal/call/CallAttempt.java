package io.github.openaikserve.grpc.internal.call;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.internal.port.ChannelLease;
import io.github.openaikserve.grpc.internal.port.WatchedCredentials;
import io.github.openaikserve.grpc.internal.status.CallStatus;
import io.github.openaikserve.grpc.internal.status.StatusCodes;
import io.github.openaikserve.grpc.internal.status.TooLarge;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One attempt of a call over one channel. Receives gRPC's callbacks, which are serial. */
final class CallAttempt extends ClientCall.Listener<DecodedMessage> {
  private final CallSubscription subscription;
  private final OutgoingCall outgoing;
  private final ChannelLease lease;
  private final Map<String, String> headers;
  private final ModelInferRequest request;
  private final @Nullable WatchedCredentials credentials;
  private boolean begun;
  private boolean answered;

  /**
   * Creates an attempt.
   *
   * @param headers those of the call
   */
  CallAttempt(
      CallSubscription subscription,
      OutgoingCall outgoing,
      ChannelLease lease,
      Map<String, String> headers) {
    this.subscription = subscription;
    this.outgoing = outgoing;
    this.lease = lease;
    this.headers = outgoing.ports().acceptedHeaders(headers);
    this.request = outgoing.request();
    this.credentials = outgoing.settings().watchedCredentials();
  }

  /** Sends the request; returns the call, to which demand and a cancellation are passed. */
  ClientCall<?, ?> send(CallDeadline deadline) {
    Metadata metadata = Headers.of(headers);
    ClientCall<ModelInferRequest, DecodedMessage> call =
        lease
            .channel()
            .channel()
            .newCall(outgoing.method(), deadline.of(outgoing.settings().options(credentials)));
    deadline.addTo(metadata);
    call.start(this, metadata);
    call.sendMessage(request);
    call.halfClose();
    return call;
  }

  @Override
  public void onHeaders(Metadata received) {
    begun = true;
  }

  @Override
  public void onMessage(DecodedMessage message) {
    lease.channel().markActive();
    if (subscription.isCancelled()) {
      return;
    }
    if (!answered) {
      answered = true;
      outgoing.ports().answered(lease);
    }
    InferResponse response;
    try {
      response = message.response();
    } catch (BackendException | DialectException e) {
      subscription.cancel();
      subscription.fail(e);
      return;
    }
    subscription.emit(response);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    CallStatus end = lease.channel().ended(status, trailers, begun, credentials);
    lease.release();
    if (subscription.isCancelled()) {
      return;
    }
    if (status.isOk()) {
      complete();
      return;
    }
    CompletableFuture<ChannelLease> next = answered ? null : next(end);
    if (next == null) {
      subscription.fail(failure(end));
    } else {
      subscription.retry(next);
    }
  }

  private void complete() {
    if (!answered && outgoing.method().getType() == MethodDescriptor.MethodType.UNARY) {
      subscription.fail(StatusCodes.withoutAnswer());
    } else {
      subscription.complete();
    }
  }

  private @Nullable CompletableFuture<ChannelLease> next(CallStatus end) {
    return outgoing.ports().refusesHeader(end, headers)
        ? CompletableFuture.completedFuture(lease.again())
        : outgoing.ports().next(outgoing.call(), lease, end);
  }

  private Throwable failure(CallStatus end) {
    if (end.status().getCode() == Status.Code.CANCELLED && subscription.isOverdue()) {
      return StatusCodes.deadlineExceeded(); // the server noticed it first
    }
    BackendException tooLarge = TooLarge.of(end, begun, request.getSerializedSize());
    return tooLarge == null ? outgoing.ports().failure(outgoing.call(), lease, end) : tooLarge;
  }
}
