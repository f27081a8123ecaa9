package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.dialect.ModelCheck.Outcome;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.RepositoryModel;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models that one server lists as ready. Thread-safe. */
public final class DiscoveredModels {
  private static final Logger log = LoggerFactory.getLogger(DiscoveredModels.class);

  /** The number of models after which a listing is cut. */
  private static final int MAX_MODELS = 10_000;

  /** The prefix of the server names of AnyServe's dispatcher and worker. */
  private static final String ANYSERVE = "anyserve";

  /** The number of models whose dialects are detected at the same time. */
  private static final int CONCURRENCY = 8;

  private final InferenceBackend backend;
  private final Function<String, RegisteredModel> toModel;
  private final Scheduler scheduler;
  private final SingleFlight listing;
  private volatile Map<String, RegisteredModel> models = Map.of();

  /** Why models could not be configured, by their names. */
  private volatile Map<String, String> rejected = Map.of();

  private volatile Optional<ModelCheck> listingProblem = Optional.empty();
  private volatile Optional<ModelCheck> servingProblem = Optional.empty();

  /**
   * Creates the models of a server, which is not asked yet.
   *
   * @param toModel configures a model by the server's name for it; a model for which this throws is
   *     not served
   */
  public DiscoveredModels(
      InferenceBackend backend, Function<String, RegisteredModel> toModel, Scheduler scheduler) {
    this.backend = backend;
    this.toModel = toModel;
    this.scheduler = scheduler;
    this.listing = new SingleFlight(scheduler);
  }

  InferenceBackend backend() {
    return backend;
  }

  Optional<RegisteredModel> lastKnown(String name) {
    return Optional.ofNullable(models.get(name));
  }

  /** Returns the listed models, including those whose dialect is unknown. */
  Collection<RegisteredModel> lastKnown() {
    return models.values();
  }

  /** Returns what is wrong with the server and with models that could not be configured. */
  Stream<ModelCheck> problems() {
    Stream<ModelCheck> ofModels =
        rejected.entrySet().stream()
            .map(
                entry ->
                    new ModelCheck(entry.getKey(), Outcome.UNKNOWN, List.of(entry.getValue())));
    return Stream.concat(ofModels, listingProblem.or(() -> servingProblem).stream());
  }

  /** Asks the server for the names of its models. Never fails. */
  CompletableFuture<Void> refresh() {
    return listing.run(
        () -> backend.repositoryIndex().thenCompose(this::requireListed), this::remember);
  }

  /**
   * Asks for the names and detects the unknown dialects. Waits at most {@link SingleFlight#TIMEOUT}
   * for each of the two steps. Never fails.
   */
  CompletableFuture<Void> detectAll() {
    return refresh()
        .thenCompose(
            done -> {
              Queue<RegisteredModel> queue = new ConcurrentLinkedQueue<>(models.values());
              return SingleFlight.ask(() -> detectAll(queue), SingleFlight.TIMEOUT, scheduler)
                  .handle(
                      (all, late) -> {
                        queue.clear();
                        servingProblem = warnOnChange(servingProblem, findServingProblem());
                        return null;
                      });
            });
  }

  private static CompletableFuture<Void> detectAll(Queue<RegisteredModel> queue) {
    return CompletableFuture.allOf(
        Stream.generate(() -> detectEach(queue))
            .limit(CONCURRENCY)
            .toArray(CompletableFuture<?>[]::new));
  }

  private static CompletableFuture<Void> detectEach(Queue<RegisteredModel> queue) {
    for (RegisteredModel model = queue.poll(); model != null; model = queue.poll()) {
      CompletableFuture<Void> detected = model.detect();
      if (!detected.isDone()) {
        return detected.thenCompose(done -> detectEach(queue));
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  private CompletionStage<List<RepositoryModel>> requireListed(
      Optional<List<RepositoryModel>> index) {
    return index.isPresent()
        ? CompletableFuture.completedFuture(index.get())
        : backend.serverMetadata().thenCompose(DiscoveredModels::unlisted);
  }

  private static CompletableFuture<List<RepositoryModel>> unlisted(
      Optional<ServerMetadata> server) {
    String name = server.map(ServerMetadata::name).orElse("");
    String message = "The server does not list its models: configure each model by its name.";
    if (name.startsWith(ANYSERVE)) {
      message =
          "The server is an AnyServe (%s), which does not list its models: configure each model with the dialect 'anyserve' (option --anyserve-endpoint HOST:PORT of the reference server)."
              .formatted(name);
    }
    return CompletableFuture.failedFuture(new BackendException(BackendCode.UNIMPLEMENTED, message));
  }

  private Duration remember(@Nullable List<RepositoryModel> index, @Nullable Throwable failure) {
    if (failure == null && index != null) {
      remember(index);
    }
    listingProblem = warnOnChange(listingProblem, findListingProblem(failure));
    return SingleFlight.DEFAULT_TTL;
  }

  private void remember(List<RepositoryModel> index) {
    Map<String, RegisteredModel> now = new LinkedHashMap<>();
    Map<String, String> failures = new LinkedHashMap<>();
    index.stream()
        .filter(model -> model.state().isEmpty() || model.state().equals("READY"))
        .map(RepositoryModel::name)
        .distinct()
        .limit(MAX_MODELS)
        .forEach(
            name -> {
              try {
                RegisteredModel known = models.get(name);
                now.put(name, known == null ? toModel.apply(name) : known);
              } catch (Throwable e) { // the consumer of discover() is a user's
                failures.put(name, rejected(name, e));
              }
            });
    models = now;
    rejected = failures;
  }

  private String rejected(String name, Throwable failure) {
    String reason = "the consumer of discover() failed for model '%s': %s".formatted(name, failure);
    if (!reason.equals(rejected.get(name))) {
      log.warn("model not served model={} reason=\"{}\"", name, reason, failure);
    }
    return reason;
  }

  private Optional<ModelCheck> findListingProblem(@Nullable Throwable failure) {
    if (failure != null) {
      return problem(
          Outcome.UNREACHABLE,
          "the server's models cannot be listed: " + ModelChecker.reason(failure));
    }
    return models.isEmpty() && rejected.isEmpty()
        ? problem(Outcome.UNKNOWN, "the server lists no model as ready")
        : Optional.empty();
  }

  private Optional<ModelCheck> findServingProblem() {
    boolean served = models.values().stream().anyMatch(model -> model.known().isPresent());
    int listed = models.size() + rejected.size();
    return served || listed == 0
        ? Optional.empty()
        : problem(
            Outcome.UNKNOWN,
            "none of the server's %d ready models can be served".formatted(listed));
  }

  private static Optional<ModelCheck> problem(Outcome outcome, String finding) {
    return Optional.of(new ModelCheck("", outcome, List.of(finding)));
  }

  private static Optional<ModelCheck> warnOnChange(
      Optional<ModelCheck> before, Optional<ModelCheck> now) {
    if (!now.equals(before)) {
      now.ifPresent(
          problem -> log.warn("no models discovered reason=\"{}\"", problem.findings().get(0)));
    }
    return now;
  }
}
