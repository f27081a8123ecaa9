package io.github.openaikserve.grpc.internal.call;

import io.github.openaikserve.backend.CauseAwareSubscription;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.grpc.internal.port.ChannelLease;
import io.github.openaikserve.grpc.internal.status.StatusCodes;
import io.github.openaikserve.grpc.internal.status.StatusOrigin;
import io.github.openaikserve.kserve.InferResponse;
import io.grpc.ClientCall;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One call as a subscription. Passes demand to gRPC as it arrives, and signals the subscriber from
 * gRPC's callbacks, which are serial. A call may take several attempts, at different ports of its
 * endpoint.
 *
 * <p>gRPC forbids a request for messages before the call has started, and a half-close after a
 * cancellation. So both wait until the request was sent.
 */
final class CallSubscription implements CauseAwareSubscription {
  private static final int IDLE = 0;
  private static final int EMITTING = 1;
  private static final int REFUSED = 2;

  private final OutgoingCall call;
  private final Flow.Subscriber<? super InferResponse> subscriber;
  private final Map<String, String> headers;
  private final CallDeadline deadline;
  private final Demand demand = new Demand();
  private final AtomicInteger signals = new AtomicInteger(IDLE);
  private volatile boolean cancelled;

  // Guarded by this.
  private @Nullable CompletableFuture<ChannelLease> pendingLease;
  private @Nullable ChannelLease lease;
  private @Nullable Throwable reason;
  private boolean ended;

  // Used only by gRPC's callbacks.
  private int received;

  CallSubscription(OutgoingCall call, Flow.Subscriber<? super InferResponse> subscriber) {
    this.call = call;
    this.subscriber = subscriber;
    this.headers = call.headers();
    this.deadline = call.deadline();
  }

  void start() {
    subscriber.onSubscribe(this);
    if (!cancelled) {
      follow(call.ports().lease(call.call(), headers));
    }
  }

  /** Makes an attempt as soon as it has a channel. */
  private void follow(CompletableFuture<ChannelLease> next) {
    if (!next.isDone()) {
      deadline.limit(next);
    }
    synchronized (this) {
      pendingLease = next;
    }
    if (cancelled) {
      next.cancel(false);
    }
    next.whenComplete(
        (found, failure) -> {
          if (failure == null) {
            attempt(found);
          } else if (!cancelled) {
            fail(unwrapped(failure));
          }
        });
  }

  private static Throwable unwrapped(Throwable failure) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return unwrapped(failure.getCause());
    }
    return failure instanceof TimeoutException ? StatusCodes.deadlineExceeded() : failure;
  }

  private void attempt(ChannelLease next) {
    int attempt = demand.begin();
    synchronized (this) {
      lease = next;
      pendingLease = null;
    }
    if (cancelled) {
      next.release();
      return;
    }
    ClientCall<?, ?> made;
    try {
      made = new CallAttempt(this, call, next, headers).send(deadline);
    } catch (Throwable e) { // also thrown by the application's interceptors
      next.release();
      fail(e);
      return;
    }
    sent(made, next, attempt);
  }

  /** Called when the request was sent: passes on the demand that arrived meanwhile. */
  private void sent(ClientCall<?, ?> made, ChannelLease lease, int attempt) {
    if (!demand.attach(made, attempt)) {
      return; // the next attempt has taken over the demand
    }
    if (cancelled) {
      made.cancel(StatusOrigin.CANCELLED, null);
      lease.release();
    } else {
      demand.pass();
    }
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      refuse(new IllegalArgumentException("demand must be positive, found " + n));
      return;
    }
    demand.add(n);
    demand.pass();
  }

  /** Ends the call and signals {@code why}, after a signal that is in progress. */
  private void refuse(Exception why) {
    synchronized (this) {
      if (cancelled || ended) {
        return;
      }
      reason = why;
    }
    cancel();
    if (signals.getAndUpdate(state -> state | REFUSED) == IDLE) {
      failForReason();
    }
  }

  @Override
  public void cancel() {
    CompletableFuture<ChannelLease> pending;
    ChannelLease held;
    synchronized (this) {
      cancelled = true;
      pending = pendingLease;
      held = lease;
    }
    if (pending != null) {
      pending.cancel(false);
    }
    ClientCall<?, ?> current = demand.call();
    if (current != null) {
      current.cancel(StatusOrigin.CANCELLED, null);
      if (held != null) {
        held.release(); // not every transport has a last callback for a cancelled call
      }
    }
  }

  /** Cancels the call. The backends around this one have used the reason already. */
  @Override
  public void cancel(OpenAiException reason) {
    cancel();
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** Returns whether the time limit of the call is over. */
  boolean isOverdue() {
    return deadline.isOver();
  }

  /** Signals a response. */
  void emit(InferResponse response) {
    if (++received == Demand.BATCH) {
      demand.settle(received);
      received = 0;
    }
    if (signals.compareAndSet(IDLE, EMITTING)) {
      subscriber.onNext(response);
      if (!signals.compareAndSet(EMITTING, IDLE)) {
        failForReason();
      }
    }
  }

  /** Makes another attempt with the demand of the failed one. */
  void retry(CompletableFuture<ChannelLease> next) {
    demand.detach();
    follow(next);
  }

  void complete() {
    if (claimEnd()) {
      subscriber.onComplete();
    }
  }

  /** Returns whether the caller is the first to end the call, and so has to signal the end. */
  private synchronized boolean claimEnd() {
    boolean first = !ended;
    ended = true;
    return first;
  }

  void fail(Throwable failure) {
    if (claimEnd()) {
      subscriber.onError(atEndpoint(failure));
    }
  }

  /** Adds the address that the call went to, for logs. */
  private synchronized Throwable atEndpoint(Throwable failure) {
    return lease != null && failure instanceof BackendException backend
        ? backend.withEndpoint(lease.channel().channel().authority())
        : failure;
  }

  private void failForReason() {
    Throwable why;
    synchronized (this) {
      why = reason;
    }
    if (why != null) {
      fail(why);
    }
  }
}
