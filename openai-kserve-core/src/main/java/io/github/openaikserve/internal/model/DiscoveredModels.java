package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.dialect.ModelCheck.Outcome;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models that one server lists as ready. Thread-safe. */
public final class DiscoveredModels {
  private static final Logger log = LoggerFactory.getLogger(DiscoveredModels.class);

  /** The interval at which the server is asked for its models. */
  static final Duration POLL_INTERVAL = Duration.ofMinutes(1);

  private final InferenceBackend backend;
  private final Function<String, RegisteredModel> toModel;
  private final Scheduler scheduler;
  private final SingleFlight listing;
  private final Refresher poll;
  private volatile Map<String, ListedModel> listed = Map.of();
  private volatile Map<String, RegisteredModel> models = Map.of();

  /** The reasons why models could not be configured, by model name. */
  private volatile Map<String, String> rejected = Map.of();

  private volatile Optional<ModelCheck> listingProblem = Optional.empty();
  private volatile Optional<ModelCheck> servingProblem = Optional.empty();

  /**
   * Creates the discovery of a server's models. Sends nothing.
   *
   * @param toModel configures a model by its name at the server; if it throws, the model is not
   *     served
   */
  public DiscoveredModels(
      InferenceBackend backend, Function<String, RegisteredModel> toModel, Scheduler scheduler) {
    this.backend = backend;
    this.toModel = toModel;
    this.scheduler = scheduler;
    this.listing = new SingleFlight(scheduler);
    this.poll = new Refresher(this::poll, POLL_INTERVAL, scheduler);
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

  /** Returns whether the last listing has the model as loading or failed to load. */
  boolean isLoading(String name) {
    ListedModel found = listed.get(name);
    return found != null && !found.mayBeReady() && found.isLoading();
  }

  /** Returns whether the last listing has the model, in any state. */
  boolean lists(String name) {
    return listed.containsKey(name);
  }

  /** Asks the server again for its models after a model was loaded or unloaded. Never fails. */
  CompletableFuture<Void> changed() {
    listing.expire();
    return refresh();
  }

  /**
   * Returns the number of the server's models that can be served according to the last known state.
   */
  long available() {
    return models.values().stream().filter(RegisteredModel::isAvailable).count();
  }

  /** Ends the background queries. The last known state is kept. */
  void close() {
    poll.close();
    models.values().forEach(RegisteredModel::close);
  }

  /** Returns the problems of the server and of models that could not be configured. */
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
    return listing.run(() -> ListedModel.index(backend), this::remember).thenRun(poll::start);
  }

  private CompletableFuture<Boolean> poll() {
    return refresh().thenApply(done -> listingProblem.isEmpty());
  }

  /**
   * Asks for the names and detects unknown dialects. Each of the two steps takes at most {@link
   * SingleFlight#TIMEOUT}. Never fails.
   */
  CompletableFuture<Void> detectAll() {
    return refresh()
        .thenCompose(
            done -> {
              Queue<RegisteredModel> queue = new ConcurrentLinkedQueue<>(models.values());
              return SingleFlight.ask(
                      () -> ModelDetection.ofAll(queue), SingleFlight.TIMEOUT, scheduler)
                  .handle(
                      (all, late) -> {
                        queue.clear();
                        servingProblem = warnOnChange(servingProblem, findServingProblem());
                        return null;
                      });
            });
  }

  private Duration remember(
      @Nullable List<RepositoryIndexEntry> index, @Nullable Throwable failure) {
    if (failure == null && index != null) {
      remember(index);
    }
    listingProblem = warnOnChange(listingProblem, findListingProblem(failure));
    return SingleFlight.DEFAULT_TTL;
  }

  private void remember(List<RepositoryIndexEntry> index) {
    Map<String, ListedModel> before = listed;
    Map<String, ListedModel> after = ListedModel.byName(index);
    Map<String, RegisteredModel> now = new LinkedHashMap<>();
    Map<String, String> failures = new LinkedHashMap<>();
    after.forEach(
        (name, versions) -> {
          if (versions.mayBeReady()) {
            try {
              RegisteredModel known = models.get(name);
              now.put(name, known == null ? toModel.apply(name) : known);
            } catch (Throwable e) { // the consumer of discover() is application code
              failures.put(name, rejected(name, e));
            }
          }
        });
    Map<String, RegisteredModel> old = models;
    listed = after;
    models = now;
    rejected = failures;
    old.forEach((name, model) -> follow(model, now.get(name), before.get(name), after.get(name)));
  }

  private static void follow(
      RegisteredModel model,
      @Nullable RegisteredModel now,
      @Nullable ListedModel before,
      @Nullable ListedModel after) {
    if (now == null) {
      model.close();
    } else if (!Objects.equals(before, after)) {
      model.refreshSoon();
    }
  }

  private String rejected(String name, Throwable failure) {
    String reason =
        "the consumer passed to discover() failed for model '%s': %s".formatted(name, failure);
    if (!reason.equals(rejected.get(name))) {
      log.warn("model not served model={} reason=\"{}\"", name, reason, failure);
    }
    return reason;
  }

  private Optional<ModelCheck> findListingProblem(@Nullable Throwable failure) {
    if (failure != null) {
      String reason = ModelChecker.reason(failure);
      return isUnimplemented(failure)
          ? problem(Outcome.UNKNOWN, reason)
          : problem(Outcome.UNREACHABLE, "the server's models cannot be listed: " + reason);
    }
    return models.isEmpty() && rejected.isEmpty()
        ? problem(Outcome.UNKNOWN, "the server lists no model as ready")
        : Optional.empty();
  }

  private static boolean isUnimplemented(Throwable failure) {
    return Futures.cause(failure) instanceof BackendException backend
        && backend.backendCode() == BackendCode.UNIMPLEMENTED;
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
