package io.github.openaikserve.grpc;

import io.github.openaikserve.grpc.internal.call.CallExecutor;
import io.github.openaikserve.grpc.internal.call.CallSettings;
import io.github.openaikserve.grpc.internal.call.Methods;
import io.github.openaikserve.grpc.internal.endpoint.AnyServeTarget;
import io.github.openaikserve.grpc.internal.endpoint.HostAndPort;
import io.github.openaikserve.grpc.internal.endpoint.Target;
import io.github.openaikserve.grpc.internal.port.OpenChannel;
import io.github.openaikserve.grpc.internal.port.PortPlan;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.Endpoint;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Creates backends with the settings that a builder had. Immutable and thread-safe. */
final class Connector implements Function<Endpoint, GrpcBackend> {
  private final Target target;
  private final List<Consumer<ManagedChannelBuilder<?>>> channelOptions;
  private final @Nullable String authority;
  private final @Nullable Tls tls;
  private final Methods methods;
  private final CallSettings calls;
  private final int connections;
  private final @Nullable HostAndPort streamTarget;
  private final int streamPortOffset;

  /**
   * Copies the settings, and reads the certificates, which all backends share.
   *
   * @throws IllegalStateException if no target is set, or tokens are set and TLS is not
   * @throws IllegalArgumentException if there is a client certificate, but no TLS, or the port for
   *     streams would be out of range
   * @throws java.io.UncheckedIOException if the certificates cannot be read
   */
  Connector(GrpcBackendBuilder builder) {
    if (builder.target == null) {
      throw new IllegalStateException("a target is required; call target() or targets()");
    }
    if (builder.tokens != null && !builder.encrypted && !builder.allowPlaintextCredentials) {
      throw new IllegalStateException(
          "bearer tokens require TLS; call tls(), or allowPlaintextCredentials() to send them"
              + " without");
    }
    if (!builder.encrypted && builder.clientCertificates != null) {
      throw new IllegalArgumentException("a client certificate requires TLS; call tls() as well");
    }
    target = builder.target;
    channelOptions = List.copyOf(builder.channelOptions.values());
    authority = builder.authority;
    methods = new Methods(builder.service);
    calls = calls(builder);
    connections = builder.connections;
    streamTarget = builder.streamTarget;
    streamPortOffset = streamPortOffset(builder, target);
    target.checkOffset(streamPortOffset);
    tls = builder.encrypted ? Tls.open(builder) : null;
  }

  /** Returns the offset to the port for streams; 0 if there is none or streams have a target. */
  private static int streamPortOffset(GrpcBackendBuilder builder, Target target) {
    if (builder.streamTarget != null) {
      return 0;
    }
    return builder.streamPortOffset == 0 && target.isRegistry()
        ? AnyServeTarget.STREAM_PORT_OFFSET
        : builder.streamPortOffset;
  }

  private static CallSettings calls(GrpcBackendBuilder builder) {
    CallOptions options =
        builder.executor == null
            ? CallOptions.DEFAULT
            : CallOptions.DEFAULT.withExecutor(new CallExecutor(builder.executor));
    CallCredentials credentials =
        builder.credentials == null && builder.tokens != null
            ? new TokenCredentials(builder.tokens, builder.allowPlaintextCredentials)
            : builder.credentials;
    return new CallSettings(
        options, builder.metadata, credentials, builder.timeout, builder.compression);
  }

  /**
   * Returns a backend of the only endpoint, which closes this connector.
   *
   * @throws IllegalArgumentException if the target may be several servers
   */
  GrpcBackend build() {
    try {
      return connect(target.single(), this::close);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Returns a builder for a backend over all endpoints, which closes this connector.
   *
   * @throws IllegalArgumentException if a stream target is set and the target may be several
   */
  BalancedBackend.Builder balanced() {
    if (streamTarget != null && !target.isSingle()) {
      close();
      throw new IllegalArgumentException(
          ("a stream target requires a single server, but target '%s' may be several;"
                  + " use streamPortOffset")
              .formatted(target));
    }
    return BalancedBackend.builder(target.source(), this)
        .name(target.toString())
        .onClose(this::close);
  }

  @Override
  public GrpcBackend apply(Endpoint endpoint) {
    return connect(endpoint, () -> {});
  }

  /** Closes the certificates, which all backends share. */
  private void close() {
    if (tls != null) {
      tls.close();
    }
  }

  private GrpcBackend connect(Endpoint endpoint, Runnable onClose) {
    HostAndPort address = HostAndPort.parse(endpoint.address());
    HostAndPort server = HostAndPort.parse(endpoint.authority());
    address.plus(streamPortOffset); // a registry's address; fails before the first stream
    HostAndPort streams = streamTarget;
    Supplier<OpenChannel> streamChannel = streams == null ? null : () -> open(streams, streams);
    var plan =
        new PortPlan(
            address.port(),
            connections,
            offset -> open(address.plus(offset), server.plus(offset)),
            streamChannel,
            streamPortOffset,
            target.isRegistry());
    return GrpcBackend.of(methods, calls, plan, onClose);
  }

  /**
   * Opens a channel. It connects on its first call.
   *
   * @param server the authority, and so the name that the server's certificate must have, unless
   *     the settings have another
   */
  private OpenChannel open(HostAndPort address, HostAndPort server) {
    ChannelCredentials credentials =
        tls == null ? InsecureChannelCredentials.create() : tls.credentials();
    ManagedChannelBuilder<?> channel =
        Grpc.newChannelBuilder(address.toString(), credentials).disableRetry();
    channelOptions.forEach(option -> option.accept(channel));
    channel.overrideAuthority(authority == null ? server.toString() : authority);
    return OpenChannel.owned(channel.build());
  }
}
