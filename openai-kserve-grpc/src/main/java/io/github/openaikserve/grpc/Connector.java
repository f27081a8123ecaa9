package io.github.openaikserve.grpc;

import io.github.openaikserve.resilience.Endpoint;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the backend of an endpoint. Immutable and thread-safe. */
final class Connector implements Function<Endpoint, GrpcBackend> {
  private final ChannelSettings.Opener opener;
  private final Methods methods;
  private final CallSettings calls;
  private final Settings settings;
  private final @Nullable Tls tls;

  /**
   * Which ports are connected.
   *
   * @param connections to each port
   * @param streamTarget where all streams go; null for the endpoint
   * @param streamPortOffset 0 if unknown
   */
  record Settings(int connections, @Nullable HostAndPort streamTarget, int streamPortOffset) {}

  /**
   * Reads the certificates, which all backends share.
   *
   * @throws java.io.UncheckedIOException if they cannot be read
   */
  Connector(ChannelSettings.Opener opener, Methods methods, CallSettings calls, Settings settings) {
    this.tls = opener.tls();
    this.opener = opener;
    this.methods = methods;
    this.calls = calls;
    this.settings = settings;
  }

  @Override
  public GrpcBackend apply(Endpoint endpoint) {
    return connect(endpoint, () -> {});
  }

  /** Returns the only backend, which closes this connector. */
  GrpcBackend connectOnly(Endpoint endpoint) {
    return connect(endpoint, this::close);
  }

  /** Ends what all backends share. */
  void close() {
    if (tls != null) {
      tls.close();
    }
  }

  private GrpcBackend connect(Endpoint endpoint, Runnable onClose) {
    HostAndPort address = HostAndPort.parse(endpoint.address());
    HostAndPort server = HostAndPort.parse(endpoint.authority());
    address.plus(settings.streamPortOffset()); // a port that does not exist is reported now
    HostAndPort streams = settings.streamTarget();
    Supplier<OpenChannel> streamTarget = streams == null ? null : () -> open(streams, streams);
    return GrpcBackend.of(
        methods,
        calls,
        new PortPlan(
            address.port(),
            settings.connections(),
            offset -> open(address.plus(offset), server.plus(offset)),
            streamTarget,
            settings.streamPortOffset()),
        onClose);
  }

  private OpenChannel open(HostAndPort address, HostAndPort server) {
    return OpenChannel.owned(opener.open(tls, address, server.toString()));
  }
}
