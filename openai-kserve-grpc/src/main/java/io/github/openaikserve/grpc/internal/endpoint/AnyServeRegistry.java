package io.github.openaikserve.grpc.internal.endpoint;

import io.github.openaikserve.backend.Replica;
import io.github.openaikserve.resilience.Endpoint;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicas that AnyServe's registry lists for a capability. Thread-safe.
 *
 * <p>Reads the registry at the target's refresh interval, and sooner when an endpoint is lost.
 * While the registry cannot be read, or lists no replica for the capability, the last replicas
 * remain in use.
 */
public final class AnyServeRegistry implements EndpointSource {
  private static final Logger log = LoggerFactory.getLogger(AnyServeRegistry.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final AnyServeTarget target;
  private final Scheduler scheduler;
  private final Executor executor;

  /**
   * Creates a source.
   *
   * @param executor runs the parsing of the registry's answers
   */
  public AnyServeRegistry(AnyServeTarget target, Scheduler scheduler, Executor executor) {
    this.target = target;
    this.scheduler = scheduler;
    this.executor = executor;
  }

  @Override
  public Watch watch(Listener listener) {
    return new Reading(listener).start();
  }

  /** One watch. Logs a warning only when it differs from the last one. */
  private final class Reading implements Listener {
    private final RegistryReader reader = new RegistryReader(target.url(), executor, TIMEOUT);
    private final Listener listener;
    private String lastWarning = "";
    private String lastHint = "";

    Reading(Listener listener) {
      this.listener = listener;
    }

    Watch start() {
      return new PolledEndpoints(this::read, target.refresh(), scheduler, this).start();
    }

    private CompletableFuture<List<Endpoint>> read() {
      CompletableFuture<List<Replica>> replicas = reader.read();
      CompletableFuture<List<Endpoint>> endpoints =
          replicas.handle(
              (list, failure) -> {
                if (failure != null) {
                  throw unreadable(failure);
                }
                return endpoints(list);
              });
      endpoints.whenComplete((list, failure) -> replicas.cancel(true));
      return endpoints;
    }

    private IllegalStateException unreadable(Throwable failure) {
      return new IllegalStateException(
          "AnyServe's registry at %s cannot be read: %s"
              .formatted(target.registry(), RegistryReader.reason(failure)));
    }

    private List<Endpoint> endpoints(List<Replica> replicas) {
      List<Endpoint> found = new ArrayList<>();
      for (Replica replica : replicas) {
        if (replica.offers(target.attributes())) {
          add(replica, found);
        }
      }
      if (found.isEmpty()) {
        throw new IllegalStateException(nothingFor(replicas.size()));
      }
      return found;
    }

    private void add(Replica replica, List<Endpoint> found) {
      try {
        HostAndPort dispatcher = HostAndPort.parse(replica.endpoint());
        if (LOOPBACK.contains(dispatcher.host()) && !LOOPBACK.contains(target.registry().host())) {
          hint(replica);
        }
        found.add(Endpoint.of(dispatcher.plus(target.portOffset()).toString()));
      } catch (IllegalArgumentException e) {
        log.warn("replica ignored registry={} reason=\"{}\"", target.registry(), e.getMessage());
      }
    }

    private String nothingFor(int listed) {
      var attributes = new TreeMap<>(target.attributes());
      return switch (listed) {
        case 0 -> "AnyServe's registry at %s lists no replica".formatted(target.registry());
        case 1 ->
            "AnyServe's registry at %s lists 1 replica, which does not offer %s"
                .formatted(target.registry(), attributes);
        default ->
            "AnyServe's registry at %s lists %d replicas, none of which offers %s"
                .formatted(target.registry(), listed, attributes);
      };
    }

    /** Warns once about a loopback address: it is the replica's machine only on that machine. */
    private void hint(Replica replica) {
      if (!lastHint.equals(replica.endpoint())) {
        lastHint = replica.endpoint();
        log.warn(
            "replica address is a loopback address endpoint={} registry={}"
                + " action=\"start AnyServe with --host NAME\"",
            replica.endpoint(),
            target.registry());
      }
    }

    @Override
    public void onEndpoints(List<Endpoint> endpoints) {
      lastWarning = "";
      listener.onEndpoints(endpoints);
    }

    @Override
    public void onFailure(String reason) {
      if (!reason.equals(lastWarning)) {
        log.warn("endpoints not updated registry={} reason=\"{}\"", target.registry(), reason);
        lastWarning = reason;
      }
      listener.onFailure(reason);
    }
  }
}
