package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.time.Scheduler;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * A backend that is left alone while it fails too often. Thread-safe.
 *
 * <p>Failures are the server's: UNAVAILABLE, INTERNAL, UNKNOWN, DATA_LOSS and DEADLINE_EXCEEDED, an
 * answer that cannot be read, one that is complete and holds nothing, and a call that was cancelled
 * because its first or its next token did not come in time. What the caller got wrong, and whom the
 * caller left, counts for nothing.
 *
 * <p>While the circuit is open, calls fail with UNAVAILABLE and {@code retryAfter}, having never
 * been sent, and {@link #ready} is false, so that a server that says it is ready for ever, as
 * AnyServe's dispatcher does, is not believed. When its time is over the server is believed again,
 * and one call is let through: its first response closes the circuit, its failure opens it again.
 */
public final class CircuitBackend extends Decorator {
  private final Circuit circuit;

  private CircuitBackend(InferenceBackend backend, Circuit circuit) {
    super(backend);
    this.circuit = circuit;
  }

  /** A circuit around a backend. */
  public static CircuitBackend around(InferenceBackend backend, CircuitBreaker breaker) {
    return around(backend, breaker, Scheduler.SHARED);
  }

  /** The same with a clock of one's own. */
  public static CircuitBackend around(
      InferenceBackend backend, CircuitBreaker breaker, Scheduler scheduler) {
    return new CircuitBackend(
        backend,
        new Circuit(
            Objects.requireNonNull(breaker, "breaker"),
            Objects.requireNonNull(scheduler, "scheduler")));
  }

  /** Whether calls are let through now. */
  public CircuitState state() {
    return circuit.state();
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return new CircuitCall(circuit, backend().infer(Objects.requireNonNull(call, "call")));
  }

  /** False while the circuit is open; else what the server says. */
  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    return circuit.isOpen() ? CompletableFuture.completedFuture(Optional.of(false)) : super.ready();
  }
}
