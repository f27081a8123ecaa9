package io.github.openaikserve.grpc;

import io.github.openaikserve.grpc.internal.call.CallSettings;
import io.github.openaikserve.grpc.internal.call.Methods;
import io.github.openaikserve.grpc.internal.endpoint.AnyServeTarget;
import io.github.openaikserve.grpc.internal.endpoint.HostAndPort;
import io.github.openaikserve.grpc.internal.port.OpenChannel;
import io.github.openaikserve.grpc.internal.port.PortPlan;
import io.github.openaikserve.resilience.Endpoint;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Creates the backend of an endpoint. Immutable and thread-safe. */
final class Connector implements Function<Endpoint, GrpcBackend> {
  private final ChannelSettings.Opener opener;
  private final Methods methods;
  private final CallSettings calls;
  private final Settings settings;
  private final @Nullable Tls tls;

  /**
   * The ports to connect to.
   *
   * @param connections the number of connections to each port
   * @param streamTarget the address of all streams; null for the endpoint itself
   * @param streamPortOffset added to an endpoint's port for streams; 0 if unknown
   * @param targetHasNoStreams whether endpoints are known to answer no streams at their own port
   */
  record Settings(
      int connections,
      @Nullable HostAndPort streamTarget,
      int streamPortOffset,
      boolean targetHasNoStreams) {
    /** Sets the offset of AnyServe if it is unknown and the target has no streams. */
    Settings {
      if (streamPortOffset == 0 && targetHasNoStreams) {
        streamPortOffset = AnyServeTarget.STREAM_PORT_OFFSET;
      }
    }
  }

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

  /** Returns a backend that closes this connector when it is closed. */
  GrpcBackend connectOnly(Endpoint endpoint) {
    return connect(endpoint, this::close);
  }

  /** Closes the certificates, which all backends share. */
  void close() {
    if (tls != null) {
      tls.close();
    }
  }

  private GrpcBackend connect(Endpoint endpoint, Runnable onClose) {
    HostAndPort address = HostAndPort.parse(endpoint.address());
    HostAndPort server = HostAndPort.parse(endpoint.authority());
    address.plus(settings.streamPortOffset()); // fails early if the port would be out of range
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
            settings.streamPortOffset(),
            settings.targetHasNoStreams()),
        onClose);
  }

  private OpenChannel open(HostAndPort address, HostAndPort server) {
    return OpenChannel.owned(opener.open(tls, address, server.toString()));
  }
}
