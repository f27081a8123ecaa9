package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints of one balanced backend, as its source reports them, and the choice between them.
 * Thread-safe.
 */
final class EndpointGroup implements RetryTarget, EndpointSource.Listener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EndpointGroup.class);

  /** How long a call waits for the first report of the source. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(5);

  /** How many endpoints are asked the same question, one after the other. */
  private static final int MAX_ASKED = 3;

  private final EndpointSource source;
  private final Function<Endpoint, ? extends InferenceBackend> connect;
  private final EndpointEvents events;
  private final EndpointSettings settings;
  private final EndpointPicker picker;
  private final List<Runnable> closing;
  private final CompletableFuture<Void> reported = new CompletableFuture<>();
  private volatile List<ManagedEndpoint> endpoints = List.of();
  private volatile String sourceFailure = "";
  private volatile EndpointSource.@Nullable Watch watch;

  // Guarded by this.
  private boolean started;
  private boolean closed;

  EndpointGroup(BalancedBackend.Builder builder) {
    this.source = builder.source;
    this.connect = builder.connect;
    this.events = new EndpointEvents(builder.listeners);
    this.picker = new EndpointPicker(builder.balancing);
    this.closing = List.copyOf(builder.closing);
    this.settings =
        new EndpointSettings(
            builder.name,
            builder.circuitBreaker,
            builder.healthCheck,
            builder.scheduler,
            builder.random,
            events,
            this::onHealthChanged);
  }

  List<ManagedEndpoint> endpoints() {
    return endpoints;
  }

  void addListener(EndpointListener listener) {
    events.add(listener, endpoints);
  }

  private void start() {
    if (watch != null) {
      return;
    }
    synchronized (this) {
      if (started || closed) {
        return;
      }
      started = true;
    }
    EndpointSource.Watch begun = source.watch(this);
    watch = begun;
    boolean unwanted;
    synchronized (this) {
      unwanted = closed;
    }
    if (unwanted) {
      begun.close();
    }
  }

  @Override
  public void onEndpoints(List<Endpoint> listed) {
    List<ManagedEndpoint> before = endpoints;
    if (listed.isEmpty() && !before.isEmpty()) {
      return;
    }
    Map<String, ManagedEndpoint> unlisted = new LinkedHashMap<>();
    before.forEach(endpoint -> unlisted.put(endpoint.address(), endpoint));
    Map<String, ManagedEndpoint> now = new LinkedHashMap<>();
    List<ManagedEndpoint> added = new ArrayList<>();
    for (Endpoint endpoint : listed) {
      ManagedEndpoint known = unlisted.remove(endpoint.address());
      if (known != null) {
        now.put(endpoint.address(), known);
      } else if (!now.containsKey(endpoint.address())) {
        connect(endpoint).ifPresent(added::add);
        added.forEach(connected -> now.putIfAbsent(connected.address(), connected));
      }
    }
    replace(List.copyOf(now.values()), added, List.copyOf(unlisted.values()));
    reported.complete(null);
  }

  private Optional<ManagedEndpoint> connect(Endpoint endpoint) {
    try {
      InferenceBackend backend = connect.apply(endpoint);
      return Optional.of(new ManagedEndpoint(endpoint, backend, settings, this::anyAnswers));
    } catch (RuntimeException e) {
      log.error("endpoint refused backend={} endpoint={}", settings.name(), endpoint, e);
      sourceFailure = String.valueOf(e.getMessage());
      return Optional.empty();
    }
  }

  private void replace(
      List<ManagedEndpoint> now, List<ManagedEndpoint> added, List<ManagedEndpoint> removed) {
    synchronized (this) {
      if (!closed) {
        endpoints = now;
      }
    }
    if (isClosed()) {
      added.forEach(ManagedEndpoint::close);
      return;
    }
    for (ManagedEndpoint endpoint : added) {
      log.debug("endpoint added backend={} endpoint={}", settings.name(), endpoint.address());
      events.added(endpoint.address());
      endpoint.check();
    }
    for (ManagedEndpoint endpoint : removed) {
      log.info("endpoint removed backend={} endpoint={}", settings.name(), endpoint.address());
      endpoint.remove();
      events.removed(endpoint.address());
    }
  }

  @Override
  public void onFailure(String reason) {
    sourceFailure = reason;
    reported.complete(null);
  }

  private void onHealthChanged(ManagedEndpoint endpoint) {
    EndpointSource.Watch current = watch;
    if (current != null && !endpoint.health().permitsCalls()) {
      current.refresh();
    }
  }

  private boolean anyAnswers(ManagedEndpoint except, String model) {
    for (ManagedEndpoint endpoint : endpoints) {
      if (endpoint != except && endpoint.answers(model)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public CompletableFuture<Flow.Publisher<InferResponse>> next(InferCall call, Attempts attempts) {
    return whenReported(() -> choose(call, attempts))
        .thenApply(endpoint -> new EndpointCall(endpoint, call, attempts));
  }

  private <T> CompletableFuture<T> whenReported(Supplier<CompletableFuture<T>> task) {
    start();
    if (!endpoints.isEmpty() || reported.isDone()) {
      return task.get();
    }
    var waited = new CompletableFuture<Void>();
    Runnable timer = settings.scheduler().schedule(MAX_WAIT, () -> waited.complete(null));
    return CompletableFuture.anyOf(reported, waited)
        .thenCompose(
            unused -> {
              timer.run();
              return task.get();
            });
  }

  private CompletableFuture<ManagedEndpoint> choose(InferCall call, Attempts attempts) {
    String model = call.request().modelName();
    List<ManagedEndpoint> all = endpoints;
    if (isClosed()) {
      return failed("The backend is closed.", null);
    }
    if (all.isEmpty()) {
      return failed("No model server is known yet.", new IllegalStateException(sourceFailure));
    }
    List<ManagedEndpoint> untried = untried(all, attempts);
    ManagedEndpoint picked = picker.pick(available(untried, model), call.affinityKey());
    if (picked == null && untried.size() < all.size()) {
      // No second endpoint is available: the first may have had a moment of weakness.
      picked = picker.pick(available(all, model), call.affinityKey());
    }
    return picked == null
        ? LastResort.choose(settings.scheduler(), untried.isEmpty() ? all : untried)
        : CompletableFuture.completedFuture(picked);
  }

  private static List<ManagedEndpoint> untried(List<ManagedEndpoint> all, Attempts attempts) {
    if (attempts.isEmpty()) {
      return all;
    }
    return all.stream().filter(endpoint -> !attempts.hasFailedAt(endpoint)).toList();
  }

  private static List<ManagedEndpoint> available(List<ManagedEndpoint> all, String model) {
    boolean every = true;
    for (ManagedEndpoint endpoint : all) {
      every &= endpoint.isAvailable(model);
    }
    return every ? all : all.stream().filter(endpoint -> endpoint.isAvailable(model)).toList();
  }

  private static <T> CompletableFuture<T> failed(String message, @Nullable Throwable cause) {
    return CompletableFuture.failedFuture(
        new BackendException(BackendCode.UNAVAILABLE, message, cause));
  }

  @Override
  public boolean hasAlternative(InferCall call, Attempts attempts) {
    return !available(untried(endpoints, attempts), call.request().modelName()).isEmpty();
  }

  @Override
  public void retried(Attempts attempts) {
    attempts.last().ifPresent(endpoint -> events.retried(endpoint.address()));
  }

  CompletionStage<Optional<Boolean>> ready() {
    return whenReported(this::firstAvailable).thenApply(Optional::of);
  }

  /** Waits for first health checks only: everything else is known. */
  private CompletableFuture<Boolean> firstAvailable() {
    List<CompletableFuture<HealthCheck>> unknown = new ArrayList<>();
    for (ManagedEndpoint endpoint : endpoints) {
      if (endpoint.health().result() == HealthCheck.Result.UNKNOWN) {
        unknown.add(endpoint.check());
      } else if (endpoint.isAvailable()) {
        return CompletableFuture.completedFuture(true);
      }
    }
    if (unknown.isEmpty()) {
      return CompletableFuture.completedFuture(false);
    }
    var available = new CompletableFuture<Boolean>();
    unknown.forEach(
        check ->
            check.thenAccept(
                result -> {
                  if (result.isHealthy()) {
                    available.complete(true);
                  }
                }));
    CompletableFuture.allOf(unknown.toArray(CompletableFuture<?>[]::new))
        .thenAccept(all -> available.complete(false));
    return available;
  }

  /** Asks one endpoint, and others while endpoints cannot be reached. */
  <T> CompletionStage<T> ask(Function<InferenceBackend, CompletionStage<T>> question) {
    return ask(question, new Attempts(), 1);
  }

  private <T> CompletionStage<T> ask(
      Function<InferenceBackend, CompletionStage<T>> question, Attempts attempts, int number) {
    return whenReported(() -> chooseForQuestion(attempts))
        .thenCompose(
            endpoint ->
                question
                    .apply(endpoint.backend())
                    .handle(
                        (answer, failure) -> {
                          attempts.failedAt(endpoint);
                          boolean more =
                              failure != null
                                  && number < MAX_ASKED
                                  && unreachable(failure)
                                  && !untried(endpoints, attempts).isEmpty();
                          if (more) {
                            return ask(question, attempts, number + 1);
                          }
                          return failure == null
                              ? CompletableFuture.completedFuture(answer)
                              : CompletableFuture.<T>failedFuture(failure);
                        })
                    .thenCompose(Function.identity()));
  }

  private CompletableFuture<ManagedEndpoint> chooseForQuestion(Attempts attempts) {
    List<ManagedEndpoint> all = endpoints;
    if (isClosed() || all.isEmpty()) {
      return failed("No model server is known yet.", new IllegalStateException(sourceFailure));
    }
    List<ManagedEndpoint> untried = untried(all, attempts);
    List<ManagedEndpoint> available =
        untried.stream().filter(ManagedEndpoint::isAvailable).toList();
    return available.isEmpty()
        ? LastResort.choose(settings.scheduler(), untried.isEmpty() ? all : untried)
        : CompletableFuture.completedFuture(EndpointPicker.leastRequests(available, 0));
  }

  private static boolean unreachable(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause != null && CallOutcome.of(cause) == CallOutcome.UNREACHABLE;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    List<ManagedEndpoint> last;
    EndpointSource.Watch ending;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      last = endpoints;
      ending = watch;
    }
    if (ending != null) {
      ending.close();
    }
    last.forEach(ManagedEndpoint::close);
    closing.forEach(Runnable::run);
  }
}
