package io.github.openaikserve.grpc.internal.endpoint;

import io.github.openaikserve.resilience.Endpoint;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.time.Scheduler;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ForkJoinPool;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a backend: fixed addresses, a DNS name, or AnyServe's registry. Immutable.
 *
 * @param addresses fixed addresses; empty for a name or a registry
 * @param name a name whose addresses are looked up; null for none
 * @param registry AnyServe's registry; null for none
 */
public record Target(
    List<HostAndPort> addresses, @Nullable HostAndPort name, @Nullable AnyServeTarget registry) {
  private static final String DNS = "dns:///";
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):/{1,3}(.*)");
  private static final String EXPECTED =
      "expected host:port, host:port,host:port, dns:///name:port or anyserve://host:port?type=...";

  /**
   * Parses a target.
   *
   * @throws IllegalArgumentException if the target has none of the four forms
   */
  public static Target parse(String target) {
    if (AnyServeTarget.is(target)) {
      return new Target(List.of(), null, AnyServeTarget.parse(target));
    }
    if (target.startsWith(DNS)) {
      return new Target(List.of(), HostAndPort.parse(target.substring(DNS.length())), null);
    }
    Matcher scheme = SCHEME.matcher(target);
    if (scheme.matches()) {
      throw unsupported(target, scheme.group(1).toLowerCase(Locale.ROOT), scheme.group(2));
    }
    return of(Arrays.asList(target.split(",", -1)));
  }

  /**
   * Returns a target with fixed addresses.
   *
   * @throws IllegalArgumentException if the list is empty, or an element is not {@code host:port}
   */
  public static Target of(List<String> addresses) {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("at least one target is required");
    }
    return new Target(
        addresses.stream().map(address -> HostAndPort.parse(address.strip())).toList(), null, null);
  }

  private static IllegalArgumentException unsupported(String target, String scheme, String rest) {
    return new IllegalArgumentException(
        switch (scheme) {
          case "http", "https", "grpc", "grpcs" ->
              "gRPC targets have no %s:// scheme; use %s%s"
                  .formatted(
                      scheme,
                      rest.replaceFirst("/.*", ""),
                      scheme.endsWith("s") ? " with tls()" : "");
          case "dns" -> "target '%s' is not supported; use dns:///name:port".formatted(target);
          default ->
              "target '%s' has the scheme %s, %s; for others create a channel and use GrpcBackend.over(channel)"
                  .formatted(target, scheme, EXPECTED);
        });
  }

  /** Returns whether the target is always exactly one address. */
  public boolean isSingle() {
    return addresses.size() == 1;
  }

  /**
   * Returns the only endpoint.
   *
   * @throws IllegalArgumentException if the target may be several servers
   */
  public Endpoint single() {
    if (!isSingle()) {
      throw new IllegalArgumentException(
          "target '%s' may be several servers; use balanced() in place of build()".formatted(this));
    }
    return Endpoint.of(addresses.get(0).toString());
  }

  /**
   * Checks that each known port plus an offset is a port. The ports of a registry are not known.
   *
   * @throws IllegalArgumentException if a port would be out of range
   */
  public void checkOffset(int offset) {
    addresses.forEach(address -> address.plus(offset));
    if (name != null) {
      name.plus(offset);
    }
  }

  public boolean isRegistry() {
    return registry != null;
  }

  /** Returns the endpoints of the target. */
  public EndpointSource source() {
    if (registry != null) {
      return new AnyServeRegistry(registry, Scheduler.SHARED, ForkJoinPool.commonPool());
    }
    if (name != null) {
      return new DnsEndpoints(name, Scheduler.SHARED, ForkJoinPool.commonPool());
    }
    return EndpointSource.of(
        addresses.stream().map(address -> Endpoint.of(address.toString())).distinct().toList());
  }

  /** Returns the target in the form that {@link #parse} accepts. */
  @Override
  public String toString() {
    if (registry != null) {
      return registry.toString();
    }
    return name == null
        ? addresses.stream().map(HostAndPort::toString).collect(Collectors.joining(","))
        : DNS + name;
  }
}
