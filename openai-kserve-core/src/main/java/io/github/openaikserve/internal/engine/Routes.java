package io.github.openaikserve.internal.engine;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds the route of a model by any of its names. Thread-safe. */
public final class Routes {
  private final Map<String, Route> byName = new LinkedHashMap<>();
  private final List<ReportedName> reported = new ArrayList<>();
  private final Route first;

  /**
   * Routes in order; the first one is the default.
   *
   * @throws IllegalArgumentException if there is none, or two share a name
   */
  public Routes(List<Route> routes) {
    if (routes.isEmpty()) {
      throw new IllegalArgumentException("at least one model must be configured");
    }
    first = routes.get(0);
    for (Route route : routes) {
      add(route.id(), route);
      route.aliases().forEach(alias -> add(alias, route));
      if (route.generates()) {
        reported.add(new ReportedName(route));
      }
    }
  }

  private void add(String name, Route route) {
    if (byName.put(name, route) != null) {
      throw new IllegalArgumentException("two models are named '" + name + "'");
    }
  }

  /**
   * The route of a name; of the default for null. Asks the servers for their models' names only
   * when the name is not a configured one.
   *
   * @return fails with {@link InvalidRequestException} (404) if no model has the name
   */
  CompletableFuture<Route> find(@Nullable String name) {
    return name == null ? CompletableFuture.completedFuture(first) : named(name);
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
        .map(ReportedName::route);
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
        reported.stream().map(ReportedName::ask).toArray(CompletableFuture<?>[]::new));
  }

  private static Model model(String name, Route route) {
    return new Model(name, route.created(), route.ownedBy());
  }
}
