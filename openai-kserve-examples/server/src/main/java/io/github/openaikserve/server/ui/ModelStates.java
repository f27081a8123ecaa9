package io.github.openaikserve.server.ui;

import io.github.openaikserve.dialect.ModelCheck;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last reported states of the models. Servers are asked in the background, only while the
 * status is read and at most every 30 seconds. Thread-safe.
 */
final class ModelStates {
  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(30);
  private static final long FIRST_WAIT_MILLIS = 1000;

  private final Supplier<CompletableFuture<List<ModelCheck>>> check;
  private final Map<String, String> backends;
  private final LongSupplier clock;

  // Guarded by this.
  private @Nullable CompletableFuture<List<ModelCheck>> running;
  private @Nullable List<ModelCheck> last;
  private long checked;

  /**
   * Creates states, which are unknown until the servers have answered.
   *
   * @param check asks the servers
   * @param backends the names of the backends of configured models, by the id of the model
   */
  ModelStates(
      Supplier<CompletableFuture<List<ModelCheck>>> check,
      Map<String, String> backends,
      LongSupplier clock) {
    this.check = check;
    this.backends = backends;
    this.clock = clock;
  }

  /** Returns the last known states; waits up to a second if there are none. Never fails. */
  CompletableFuture<List<Status.Model>> get() {
    CompletableFuture<List<ModelCheck>> refresh = refresh();
    List<ModelCheck> known = last();
    return known != null
        ? CompletableFuture.completedFuture(states(known))
        : refresh
            .copy()
            .completeOnTimeout(List.of(), FIRST_WAIT_MILLIS, TimeUnit.MILLISECONDS)
            .exceptionally(failure -> List.of())
            .thenApply(this::states);
  }

  private synchronized @Nullable List<ModelCheck> last() {
    return last;
  }

  private synchronized CompletableFuture<List<ModelCheck>> refresh() {
    if (running == null || (running.isDone() && clock.getAsLong() - checked >= INTERVAL)) {
      checked = clock.getAsLong();
      running = check.get();
      running.thenAccept(this::remember);
    }
    return running;
  }

  private synchronized void remember(List<ModelCheck> checks) {
    last = checks;
  }

  private List<Status.Model> states(List<ModelCheck> checks) {
    return checks.stream().map(this::state).toList();
  }

  private Status.Model state(ModelCheck model) {
    return new Status.Model(
        model.model(),
        backends.get(model.model()),
        model.outcome().name().toLowerCase(Locale.ROOT),
        model.isGood(),
        model.findings());
  }
}
