package io.github.openaikserve.grpc;

import io.github.openaikserve.error.OpenAiException;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.util.ForwardingClientStreamTracer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Tells an endpoint how one attempt of one call goes. Thread-safe. */
final class OutcomeTracer extends ForwardingClientStreamTracer {
  private static final ClientStreamTracer SILENT = new ClientStreamTracer() {};

  private final Endpoint endpoint;
  private final boolean trial;
  private final ClientStreamTracer delegate;
  private final @Nullable Verdict verdict;
  private final long begun = System.nanoTime();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean judged = new AtomicBoolean();
  private volatile boolean answered;
  private volatile boolean delivered;

  private OutcomeTracer(
      Endpoint endpoint, boolean trial, ClientStreamTracer delegate, @Nullable Verdict verdict) {
    this.endpoint = endpoint;
    this.trial = trial;
    this.delegate = delegate;
    this.verdict = verdict;
  }

  static ClientStreamTracer.Factory factory(
      Endpoint endpoint, boolean trial, ClientStreamTracer.@Nullable Factory other) {
    return new ClientStreamTracer.Factory() {
      @Override
      public ClientStreamTracer newClientStreamTracer(
          ClientStreamTracer.StreamInfo info, Metadata headers) {
        Verdict verdict = info.getCallOptions().getOption(Verdict.KEY);
        var tracer =
            new OutcomeTracer(
                endpoint,
                trial,
                other == null ? SILENT : other.newClientStreamTracer(info, headers),
                verdict);
        endpoint.begun();
        if (verdict != null) {
          verdict.about(tracer);
        }
        return tracer;
      }
    };
  }

  @Override
  protected ClientStreamTracer delegate() {
    return delegate;
  }

  @Override
  public void inboundMessage(int number) {
    if (!answered) {
      answered = true;
      if (verdict == null) {
        answered();
      }
    }
    super.inboundMessage(number);
  }

  @Override
  public void streamClosed(Status status) {
    if (closed.compareAndSet(false, true)) {
      endpoint.ended();
      delivered = status.isOk();
      if (!delivered || verdict == null || verdict.isOver()) {
        judge(outcome(status));
      } // else its messages are still to be read
    }
    super.streamClosed(status);
  }

  /** Whether it has ended well, as far as bytes go. */
  boolean isDelivered() {
    return delivered;
  }

  void answered() {
    endpoint.answered(trial);
  }

  /** Once. */
  void judge(Endpoint.Outcome outcome) {
    if (judged.compareAndSet(false, true)) {
      endpoint.judged(outcome, trial);
    }
  }

  private Endpoint.Outcome outcome(Status status) {
    return switch (status.getCode()) {
      case UNAVAILABLE, INTERNAL, UNKNOWN, DATA_LOSS -> Endpoint.Outcome.BADLY;
      case DEADLINE_EXCEEDED -> answered ? Endpoint.Outcome.NOTHING : Endpoint.Outcome.BADLY;
      case RESOURCE_EXHAUSTED -> Endpoint.Outcome.NOTHING;
      case CANCELLED -> cancelled(status);
      default -> Endpoint.Outcome.WELL;
    };
  }

  private Endpoint.Outcome cancelled(Status status) {
    boolean byUs = CallSubscription.CANCELLED.equals(status.getDescription());
    if (!byUs || status.getCause() instanceof OpenAiException) {
      return Endpoint.Outcome.BADLY; // it has hung up, was too slow, or made no sense
    }
    if (answered) {
      return Endpoint.Outcome.WELL;
    }
    return System.nanoTime() - begun >= endpoint.health().silence().toNanos()
        ? Endpoint.Outcome.BADLY
        : Endpoint.Outcome.NOTHING;
  }
}
