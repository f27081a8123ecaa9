package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.Replica;
import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of the replicas that AnyServe's registry lists.
 *
 * <p>The registry is read at the start, at intervals, and when gRPC asks because a connection was
 * lost; never twice at the same time, and never sooner than a pause after the last time, which
 * doubles with every failure. While the registry is away the last list holds.
 */
final class AnyServeResolver extends NameResolver {
  private static final Logger log = LoggerFactory.getLogger(AnyServeResolver.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final int MAX_DOUBLINGS = 5;

  private final AnyServeTarget target;
  private final SynchronizationContext context;
  private final ScheduledExecutorService timer;
  private final RegistryReader registry;
  private final Executor executor;

  // Touched only in the context.
  private @Nullable Listener2 listener;
  private @Nullable CompletableFuture<?> reading;
  private SynchronizationContext.@Nullable ScheduledHandle next;
  private long lastEnd;
  private int failures;
  private boolean known;
  private boolean wanted;
  private String lastWarning = "";
  private boolean shutdown;

  AnyServeResolver(AnyServeTarget target, Args args) {
    this.target = target;
    this.context = args.getSynchronizationContext();
    this.timer = args.getScheduledExecutorService();
    Executor offload = args.getOffloadExecutor();
    this.executor = offload == null ? ForkJoinPool.commonPool() : offload;
    this.registry = new RegistryReader(target.url(), executor, PATIENCE);
  }

  @Override
  public String getServiceAuthority() {
    return target.registry().toString();
  }

  @Override
  public void start(Listener2 listener) {
    this.listener = listener;
    read();
  }

  /** Asks for a reading soon, because a connection was lost. */
  @Override
  public void refresh() {
    if (reading != null) {
      wanted = true; // what is being read may be older than the loss
    } else if (!shutdown) {
      schedule(pause());
    }
  }

  @Override
  public void shutdown() {
    shutdown = true;
    if (next != null) {
      next.cancel();
    }
    if (reading != null) {
      reading.cancel(true);
    }
  }

  private void read() {
    if (shutdown || reading != null) {
      return;
    }
    CompletableFuture<List<Replica>> replicas = registry.read();
    reading = replicas;
    replicas
        .thenApplyAsync(this::addresses, executor)
        .whenComplete((found, failure) -> context.execute(() -> done(found, failure)));
  }

  private void done(@Nullable List<EquivalentAddressGroup> found, @Nullable Throwable failure) {
    if (shutdown || listener == null) {
      return;
    }
    reading = null;
    lastEnd = System.nanoTime();
    if (found != null && failure == null) {
      failures = 0;
      tell(listener, found);
    } else {
      failures++;
      unread(listener, failure == null ? "" : RegistryReader.reason(failure));
    }
    schedule(failures == 0 && !wanted ? target.refresh() : pause());
    wanted = false;
  }

  private void unread(Listener2 listener, String reason) {
    String message =
        "AnyServe's registry at %s cannot be read: %s".formatted(target.registry(), reason);
    warnOnce(message);
    if (!known) {
      listener.onError(Status.UNAVAILABLE.withDescription(message));
    }
  }

  private void tell(Listener2 listener, List<EquivalentAddressGroup> found) {
    known = !found.isEmpty();
    if (known) {
      lastWarning = "";
      listener.onResult(
          ResolutionResult.newBuilder().setAddressesOrError(StatusOr.fromValue(found)).build());
    } else {
      String message =
          "AnyServe's registry at %s lists no replica for %s"
              .formatted(target.registry(), new TreeMap<>(target.attributes()));
      warnOnce(message);
      listener.onError(Status.UNAVAILABLE.withDescription(message));
    }
  }

  /** What is wrong for hours is not said every few seconds. */
  private void warnOnce(String message) {
    if (!message.equals(lastWarning)) {
      log.warn("{}", message);
      lastWarning = message;
    }
  }

  /** How long to wait after the last reading at least; never longer than the interval. */
  private Duration pause() {
    Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
    return pause.compareTo(target.refresh()) < 0 ? pause : target.refresh();
  }

  /** Reads again that long after the last time. */
  private void schedule(Duration pause) {
    if (next != null) {
      next.cancel();
    }
    long delay = Math.max(0, lastEnd + pause.toNanos() - System.nanoTime());
    next = context.schedule(this::read, delay, TimeUnit.NANOSECONDS, timer);
  }

  /** May wait for names to be resolved. */
  private List<EquivalentAddressGroup> addresses(List<Replica> replicas) {
    List<EquivalentAddressGroup> groups = new ArrayList<>();
    for (Replica replica : replicas) {
      if (replica.offers(target.attributes())) {
        try {
          groups.add(address(HostAndPort.parse(replica.endpoint()).plus(target.portOffset())));
        } catch (UnknownHostException | IllegalArgumentException e) {
          log.warn("a replica that AnyServe's registry lists is left out: {}", e.toString());
        }
      }
    }
    return groups;
  }

  private static EquivalentAddressGroup address(HostAndPort endpoint) throws UnknownHostException {
    List<SocketAddress> addresses = new ArrayList<>();
    for (InetAddress address : InetAddress.getAllByName(endpoint.host())) {
      addresses.add(new InetSocketAddress(address, endpoint.port()));
    }
    return new EquivalentAddressGroup(
        addresses,
        Attributes.newBuilder()
            .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, endpoint.toString())
            .build());
  }
}
