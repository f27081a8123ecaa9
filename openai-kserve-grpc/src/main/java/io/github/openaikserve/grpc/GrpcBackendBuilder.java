package io.github.openaikserve.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Configures a {@link GrpcBackend}. Not thread-safe. */
public final class GrpcBackendBuilder {
  /** gRPC's own 4 MiB is less than a page of log probabilities. */
  private static final int DEFAULT_MAX_MESSAGE_SIZE = 64 << 20;

  private @Nullable String target;
  private @Nullable String streamTarget;
  private int streamPortOffset;
  private @Nullable String service;
  private boolean tls;
  private @Nullable Path trustedCertificates;
  private @Nullable Duration timeout;
  private @Nullable Duration keepAlive;
  private @Nullable Executor executor;
  private int maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE;
  private final Map<String, String> metadata = new HashMap<>();

  GrpcBackendBuilder() {}

  /**
   * {@code host:port}, or any target that gRPC can resolve. Required.
   *
   * <p>{@code anyserve://host:port?type=generate&model=llamacpp} are the replicas in the registry
   * of AnyServe's API server that have a capability with at least these attributes. Calls go to
   * them in turn, streams to their ports 100 further on, or as far as {@link #streamPortOffset}
   * says. {@code refresh_ms} says how often the registry is read; every 10 seconds unless set.
   */
  public GrpcBackendBuilder target(String target) {
    this.target = Objects.requireNonNull(target, "target");
    return this;
  }

  /** Where streams go; to the target unless set. */
  public GrpcBackendBuilder streamTarget(String streamTarget) {
    this.streamTarget = Objects.requireNonNull(streamTarget, "streamTarget");
    return this;
  }

  /**
   * Looks for streams on another port of the target when the target itself answers them with
   * UNIMPLEMENTED; remembered once found. Where they are not there either, a stream fails with
   * UNIMPLEMENTED. AnyServe's offset is 100. Has no effect where a stream target is set.
   *
   * @throws IllegalArgumentException when building, if the target is not {@code host:port}
   */
  public GrpcBackendBuilder streamPortOffset(int offset) {
    this.streamPortOffset = offset;
    return this;
  }

  /**
   * The full name of the gRPC service, {@code inference.GRPCInferenceService} unless set.
   * TorchServe has {@code org.pytorch.serve.grpc.openinference.GRPCInferenceService}.
   */
  public GrpcBackendBuilder service(String service) {
    this.service = Objects.requireNonNull(service, "service");
    return this;
  }

  /** Encrypts the connection, trusting the authorities that the JDK trusts; off unless set. */
  public GrpcBackendBuilder tls() {
    this.tls = true;
    return this;
  }

  /** Encrypts the connection, trusting the certificates of a PEM file. */
  public GrpcBackendBuilder tls(Path trustedCertificates) {
    this.tls = true;
    this.trustedCertificates = trustedCertificates;
    return this;
  }

  /** The limit of calls that bring none of their own; none unless set. */
  public GrpcBackendBuilder timeout(Duration timeout) {
    this.timeout = Objects.requireNonNull(timeout, "timeout");
    return this;
  }

  /** Sends a header with every call. */
  public GrpcBackendBuilder metadata(String name, String value) {
    metadata.put(name, value);
    return this;
  }

  /** The largest response that is accepted, in bytes; 64 MiB unless set. */
  public GrpcBackendBuilder maxMessageSize(int bytes) {
    this.maxMessageSize = bytes;
    return this;
  }

  /**
   * How long a connection may be silent before it is probed; never unless set, because servers that
   * do not expect probes hang up on them.
   */
  public GrpcBackendBuilder keepAlive(Duration interval) {
    this.keepAlive = Objects.requireNonNull(interval, "interval");
    return this;
  }

  /** Where responses are signalled; gRPC's own pool unless set. */
  public GrpcBackendBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /**
   * The backend. Connects when the first call is made.
   *
   * @throws IllegalStateException if no target is set
   * @throws IllegalArgumentException if a target cannot be understood
   * @throws UncheckedIOException if the certificates cannot be read
   */
  public GrpcBackend build() {
    if (target == null) {
      throw new IllegalStateException("a target is required");
    }
    List<ManagedChannel> owned = new ArrayList<>();
    try {
      ManagedChannel channel = open(target, owned);
      StreamEndpoints streams;
      if (streamTarget != null) {
        streams = StreamEndpoints.only(open(streamTarget, owned));
      } else if (AnyServeTarget.is(target)) {
        AnyServeTarget replicas = AnyServeTarget.parse(target);
        int offset = streamPortOffset == 0 ? AnyServeTarget.STREAM_PORT_OFFSET : streamPortOffset;
        String streaming = replicas.withPortOffset(replicas.portOffset() + offset).toString();
        streams = StreamEndpoints.only(open(streaming, owned));
      } else if (streamPortOffset != 0) {
        String derived = HostAndPort.parse(target).plus(streamPortOffset).toString();
        streams = StreamEndpoints.orElse(channel, open(derived, owned));
      } else {
        streams = StreamEndpoints.only(channel);
      }
      return new GrpcBackend(
          new Methods(service), channel, streams, owned, metadata, timeout, executor);
    } catch (RuntimeException e) {
      owned.forEach(ManagedChannel::shutdownNow);
      throw e;
    }
  }

  private ManagedChannel open(String where, List<ManagedChannel> owned) {
    if (AnyServeTarget.is(where)) {
      AnyServeTarget.parse(where); // so that what is wrong with it is said now
      AnyServeResolverProvider.register();
    }
    ManagedChannelBuilder<?> channel =
        Grpc.newChannelBuilder(where, credentials()).maxInboundMessageSize(maxMessageSize);
    if (AnyServeTarget.is(where)) {
      channel.defaultLoadBalancingPolicy("round_robin");
    }
    if (keepAlive != null) {
      channel.keepAliveTime(keepAlive.toNanos(), TimeUnit.NANOSECONDS);
    }
    ManagedChannel opened = channel.build();
    owned.add(opened);
    return opened;
  }

  private ChannelCredentials credentials() {
    if (!tls) {
      return InsecureChannelCredentials.create();
    }
    if (trustedCertificates == null) {
      return TlsChannelCredentials.create();
    }
    try {
      return TlsChannelCredentials.newBuilder().trustManager(trustedCertificates.toFile()).build();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + trustedCertificates, e);
    }
  }
}
