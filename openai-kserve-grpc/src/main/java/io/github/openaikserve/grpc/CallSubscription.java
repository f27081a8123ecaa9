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
import java.util.concurrent.atomic.AtomicInteger;
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

  private static final int IDLE = 0;
  private static final int EMITTING = 1;
  private static final int REFUSED = 2;

  private final CallPublisher publisher;
  private final Flow.Subscriber<? super InferResponse> subscriber;
  private final List<Channel> candidates;
  private final TimeLimit time;
  private final Verdict verdict = new Verdict();
  private final AtomicInteger signals = new AtomicInteger(IDLE);
  private volatile boolean cancelled;
  private volatile long requestSize;

  // Guarded by this.
  private @Nullable ClientCall<ModelInferRequest, DecodedMessage> call;
  private @Nullable Throwable reason;
  private @Nullable Throwable blamed;
  private long waiting;
  private int outstanding;
  private int tried;
  private int failed;
  private boolean ended;

  // Written only by gRPC's callbacks.
  private volatile boolean answered;
  private int received;

  CallSubscription(CallPublisher publisher, Flow.Subscriber<? super InferResponse> subscriber) {
    this.publisher = publisher;
    this.subscriber = subscriber;
    this.candidates = publisher.candidates();
    this.time = new TimeLimit(publisher.limit());
  }

  void start() {
    subscriber.onSubscribe(this);
    if (!cancelled) {
      time.start(() -> refuse(StatusCodes.exception(Status.DEADLINE_EXCEEDED), !answered));
      tryNext();
    }
  }

  private void tryNext() {
    int attempt;
    synchronized (this) {
      attempt = tried++;
    }
    Channel channel = candidates.get(attempt);
    ClientCall<ModelInferRequest, DecodedMessage> made;
    try {
      ModelInferRequest request = publisher.request();
      requestSize = request.getSerializedSize(); // which the message keeps until it is sent
      made =
          channel.newCall(publisher.method(), publisher.options().withOption(Verdict.KEY, verdict));
      made.start(new Responses(channel), publisher.headers(time));
      made.sendMessage(request);
      made.halfClose();
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    ready(made, attempt);
  }

  /** The request is out: passes on what was asked for meanwhile. */
  private void ready(ClientCall<ModelInferRequest, DecodedMessage> made, int attempt) {
    boolean unwanted;
    Throwable cause;
    synchronized (this) {
      if (attempt < failed) {
        return; // what it was asked for, the next one owes
      }
      call = made;
      unwanted = cancelled;
      cause = blamed;
    }
    if (unwanted) {
      made.cancel(CANCELLED, cause);
    } else {
      ask();
    }
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      refuse(new IllegalArgumentException("demand must be positive, was " + n), false);
      return;
    }
    synchronized (this) {
      waiting = waiting + n < 0 ? Long.MAX_VALUE : waiting + n;
    }
    ask();
  }

  /** Asks gRPC for as much of the demand as it can count. */
  private void ask() {
    ClientCall<ModelInferRequest, DecodedMessage> current;
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

  /**
   * Ends the call and says why, not in the middle of another signal. Nobody else may: gRPC's
   * transport within a process has no last callback for a call that is cancelled once the server
   * has ended it.
   *
   * @param blames whether it is the server's fault
   */
  private void refuse(Exception why, boolean blames) {
    synchronized (this) {
      if (cancelled || ended) {
        return;
      }
      reason = why;
    }
    end(blames ? why : null);
    if (signals.getAndUpdate(state -> state | REFUSED) == IDLE) {
      failForReason();
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
    ClientCall<ModelInferRequest, DecodedMessage> current;
    synchronized (this) {
      cancelled = true;
      blamed = cause;
      current = call;
    }
    if (current != null) {
      current.cancel(CANCELLED, cause);
    }
    time.stop();
    verdict.givenUp();
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
    failed = tried;
    waiting = waiting + outstanding < 0 ? Long.MAX_VALUE : waiting + outstanding;
    outstanding = 0;
  }

  private void fail(Throwable failure) {
    if (claimEnd()) {
      time.stop();
      subscriber.onError(failure);
    }
  }

  /** The subscriber is told why it hears nothing more. */
  private void failForReason() {
    Throwable why;
    synchronized (this) {
      why = reason;
    }
    if (why != null) {
      fail(why);
    }
  }

  /** Unlimited demand is passed on by the batch. */
  private void settle() {
    boolean more;
    synchronized (this) {
      outstanding -= received;
      more = waiting > 0;
    }
    received = 0;
    if (more) {
      ask();
    }
  }

  private final class Responses extends ClientCall.Listener<DecodedMessage> {
    private final Channel channel;

    Responses(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void onMessage(DecodedMessage message) {
      if (cancelled) {
        return;
      }
      if (++received == MAX_OUTSTANDING / 2) {
        settle();
      }
      InferResponse response;
      try {
        response = message.response();
      } catch (BackendException | DialectException e) {
        publisher.endpoints().worked(channel);
        verdict.ended(Endpoint.Outcome.BADLY);
        end(e);
        fail(e);
        return;
      }
      if (!answered) {
        answered = true;
        publisher.endpoints().worked(channel);
        verdict.answered();
      }
      if (signals.compareAndSet(IDLE, EMITTING)) {
        subscriber.onNext(response);
        if (!signals.compareAndSet(EMITTING, IDLE)) {
          failForReason();
        }
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (cancelled) {
        return;
      }
      if (status.isOk()) {
        verdict.ended(answered ? Endpoint.Outcome.WELL : Endpoint.Outcome.NOTHING);
        complete();
      } else if (status.getCode() == Status.Code.UNIMPLEMENTED && !answered && moreToTry()) {
        forgetCall();
        tryNext();
      } else {
        Status meaning = isTimeout(status) ? Status.DEADLINE_EXCEEDED : status;
        if (!answered) {
          meaning = publisher.endpoints().meaning(meaning, candidates);
        }
        BackendException tooLarge =
            TooLarge.of(status, verdict.isServersWord(), verdict.hasBegun(), requestSize);
        fail(tooLarge == null ? StatusCodes.exception(meaning) : tooLarge);
      }
    }

    /** Whether the server has hung up because the time is over, which it may notice before us. */
    private boolean isTimeout(Status status) {
      return status.getCode() == Status.Code.CANCELLED && time.isOver();
    }

    private void complete() {
      if (!answered && publisher.method().getType() == MethodDescriptor.MethodType.UNARY) {
        fail(
            new BackendException(
                BackendCode.INTERNAL, "The model server ended the call without an answer."));
      } else if (claimEnd()) {
        time.stop();
        subscriber.onComplete();
      }
    }
  }
}
