package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.internal.resilience.HealthCheck;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server whose health checks a test answers by hand, in simulated time. */
final class CheckedServer implements InferenceBackend {
  private static final Duration TICK = Duration.ofMillis(1);

  final ManualScheduler time = new ManualScheduler();
  final List<CompletableFuture<Optional<Boolean>>> asked = new ArrayList<>();
  final List<HealthCheck.Result> results = new ArrayList<>();
  double random = 0.5;
  private @Nullable Throwable thrown;

  HealthChecker checker() {
    return checker(time, check -> results.add(check.result()));
  }

  HealthChecker checker(Scheduler scheduler, Consumer<HealthCheck> listener) {
    return new HealthChecker(
        this, HealthCheckPolicy.ofDefaults(), scheduler, () -> random, listener);
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    var answer = new CompletableFuture<Optional<Boolean>>();
    asked.add(answer);
    if (thrown instanceof Error e) {
      throw e;
    } else if (thrown instanceof RuntimeException e) {
      throw e;
    }
    return answer;
  }

  void throwing(Throwable failure) {
    thrown = failure;
  }

  void answer(boolean ready) {
    last().complete(Optional.of(ready));
  }

  void fail(Throwable failure) {
    last().completeExceptionally(failure);
  }

  private CompletableFuture<Optional<Boolean>> last() {
    return asked.get(asked.size() - 1);
  }

  /**
   * Lets time pass until the server is asked again, and returns how many milliseconds that took.
   */
  long untilNextCheck() {
    int before = asked.size();
    long millis = 0;
    while (asked.size() == before) {
      time.advance(TICK);
      millis++;
    }
    return millis;
  }
}
