package io.github.openaikserve.internal.model;

import io.github.openaikserve.error.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configured models by name: by id, by their other names, and by names that several models
 * share. Each name is unique. Immutable.
 */
final class ConfiguredModels {
  private final Map<String, RegisteredModel> byName = new LinkedHashMap<>();
  private final Map<String, WeightedModels> shared = new LinkedHashMap<>();
  private final @Nullable String defaultName;

  /**
   * Creates the names; see {@link ModelRegistry}.
   *
   * @throws IllegalArgumentException if two models share a name, or no model has the default name
   */
  ConfiguredModels(
      List<RegisteredModel> models,
      Function<Function<String, RegisteredModel>, List<WeightedModels>> shared,
      @Nullable String defaultName) {
    for (RegisteredModel model : models) {
      add(model.id(), model);
      model.names().aliases().forEach(alias -> add(alias, model));
      model.names().adapters().keySet().forEach(adapter -> add(adapter, model));
    }
    shared.apply(this::requireModel).forEach(this::add);
    this.defaultName = defaultName(models, defaultName);
  }

  private @Nullable String defaultName(List<RegisteredModel> models, @Nullable String name) {
    if (ModelRegistry.NO_DEFAULT.equals(name)) {
      return null;
    }
    if (name == null) {
      return models.isEmpty() ? null : models.get(0).id();
    }
    if (!byName.containsKey(name) && !shared.containsKey(name)) {
      throw new IllegalArgumentException(
          "the default model '%s' is not configured; the configured models are %s"
              .formatted(name, byName.keySet()));
    }
    return name;
  }

  private RegisteredModel requireModel(String name) {
    RegisteredModel model = byName.get(name);
    if (model == null) {
      throw new IllegalArgumentException(
          "no model is named '%s'; the configured models are %s".formatted(name, byName.keySet()));
    }
    if (model.adapter(name).isPresent()) {
      throw new IllegalArgumentException(
          "'%s' is an adapter of '%s'; a route accepts only models".formatted(name, model.id()));
    }
    return model;
  }

  private void add(WeightedModels models) {
    if (byName.containsKey(models.id()) || shared.putIfAbsent(models.id(), models) != null) {
      throw new IllegalArgumentException(
          "the name '%s' is used by a model and a route, or by two routes; names must be unique"
              .formatted(models.id()));
    }
  }

  private void add(String name, RegisteredModel model) {
    RegisteredModel other = byName.put(name, model);
    if (other != null) {
      throw new IllegalArgumentException(
          "the name '%s' is used by two models, '%s' and '%s'; names must be unique"
              .formatted(name, other.id(), model.id()));
    }
  }

  /** Returns a name, or the default for null; null if there is none. */
  @Nullable String orDefault(@Nullable String name) {
    return name == null ? defaultName : name;
  }

  /** Returns the failure for a request without a model if there is no default. */
  static InvalidRequestException missing() {
    return InvalidRequestException.badValue(
        "model", "missing_required_parameter", "Missing required parameter: 'model'.");
  }

  /** Returns the id of a model for logs; the name itself if it is not that of a model. */
  @Nullable String idOf(@Nullable String name) {
    String known = orDefault(name);
    RegisteredModel model = known == null ? null : get(known);
    return known == null || model == null || model.adapter(known).isPresent() ? known : model.id();
  }

  /** Returns the model with a name; null for none. */
  @Nullable RegisteredModel get(String name) {
    return byName.get(name);
  }

  /** Returns the models that share a name; null for none. */
  @Nullable WeightedModels sharing(String name) {
    return shared.get(name);
  }

  Stream<RegisteredModel> models() {
    return byName.values().stream().distinct();
  }

  /** Returns the available model of each name, in order; the first one of a shared name. */
  Map<String, RegisteredModel> available() {
    Map<String, RegisteredModel> names = new LinkedHashMap<>();
    byName.forEach(
        (name, model) -> {
          if (!model.isMissing()) {
            names.put(name, model);
          }
        });
    shared.forEach((name, models) -> names.putIfAbsent(name, models.first()));
    return names;
  }
}
