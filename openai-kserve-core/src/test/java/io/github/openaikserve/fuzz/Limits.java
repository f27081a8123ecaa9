package io.github.openaikserve.fuzz;

import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an operator may set around a model, each or none of it; the first choice is nothing. */
final class Limits {
  private static final int TOTAL = 1;
  private static final int FIRST_TOKEN = 2;
  private static final int BETWEEN_TOKENS = 4;
  private static final int PLACES = 8;
  private static final int DRAINS = 16;
  private static final int CIRCUIT = 32;
  private static final int KEEP_ALIVE = 64;
  private static final int MANY_REQUESTS = 128;

  private final Choices choices;
  private final int which;

  private Runnable endHealthChecks = () -> {};

  Limits(Choices choices) {
    this.choices = choices;
    this.which = choices.next();
  }

  /** How many requests there are at the same time. */
  int requests() {
    return has(MANY_REQUESTS) ? 2 + choices.below(4) : 1;
  }

  /** Whether a cancelled call goes on until the server is done with it. */
  boolean holdUntilDone() {
    return has(PLACES) && has(DRAINS);
  }

  /** How often a call may wait before it is made again. */
  int backoffs() {
    return has(CIRCUIT) ? 3 : 0;
  }

  /** Ends what goes on in the background. */
  void close() {
    endHealthChecks.run();
  }

  InferenceBackend around(InferenceBackend backend, ManualScheduler time) {
    if (!has(CIRCUIT)) {
      return backend;
    }
    BalancedBackend balanced =
        BalancedBackend.builder(EndpointSource.of("fuzzed:1"), endpoint -> backend)
            .circuitBreaker(
                CircuitBreakerPolicy.builder()
                    .consecutiveFailures(1 + choices.below(2))
                    .slidingWindow(2)
                    .waitInOpenState(duration())
                    .build())
            .scheduler(time)
            .build();
    endHealthChecks = balanced::close;
    return balanced;
  }

  void set(OpenAiKServe.Builder openai) {
    if (which != 0) {
      openai.keepAlive(has(KEEP_ALIVE) ? duration().plusMillis(1) : null);
    }
  }

  void set(ModelBuilder model) {
    model
        .timeout(durationIf(TOTAL))
        .firstTokenTimeout(durationIf(FIRST_TOKEN))
        .interTokenTimeout(durationIf(BETWEEN_TOKENS));
    if (has(PLACES)) {
      ConcurrencyLimit.Builder limit =
          ConcurrencyLimit.builder()
              .max(1 + choices.below(2))
              .queue(choices.below(4))
              .maxWait(duration());
      model.concurrencyLimit((has(DRAINS) ? limit.holdUntilDone() : limit).build());
    }
  }

  private @Nullable Duration durationIf(int bit) {
    return has(bit) ? duration() : null;
  }

  /** From a millisecond to a good minute. */
  private Duration duration() {
    return Duration.ofMillis(1L << choices.below(17));
  }

  private boolean has(int bit) {
    return (which & bit) != 0;
  }
}
