package io.github.openaikserve.grpc;

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
final class CallSubscription<M> implements Flow.Subscription {
  private final CallPublisher<M> publisher;
  private final Flow.Subscriber<? super InferResponse> subscriber;
  private final List<Channel> candidates;

  // Guarded by this.
  private @Nullable ClientCall<ModelInferRequest, M> call;
  private long waiting;
  private boolean cancelled;
  private @Nullable Throwable illegal;
  private int tried;

  // Touched only by gRPC's callbacks.
  private boolean answered;
  private boolean ended;

  CallSubscription(CallPublisher<M> publisher, Flow.Subscriber<? super InferResponse> subscriber) {
    this.publisher = publisher;
    this.subscriber = subscriber;
    this.candidates = publisher.candidates();
  }

  void start() {
    subscriber.onSubscribe(this);
    synchronized (this) {
      if (cancelled && illegal == null) {
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
    ClientCall<ModelInferRequest, M> made;
    try {
      ModelInferRequest request = publisher.request();
      made = channel.newCall(publisher.method(), publisher.options());
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
  private void ready(ClientCall<ModelInferRequest, M> made, int attempt) {
    long demand;
    boolean unwanted;
    synchronized (this) {
      if (attempt + 1 != tried) {
        return; // it has failed already, and the next one was made
      }
      call = made;
      demand = waiting;
      unwanted = cancelled;
    }
    if (unwanted) {
      made.cancel("cancelled by the subscriber", null);
    } else if (demand > 0) {
      made.request(clamp(demand));
    }
  }

  @Override
  public void request(long n) {
    ClientCall<ModelInferRequest, M> current;
    synchronized (this) {
      if (n <= 0) {
        illegal = new IllegalArgumentException("demand must be positive, was " + n);
        cancelled = true;
      } else if (!cancelled) {
        // Kept also while the call runs: if another server has to be tried, it is owed all of it.
        waiting = waiting + n < 0 ? Long.MAX_VALUE : waiting + n;
      }
      current = call;
    }
    if (current == null) {
      return;
    }
    if (n <= 0) {
      current.cancel("the subscriber asked for less than one response", null);
    } else {
      current.request(clamp(n));
    }
  }

  @Override
  public void cancel() {
    ClientCall<ModelInferRequest, M> current;
    synchronized (this) {
      cancelled = true;
      current = call;
    }
    if (current != null) {
      current.cancel("cancelled by the subscriber", null);
    }
  }

  private synchronized boolean isCancelled() {
    return cancelled;
  }

  private synchronized @Nullable Throwable illegal() {
    return illegal;
  }

  private synchronized boolean moreToTry() {
    return tried < candidates.size();
  }

  private synchronized void forgetCall() {
    call = null;
  }

  private void fail(Throwable failure) {
    if (!ended) {
      ended = true;
      subscriber.onError(failure);
    }
  }

  private static int clamp(long n) {
    return (int) Math.min(n, Integer.MAX_VALUE);
  }

  private final class Responses extends ClientCall.Listener<M> {
    private final Channel channel;

    Responses(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void onMessage(M message) {
      if (ended || isCancelled()) {
        return;
      }
      answered = true;
      publisher.endpoints().worked(channel);
      InferResponse response;
      try {
        response = publisher.decode(message);
      } catch (BackendException | DialectException e) {
        cancel();
        fail(e);
        return;
      }
      subscriber.onNext(response);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      Throwable wrong = illegal();
      if (wrong != null) {
        fail(wrong);
      } else if (ended || isCancelled()) {
        ended = true;
      } else if (status.isOk()) {
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
      } else {
        ended = true;
        subscriber.onComplete();
      }
    }
  }
}
