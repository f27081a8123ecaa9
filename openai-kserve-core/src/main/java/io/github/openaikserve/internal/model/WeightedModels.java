package io.github.openaikserve.internal.model;

import io.github.openaikserve.time.Scheduler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Several models that share one name by weight, with a fallback for the time when none of them is
 * ready. Thread-safe.
 *
 * <p>A model is ready unless detection of its dialect has failed, its server does not have it, or
 * its backend reports that it is not ready. A backend is queried at most once a second.
 */
public final class WeightedModels {
  /**
   * The golden ratio. The fractional parts of its multiples are spread evenly, so requests
   * alternate between models.
   */
  private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

  private static final double UNSIGNED_INT = 0x1p32;

  /** A model and its share of the requests. */
  private static final class Target {
    final RegisteredModel model;
    final int weight;
    private final SingleFlight readiness;
    private volatile @Nullable Boolean ready;

    Target(RegisteredModel model, int weight, Scheduler scheduler) {
      this.model = model;
      this.weight = weight;
      this.readiness = new SingleFlight(scheduler);
    }

    /** Queries the backend. Completes immediately if an earlier answer is known. Never fails. */
    CompletableFuture<Void> refresh() {
      CompletableFuture<Void> asked =
          readiness.run(
              () -> model.configured().backend().ready(),
              (answer, failure) -> {
                ready = failure == null && (answer == null || answer.orElse(true));
                return SingleFlight.DEFAULT_TTL;
              });
      return ready == null ? asked : CompletableFuture.completedFuture(null);
    }

    boolean isReady() {
      return Boolean.TRUE.equals(ready) && model.mayServe();
    }
  }

  private final String id;
  private final List<Target> targets;
  private final @Nullable Target fallback;
  private final AtomicLong requests = new AtomicLong();

  /**
   * Creates a selection of models.
   *
   * @param models at least one
   * @param weights one for each model, positive
   * @param fallback null for none
   */
  public WeightedModels(
      String id,
      List<RegisteredModel> models,
      List<Integer> weights,
      @Nullable RegisteredModel fallback,
      Scheduler scheduler) {
    this.id = id;
    this.targets =
        IntStream.range(0, models.size())
            .mapToObj(i -> new Target(models.get(i), weights.get(i), scheduler))
            .toList();
    this.fallback = fallback == null ? null : new Target(fallback, 1, scheduler);
  }

  String id() {
    return id;
  }

  /** Returns the first model, which represents the others outside of requests. */
  RegisteredModel first() {
    return targets.get(0).model;
  }

  /**
   * Selects the model for one request.
   *
   * @param affinityKey requests with the same key get the same model while the same models are
   *     ready; null to select by weight only
   * @return never fails; if no model is ready, one of them, so that its own error is reported
   */
  CompletableFuture<RegisteredModel> choose(@Nullable String affinityKey) {
    return CompletableFuture.allOf(
            targets.stream().map(Target::refresh).toArray(CompletableFuture<?>[]::new))
        .thenCompose(asked -> chosen(position(affinityKey)));
  }

  private CompletableFuture<RegisteredModel> chosen(double position) {
    List<Target> ready = targets.stream().filter(Target::isReady).toList();
    if (!ready.isEmpty()) {
      return CompletableFuture.completedFuture(at(ready, position));
    }
    Target last = fallback;
    RegisteredModel unready = at(targets, position);
    return last == null
        ? CompletableFuture.completedFuture(unready)
        : last.refresh().thenApply(asked -> last.isReady() ? last.model : unready);
  }

  /** Returns a position from 0, inclusive, to 1, exclusive. */
  private double position(@Nullable String affinityKey) {
    if (affinityKey != null) {
      int mixed = affinityKey.hashCode() * 0x9E3779B9;
      return Integer.toUnsignedLong(mixed ^ (mixed >>> 16)) / UNSIGNED_INT;
    }
    double product = requests.getAndIncrement() * GOLDEN_RATIO;
    return product - Math.floor(product);
  }

  private static RegisteredModel at(List<Target> targets, double position) {
    double left = position * targets.stream().mapToLong(target -> target.weight).sum();
    for (Target target : targets) {
      left -= target.weight;
      if (left < 0) {
        return target.model;
      }
    }
    return targets.get(targets.size() - 1).model;
  }
}
