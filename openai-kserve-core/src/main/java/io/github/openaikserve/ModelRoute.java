package io.github.openaikserve;

import io.github.openaikserve.internal.model.RegisteredModel;
import io.github.openaikserve.internal.model.WeightedModels;
import io.github.openaikserve.time.Scheduler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model name whose requests are split between several models by weight. Immutable. See {@link
 * OpenAiKServe.Builder#route}.
 */
public final class ModelRoute {
  private final String id;
  private final Map<String, Integer> targets;
  private final @Nullable String fallback;

  private ModelRoute(String id, Map<String, Integer> targets, @Nullable String fallback) {
    this.id = id;
    this.targets = targets;
    this.fallback = fallback;
  }

  WeightedModels models(Function<String, RegisteredModel> named, Scheduler scheduler) {
    return new WeightedModels(
        id,
        targets.keySet().stream().map(named).toList(),
        List.copyOf(targets.values()),
        fallback == null ? null : named.apply(fallback),
        scheduler);
  }

  /** A builder for the models of a route. Not thread-safe. */
  public static final class Builder {
    private static final int MAX_WEIGHT = 1_000_000;

    private final String id;
    private final Map<String, Integer> targets = new LinkedHashMap<>();
    private @Nullable String fallback;

    Builder(String id) {
      this.id = id;
    }

    /**
     * Adds a model.
     *
     * @param model any configured name of the model
     * @param weight the model's share of the requests, relative to the other weights; 1 to
     *     1,000,000
     */
    public Builder to(String model, int weight) {
      if (weight < 1 || weight > MAX_WEIGHT) {
        throw new IllegalArgumentException(
            "the weight of '%s' in route '%s' must be from 1 to %d, was %d"
                .formatted(model, id, MAX_WEIGHT, weight));
      }
      if (targets.putIfAbsent(Objects.requireNonNull(model, "model"), weight) != null) {
        throw new IllegalArgumentException(
            "route '%s' has the model '%s' twice; name each model once".formatted(id, model));
      }
      return this;
    }

    /** Sets the model that serves requests while no other model of the route is ready. */
    public Builder fallback(String model) {
      this.fallback = Objects.requireNonNull(model, "model");
      return this;
    }

    ModelRoute build() {
      if (targets.isEmpty()) {
        throw new IllegalArgumentException(
            "route '%s' has no model; add one with to()".formatted(id));
      }
      return new ModelRoute(id, new LinkedHashMap<>(targets), fallback);
    }
  }
}
