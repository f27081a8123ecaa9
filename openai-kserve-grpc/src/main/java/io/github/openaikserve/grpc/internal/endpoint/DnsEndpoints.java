package io.github.openaikserve.grpc.internal.endpoint;

import io.github.openaikserve.resilience.Endpoint;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.time.Scheduler;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All addresses of a host name, looked up every 30 seconds. Thread-safe.
 *
 * <p>If a lookup fails, the last addresses remain in use. The JDK caches addresses for {@code
 * networkaddress.cache.ttl}, 30 seconds unless set.
 */
public final class DnsEndpoints implements EndpointSource {
  private static final Logger log = LoggerFactory.getLogger(DnsEndpoints.class);
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  /** A blocking lookup of the addresses of a name. */
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  private final HostAndPort name;
  private final Scheduler scheduler;
  private final Executor executor;
  private final Lookup lookup;

  /** Whether the last lookup failed, so that a repeated failure is logged once. */
  private volatile boolean failing;

  /**
   * Creates a source.
   *
   * @param executor runs the lookups, which block
   */
  public DnsEndpoints(HostAndPort name, Scheduler scheduler, Executor executor) {
    this(name, scheduler, executor, InetAddress::getAllByName);
  }

  public DnsEndpoints(HostAndPort name, Scheduler scheduler, Executor executor, Lookup lookup) {
    this.name = name;
    this.scheduler = scheduler;
    this.executor = executor;
    this.lookup = lookup;
  }

  @Override
  public Watch watch(Listener listener) {
    return new PolledEndpoints(
            () -> CompletableFuture.supplyAsync(this::lookUp, executor),
            INTERVAL,
            scheduler,
            listener)
        .start();
  }

  private List<Endpoint> lookUp() {
    try {
      InetAddress[] addresses = lookup.addresses(name.host());
      failing = false;
      return Arrays.stream(addresses).map(this::endpoint).distinct().toList();
    } catch (UnknownHostException e) {
      String reason = "host name %s cannot be resolved".formatted(name.host());
      if (!failing) {
        failing = true;
        log.warn("endpoints not updated target=dns:///{} reason=\"{}\"", name, reason);
      }
      throw new CompletionException(new UnknownHostException(reason));
    }
  }

  private Endpoint endpoint(InetAddress address) {
    String host = address.getHostAddress();
    String literal = address instanceof Inet6Address ? "[" + host + "]" : host;
    return new Endpoint(literal + ":" + name.port(), name.toString());
  }
}
