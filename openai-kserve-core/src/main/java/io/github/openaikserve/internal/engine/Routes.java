package io.github.openaikserve.internal.engine;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.Model;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the route of a model by any of its names. Thread-safe. */
public final class Routes {
  private final Map<String, Route> byName = new LinkedHashMap<>();
  private final List<ReportedName> reported = new ArrayList<>();
  private final @Nullable Route usual;
  private final @Nullable ServerModels others;

  /**
   * Routes in order.
   *
   * @param defaultName any name of the default; null for the first route
   * @param others models that are served besides; null for none
   * @throws IllegalArgumentException if there is none at all, two share a name, or none has the
   *     default's
   */
  public Routes(List<Route> routes, @Nullable String defaultName, @Nullable ServerModels others) {
    if (routes.isEmpty() && others == null) {
      throw new IllegalArgumentException("at least one model must be configured");
    }
    this.others = others;
    for (Route route : routes) {
      add(route.id(), route);
      route.aliases().forEach(alias -> add(alias, route));
      if (route.generates()) {
        reported.add(new ReportedName(route));
      }
    }
    this.usual = usual(routes, defaultName);
  }

  private @Nullable Route usual(List<Route> routes, @Nullable String defaultName) {
    if (defaultName == null) {
      return routes.isEmpty() ? null : routes.get(0);
    }
    Route named = byName.get(defaultName);
    if (named == null) {
      throw new IllegalArgumentException(
          "the default model '%s' is not configured; there are %s"
              .formatted(defaultName, byName.keySet()));
    }
    return named;
  }

  private void add(String name, Route route) {
    Route other = byName.put(name, route);
    if (other != null) {
      throw new IllegalArgumentException(
          "two models are named '%s': '%s' and '%s'".formatted(name, other.id(), route.id()));
    }
  }

  /** What reaches the servers, each one once. */
  public List<InferenceBackend> backends() {
    Set<InferenceBackend> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    return Stream.concat(
            byName.values().stream().map(Route::backend),
            Stream.ofNullable(others).map(ServerModels::backend))
        .filter(distinct::add)
        .toList();
  }

  /**
   * The route of a name; of the default for null. Asks the servers for their models' names only
   * when the name is not a configured one.
   *
   * @return fails with {@link InvalidRequestException} (404) if no model has the name
   */
  CompletableFuture<Route> find(@Nullable String name) {
    return name == null ? CompletableFuture.completedFuture(ofNobody()) : named(name);
  }

  /** The default, for a request that names no model. */
  private Route ofNobody() {
    if (usual == null) {
      throw InvalidRequestException.badValue(
          "model", "missing_required_parameter", "Missing required parameter: 'model'.");
    }
    return usual;
  }

  /**
   * The route of a name, as far as it is known without asking a server; of the default for null.
   *
   * @throws InvalidRequestException if no model is known by the name
   */
  Route known(@Nullable String name) {
    if (name == null) {
      return ofNobody();
    }
    return Optional.ofNullable(byName.get(name))
        .or(() -> byReportedName(name))
        .orElseThrow(() -> InvalidRequestException.modelNotFound(name));
  }

  private CompletableFuture<Route> named(String name) {
    Optional<Route> known = Optional.ofNullable(byName.get(name)).or(() -> byReportedName(name));
    if (known.isPresent()) {
      return CompletableFuture.completedFuture(known.get());
    }
    return askAll()
        .thenApply(
            nothing ->
                byReportedName(name)
                    .orElseThrow(() -> InvalidRequestException.modelNotFound(name)));
  }

  private Optional<Route> byReportedName(String name) {
    return reported.stream()
        .filter(candidate -> candidate.lastKnown().filter(name::equals).isPresent())
        .findFirst()
        .map(ReportedName::route)
        .or(() -> others == null ? Optional.empty() : others.lastKnown(name));
  }

  /** Every name a model can be called by; what cannot be learnt from a server now is left out. */
  public CompletableFuture<List<Model>> list() {
    return askAll()
        .thenApply(
            nothing -> {
              Map<String, Route> names = new LinkedHashMap<>(byName);
              for (ReportedName candidate : reported) {
                candidate.lastKnown().ifPresent(name -> names.putIfAbsent(name, candidate.route()));
              }
              if (others != null) {
                others.lastKnown().forEach(route -> names.putIfAbsent(route.id(), route));
              }
              return names.entrySet().stream()
                  .map(entry -> model(entry.getKey(), entry.getValue()))
                  .toList();
            });
  }

  /**
   * One model by any of its names.
   *
   * @return fails with {@link InvalidRequestException} (404) if no model has the name
   */
  public CompletableFuture<Model> retrieve(String name) {
    return find(name).thenApply(route -> model(name, route));
  }

  private CompletableFuture<Void> askAll() {
    return CompletableFuture.allOf(
        Stream.concat(
                reported.stream().map(ReportedName::ask),
                Stream.ofNullable(others).map(ServerModels::ask))
            .toArray(CompletableFuture<?>[]::new));
  }

  private static Model model(String name, Route route) {
    return new Model(name, route.created(), route.ownedBy());
  }
}
