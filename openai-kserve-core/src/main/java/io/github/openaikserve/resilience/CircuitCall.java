package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.ReasonedSubscription;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One call whose outcome is told to a circuit, once. Used once. */
final class CircuitCall
    implements Flow.Publisher<InferResponse>, Flow.Subscriber<InferResponse>, ReasonedSubscription {
  private final Circuit circuit;
  private final Flow.Publisher<InferResponse> publisher;
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private final AtomicBoolean judged = new AtomicBoolean();

  /** Null once nobody wants to hear more. */
  private volatile Flow.@Nullable Subscriber<? super InferResponse> subscriber;

  // Written before the first signal.
  private Flow.@Nullable Subscription upstream;

  private volatile boolean answered;

  CircuitCall(Circuit circuit, Flow.Publisher<InferResponse> publisher) {
    this.circuit = circuit;
    this.publisher = publisher;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (!subscribed.compareAndSet(false, true)) {
      Publishers.<InferResponse>failed(new IllegalStateException("the call was made already"))
          .subscribe(subscriber);
      return;
    }
    if (circuit.ask(this) == Circuit.Permit.REFUSED) {
      Publishers.<InferResponse>failed(refusal()).subscribe(subscriber);
      return;
    }
    this.subscriber = subscriber;
    try {
      publisher.subscribe(this);
    } catch (RuntimeException e) {
      learnNothing();
      throw e;
    }
  }

  private BackendException refusal() {
    return new BackendException(
            BackendCode.UNAVAILABLE, "The model server has failed too often and is left alone.")
        .withRetryAfter(circuit.retryAfter());
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    upstream = subscription;
    Objects.requireNonNull(subscriber).onSubscribe(this);
  }

  @Override
  public void onNext(InferResponse response) {
    if (!answered && !response.outputs().isEmpty()) {
      answered = true;
      circuit.answered();
    }
    Flow.Subscriber<? super InferResponse> current = subscriber;
    if (current != null) {
      current.onNext(response);
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (isServersFault(failure)) {
      fail();
    } else {
      learn();
    }
    Flow.Subscriber<? super InferResponse> current = subscriber;
    if (current != null) {
      current.onError(failure);
    }
  }

  @Override
  public void onComplete() {
    if (answered) {
      learn();
    } else {
      fail(); // well ended, and nothing in it: half dead
    }
    Flow.Subscriber<? super InferResponse> current = subscriber;
    if (current != null) {
      current.onComplete();
    }
  }

  @Override
  public void request(long n) {
    Objects.requireNonNull(upstream).request(n);
  }

  @Override
  public void cancel() {
    subscriber = null;
    Objects.requireNonNull(upstream).cancel();
    learn(); // only now may another one probe
  }

  @Override
  public void cancel(OpenAiException reason) {
    subscriber = null;
    ReasonedSubscription.cancel(Objects.requireNonNull(upstream), reason);
    if (isServersFault(reason)) {
      fail();
    } else {
      learn();
    }
  }

  private static boolean isServersFault(Throwable failure) {
    if (failure instanceof BackendException backend) {
      return switch (backend.backendCode()) {
        case UNAVAILABLE, INTERNAL, UNKNOWN, DATA_LOSS, DEADLINE_EXCEEDED -> true;
        default -> false;
      };
    }
    return failure instanceof DialectException;
  }

  /** A call that was answered speaks for the server, whoever ended it. */
  private void learn() {
    if (answered) {
      if (judged.compareAndSet(false, true)) {
        circuit.succeeded();
      }
    } else {
      learnNothing();
    }
  }

  private void learnNothing() {
    if (judged.compareAndSet(false, true)) {
      circuit.learntNothing(this);
    }
  }

  private void fail() {
    if (judged.compareAndSet(false, true)) {
      circuit.failed(this);
    }
  }
}
