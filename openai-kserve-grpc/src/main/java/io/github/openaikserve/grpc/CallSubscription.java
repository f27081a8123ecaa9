package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.ReasonedSubscription;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One call as a subscription: demand goes to gRPC as it comes, and gRPC's callbacks, which are
 * serial, are the signals.
 *
 * <p>gRPC forbids asking before the call has started and half-closing after it was cancelled, so
 * both wait until the request is out.
 */
final class CallSubscription implements ReasonedSubscription {
  /** How the end of a call that nobody wants any more is described. */
  static final String CANCELLED = "cancelled by the subscriber";

  /** gRPC counts what was asked for in an int, which unlimited demand would overflow. */
  private static final int MAX_OUTSTANDING = 1 << 20;

  private final CallPublisher publisher;
  private final Flow.Subscriber<? super InferResponse> subscriber;
  private final List<Channel> candidates;
  private final Verdict verdict = new Verdict();

  // Guarded by this.
  private @Nullable ClientCall<ModelInferRequest, Received> call;
  private long waiting;
  private int outstanding;
  private boolean cancelled;
  private @Nullable Throwable illegal;
  private int tried;
  private boolean emitting;
  private boolean ended;

  // Touched only by gRPC's callbacks.
  private boolean answered;

  CallSubscription(CallPublisher publisher, Flow.Subscriber<? super InferResponse> subscriber) {
    this.publisher = publisher;
    this.subscriber = subscriber;
    this.candidates = publisher.candidates();
  }

  void start() {
    subscriber.onSubscribe(this);
    synchronized (this) {
      if (cancelled) {
        return;
      }
    }
    tryNext();
  }

  private void tryNext() {
    int attempt;
    synchronized (this) {
      attempt = tried++;
    }
    Channel channel = candidates.get(attempt);
    ClientCall<ModelInferRequest, Received> made;
    try {
      ModelInferRequest request = publisher.request();
      made =
          channel.newCall(publisher.method(), publisher.options().withOption(Verdict.KEY, verdict));
      made.start(new Responses(channel), publisher.headers());
      made.sendMessage(request);
      made.halfClose();
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    ready(made, attempt);
  }

  /** The request is out: passes on what was asked for meanwhile. */
  private void ready(ClientCall<ModelInferRequest, Received> made, int attempt) {
    boolean unwanted;
    synchronized (this) {
      if (attempt + 1 != tried) {
        return; // it has failed already, and the next one was made
      }
      call = made;
      unwanted = cancelled;
    }
    if (unwanted) {
      made.cancel(CANCELLED, null);
    } else {
      ask();
    }
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      refuse(new IllegalArgumentException("demand must be positive, was " + n));
      return;
    }
    synchronized (this) {
      waiting = waiting + n < 0 ? Long.MAX_VALUE : waiting + n;
    }
    ask();
  }

  /** Asks gRPC for as much of the demand as it can count. */
  private void ask() {
    ClientCall<ModelInferRequest, Received> current;
    int more;
    synchronized (this) {
      current = call;
      more = current == null ? 0 : (int) Math.min(waiting, MAX_OUTSTANDING - outstanding);
      waiting -= more;
      outstanding += more;
    }
    if (current != null && more > 0) {
      current.request(more);
    }
  }

  /** Ends the call over what the subscriber did; not in the middle of another signal. */
  private void refuse(Throwable wrong) {
    cancel();
    boolean now;
    synchronized (this) {
      illegal = wrong;
      now = !emitting && !ended;
      ended |= now;
    }
    if (now) {
      subscriber.onError(wrong);
    }
  }

  @Override
  public void cancel() {
    end(null);
  }

  @Override
  public void cancel(BackendException reason) {
    end(reason);
  }

  /** Ends the call; the cause tells a balancer that the server is to blame. */
  private void end(@Nullable Throwable cause) {
    ClientCall<ModelInferRequest, Received> current;
    synchronized (this) {
      cancelled = true;
      current = call;
    }
    if (current != null) {
      current.cancel(CANCELLED, cause);
    }
    verdict.givenUp();
  }

  private synchronized boolean isCancelled() {
    return cancelled;
  }

  private synchronized boolean beginEmitting() {
    emitting = !ended && !cancelled;
    return emitting;
  }

  private void endEmitting() {
    Throwable wrong;
    synchronized (this) {
      emitting = false;
      wrong = illegal;
      if (wrong == null || ended) {
        return;
      }
      ended = true;
    }
    subscriber.onError(wrong);
  }

  /** Whether the end is still to be told, which it is once. */
  private synchronized boolean claimEnd() {
    boolean first = !ended;
    ended = true;
    return first;
  }

  private synchronized boolean moreToTry() {
    return tried < candidates.size();
  }

  /** The call has failed; whoever is tried next owes what it was asked for. */
  private synchronized void forgetCall() {
    call = null;
    waiting = waiting + outstanding < 0 ? Long.MAX_VALUE : waiting + outstanding;
    outstanding = 0;
  }

  private void fail(Throwable failure) {
    if (claimEnd()) {
      subscriber.onError(failure);
    }
  }

  private void received() {
    boolean more;
    synchronized (this) {
      outstanding--;
      more = waiting > 0 && outstanding < MAX_OUTSTANDING / 2;
    }
    if (more) {
      ask();
    }
  }

  private final class Responses extends ClientCall.Listener<Received> {
    private final Channel channel;

    Responses(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void onMessage(Received message) {
      if (isCancelled()) {
        return;
      }
      received();
      publisher.endpoints().worked(channel);
      InferResponse response;
      try {
        response = message.response();
      } catch (BackendException | DialectException e) {
        verdict.ended(Endpoint.Outcome.BADLY);
        end(e);
        fail(e);
        return;
      }
      if (!answered) {
        answered = true;
        verdict.answered();
      }
      if (beginEmitting()) {
        subscriber.onNext(response);
        endEmitting();
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (isCancelled()) {
        return;
      }
      if (status.isOk()) {
        verdict.ended(answered ? Endpoint.Outcome.WELL : Endpoint.Outcome.NOTHING);
        complete();
      } else if (status.getCode() == Status.Code.UNIMPLEMENTED && !answered && moreToTry()) {
        forgetCall();
        tryNext();
      } else {
        Status meaning = answered ? status : publisher.endpoints().meaning(status, candidates);
        fail(StatusCodes.exception(meaning));
      }
    }

    private void complete() {
      if (!answered && publisher.method().getType() == MethodDescriptor.MethodType.UNARY) {
        fail(
            new BackendException(
                BackendCode.INTERNAL, "The model server ended the call without an answer."));
      } else if (claimEnd()) {
        subscriber.onComplete();
      }
    }
  }
}
