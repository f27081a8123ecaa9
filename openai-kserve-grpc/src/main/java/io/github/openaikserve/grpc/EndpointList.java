package io.github.openaikserve.grpc;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a list of {@code host:port}: each is one endpoint, with its own name on its certificate.
 * Hosts that cannot be resolved are left out until they can.
 */
final class EndpointList extends NameResolver {
  private static final String SCHEME = "openai-kserve-list";

  static {
    NameResolverRegistry.getDefaultRegistry().register(new Provider());
  }

  private final List<HostAndPort> endpoints;
  private final Executor offload;
  private final io.grpc.SynchronizationContext context;
  private @Nullable Listener2 listener;
  private boolean resolving;
  private boolean over;

  private EndpointList(List<HostAndPort> endpoints, Args args) {
    this.endpoints = endpoints;
    Executor given = args.getOffloadExecutor();
    this.offload = given == null ? Runnable::run : given;
    this.context = args.getSynchronizationContext();
  }

  /** The target that stands for the list; making it also makes the scheme known to gRPC. */
  static String target(List<HostAndPort> endpoints) {
    String path = endpoints.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
    try {
      // Brackets of IPv6 addresses may not be in a path as they are.
      return new URI(SCHEME, "", "/" + path, null)
          .toString()
          .replace("[", "%5B")
          .replace("]", "%5D");
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a list of host:port: " + path, e);
    }
  }

  @Override
  public String getServiceAuthority() {
    return endpoints.get(0).toString();
  }

  @Override
  public void start(Listener2 listener) {
    this.listener = listener;
    resolve();
  }

  @Override
  public void refresh() {
    resolve();
  }

  @Override
  public void shutdown() {
    over = true;
  }

  /** In gRPC's synchronization context, but for the look-up, which may block. */
  private void resolve() {
    if (resolving || over) {
      return;
    }
    resolving = true;
    offload.execute(
        () -> {
          List<EquivalentAddressGroup> found = new ArrayList<>();
          endpoints.forEach(endpoint -> lookUp(endpoint, found));
          context.execute(() -> tell(found));
        });
  }

  private void tell(List<EquivalentAddressGroup> found) {
    resolving = false;
    Listener2 told = listener;
    if (over || told == null) {
      return;
    }
    StatusOr<List<EquivalentAddressGroup>> result =
        found.isEmpty()
            ? StatusOr.fromStatus(
                Status.UNAVAILABLE.withDescription("none of the hosts could be resolved"))
            : StatusOr.fromValue(found);
    var unused = told.onResult2(ResolutionResult.newBuilder().setAddressesOrError(result).build());
  }

  private static void lookUp(HostAndPort endpoint, List<EquivalentAddressGroup> found) {
    try {
      List<SocketAddress> addresses = new ArrayList<>();
      for (InetAddress address : InetAddress.getAllByName(endpoint.host())) {
        addresses.add(new InetSocketAddress(address, endpoint.port()));
      }
      found.add(
          new EquivalentAddressGroup(
              addresses,
              Attributes.newBuilder()
                  .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, endpoint.toString())
                  .build()));
    } catch (UnknownHostException e) {
      // It is left out; the others serve.
    }
  }

  private static final class Provider extends NameResolverProvider {
    private static final int PRIORITY = 5;

    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return PRIORITY;
    }

    @Override
    public String getDefaultScheme() {
      return SCHEME;
    }

    @Override
    public @Nullable NameResolver newNameResolver(URI target, Args args) {
      if (!SCHEME.equals(target.getScheme())) {
        return null;
      }
      List<HostAndPort> endpoints =
          Arrays.stream(target.getPath().substring(1).split(",")).map(HostAndPort::parse).toList();
      return new EndpointList(endpoints, args);
    }
  }
}
