package io.github.openaikserve.grpc;

import io.github.openaikserve.grpc.internal.call.CallSettings;
import io.github.openaikserve.grpc.internal.call.Headers;
import io.github.openaikserve.grpc.internal.call.Methods;
import io.github.openaikserve.grpc.internal.endpoint.HostAndPort;
import io.github.openaikserve.grpc.internal.endpoint.Target;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.Endpoint;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A builder of a {@link GrpcBackend}, or of several that are balanced. Not thread-safe. */
public final class GrpcBackendBuilder {
  private static final int MAX_CONNECTIONS = 64;

  private final ChannelSettings channels = new ChannelSettings();
  private final Map<String, String> metadata = new HashMap<>();
  private @Nullable Target target;
  private @Nullable HostAndPort streamTarget;
  private int streamPortOffset;
  private int connections =
      Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
  private @Nullable String service;
  private @Nullable Duration timeout;
  private @Nullable String compression;
  private @Nullable Executor executor;
  private @Nullable CallCredentials credentials;
  private @Nullable BearerTokenProvider tokens;
  private boolean allowPlaintextCredentials;

  GrpcBackendBuilder() {}

  /**
   * Sets the addresses of the servers, in one of these forms:
   *
   * <ul>
   *   <li>{@code host:port}, or several of them separated by commas;
   *   <li>{@code dns:///name:port}: all addresses of a name, such as a headless service of
   *       Kubernetes, resolved again every 30 seconds;
   *   <li>{@code anyserve://host:port?type=generate&model=llamacpp}: the replicas in the registry
   *       of AnyServe's API server that have a capability with at least these attributes. {@code
   *       refresh_ms} sets the interval at which the registry is read, in milliseconds (default:
   *       10000).
   * </ul>
   *
   * <p>For any other target that gRPC can resolve, such as {@code xds:///name}, create a channel
   * and use {@link GrpcBackend#over}.
   *
   * @throws IllegalArgumentException if the target has another form
   */
  public GrpcBackendBuilder target(String target) {
    this.target = Target.parse(target);
    return this;
  }

  /**
   * Sets several servers with the same models, each {@code host:port}.
   *
   * @throws IllegalArgumentException if the list is empty or an element is not {@code host:port}
   */
  public GrpcBackendBuilder targets(List<String> targets) {
    this.target = Target.of(targets);
    return this;
  }

  /**
   * Sets the address of streams, as {@code host:port} (default: the target).
   *
   * @throws IllegalArgumentException if the text is not {@code host:port}
   */
  public GrpcBackendBuilder streamTarget(String streamTarget) {
    this.streamTarget = HostAndPort.parse(streamTarget);
    return this;
  }

  /**
   * Sets the offset from the target's port to a port that answers streams (default: 0, none). That
   * port is used if the target answers streams with UNIMPLEMENTED or cannot be reached. AnyServe's
   * offset is 100; it needs no setting if AnyServe's dispatcher can be reached. Has no effect if a
   * stream target is set.
   */
  public GrpcBackendBuilder streamPortOffset(int offset) {
    this.streamPortOffset = offset;
    return this;
  }

  /**
   * Sets the number of connections to each port of a server (default: half the number of
   * processors, from 1 to 4). Each connection is served by one thread at either end.
   *
   * @throws IllegalArgumentException if the number is not from 1 to 64
   */
  public GrpcBackendBuilder connections(int connections) {
    if (connections < 1 || connections > MAX_CONNECTIONS) {
      throw new IllegalArgumentException(
          "connections must be from 1 to %d, found %d".formatted(MAX_CONNECTIONS, connections));
    }
    this.connections = connections;
    return this;
  }

  /**
   * Sets the time limit of establishing a TCP connection (default: 2 s).
   *
   * @throws IllegalArgumentException if the limit is less than a millisecond
   */
  public GrpcBackendBuilder connectTimeout(Duration timeout) {
    channels.connectTimeout(timeout);
    return this;
  }

  /**
   * Sets the compression of inference requests, such as {@code gzip} (default: none). A server
   * without the algorithm rejects the call with UNIMPLEMENTED.
   */
  public GrpcBackendBuilder compression(String algorithm) {
    this.compression = Objects.requireNonNull(algorithm, "algorithm");
    return this;
  }

  /**
   * Sets the full name of the gRPC service (default: {@code inference.GRPCInferenceService}).
   * TorchServe's is {@code org.pytorch.serve.grpc.openinference.GRPCInferenceService}.
   */
  public GrpcBackendBuilder service(String service) {
    this.service = Objects.requireNonNull(service, "service");
    return this;
  }

  /** Enables TLS and trusts the certificate authorities of the JDK (default: no TLS). */
  public GrpcBackendBuilder tls() {
    channels.tls(null);
    return this;
  }

  /**
   * Enables TLS and trusts the certificates of a PEM file. The file is reloaded when it changes.
   */
  public GrpcBackendBuilder tls(Path trustedCertificates) {
    channels.tls(trustedCertificates);
    return this;
  }

  /**
   * Sets the certificate that authenticates this client to the server (mutual TLS). Both files are
   * reloaded when one changes.
   *
   * @param certificates a PEM file, with the client's own certificate first
   * @param key a PEM file with the private key in PKCS #8, not encrypted
   */
  public GrpcBackendBuilder clientCertificate(Path certificates, Path key) {
    channels.clientCertificate(certificates, key);
    return this;
  }

  /** Sets how often certificate files are checked for changes (default: 1 min). */
  public GrpcBackendBuilder certificateReloadInterval(Duration interval) {
    channels.certificateReloadInterval(interval);
    return this;
  }

  /**
   * Sets the authority that is sent to the server, which is also the name that its certificate must
   * have (default: the target's).
   */
  public GrpcBackendBuilder authority(String authority) {
    channels.authority(authority);
    return this;
  }

  /**
   * Sends a bearer token with every call, over TLS only. A token that a server refuses with
   * UNAUTHENTICATED is not used again: the next call fetches a new one, at most once a second.
   */
  public GrpcBackendBuilder bearerTokens(BearerTokenProvider tokens) {
    this.tokens = Objects.requireNonNull(tokens, "tokens");
    return this;
  }

  /** Sends gRPC call credentials with every call, in place of {@link #bearerTokens}. */
  public GrpcBackendBuilder credentials(CallCredentials credentials) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    return this;
  }

  /** Allows {@link #bearerTokens} without TLS. Anyone who sees the traffic can use the tokens. */
  public GrpcBackendBuilder allowPlaintextCredentials() {
    this.allowPlaintextCredentials = true;
    return this;
  }

  /** Sets the time limit of calls without one (default: no limit). */
  public GrpcBackendBuilder timeout(Duration timeout) {
    this.timeout = Objects.requireNonNull(timeout, "timeout");
    return this;
  }

  /**
   * Sends a header with every call. The header {@code triton_grpc_error} is sent to Triton 2.68 and
   * later only: earlier releases use freed memory when they receive it.
   *
   * @throws IllegalArgumentException if the name is not that of a text header in lower case, or is
   *     reserved by gRPC, or the value is not printable ASCII
   */
  public GrpcBackendBuilder metadata(String name, String value) {
    Headers.requireLegal(name, value);
    metadata.put(name, value);
    return this;
  }

  /** Sets the maximum size of a response, in bytes (default: 64 MiB). */
  public GrpcBackendBuilder maxMessageSize(int bytes) {
    channels.maxMessageSize(bytes);
    return this;
  }

  /**
   * Sets the interval of HTTP/2 keepalive pings on a silent connection (default: none). Servers
   * that do not expect pings close the connection.
   */
  public GrpcBackendBuilder keepAlive(Duration interval) {
    channels.keepAlive(interval);
    return this;
  }

  /**
   * Sets the flow-control window of one stream, in bytes, at least 64 KiB (default: 256 KiB). The
   * window bounds the memory of a stream that its subscriber does not read. It also bounds the
   * speed of large responses: one window per round trip.
   */
  public GrpcBackendBuilder flowControlWindow(int bytes) {
    channels.flowControlWindow(bytes);
    return this;
  }

  /**
   * Signals responses on the thread that reads them from the network, which saves a fifth of the
   * time per token. Use it only if no subscriber, and no stage that depends on a future of this
   * library, blocks or computes for long: all other calls would wait. {@code OpenAiHandler} itself
   * does neither, so this suits servers with non-blocking sockets.
   */
  public GrpcBackendBuilder directExecutor() {
    channels.directExecutor();
    return this;
  }

  /**
   * Sets the executor that signals responses (default: gRPC's own pool). With a pool, a slow
   * subscriber does not delay others. {@link #directExecutor} is faster.
   */
  public GrpcBackendBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /**
   * Returns a backend for one server, without balancing, health checks and retries. It connects on
   * the first call.
   *
   * @throws IllegalStateException if no target is set, or tokens are set and TLS is not
   * @throws IllegalArgumentException if the target is not one {@code host:port}
   * @throws UncheckedIOException if the certificates cannot be read
   */
  public GrpcBackend build() {
    Endpoint only = requiredTarget().single();
    Connector connector = connector();
    try {
      return connector.connectOnly(only);
    } catch (RuntimeException e) {
      connector.close();
      throw e;
    }
  }

  /**
   * Returns a builder for a backend over all servers of the target, each connected with these
   * settings: it balances, checks the health of each server, and retries.
   *
   * @throws IllegalStateException if no target is set, or tokens are set and TLS is not
   * @throws IllegalArgumentException if a stream target is set and the target may be several
   * @throws UncheckedIOException if the certificates cannot be read
   */
  public BalancedBackend.Builder balanced() {
    Target all = requiredTarget();
    if (streamTarget != null && !all.isSingle()) {
      throw new IllegalArgumentException(
          ("a stream target requires a single server, but target '%s' may be several;"
                  + " use streamPortOffset")
              .formatted(all));
    }
    Connector connector = connector();
    return BalancedBackend.builder(all.source(), connector)
        .name(all.toString())
        .onClose(connector::close);
  }

  private Target requiredTarget() {
    if (target == null) {
      throw new IllegalStateException("a target is required; call target() or targets()");
    }
    if (tokens != null && !channels.isEncrypted() && !allowPlaintextCredentials) {
      throw new IllegalStateException(
          "bearer tokens require TLS; call tls(), or allowPlaintextCredentials() to send them"
              + " without");
    }
    return target;
  }

  /** Returns a connector with the current settings; later changes do not affect it. */
  private Connector connector() {
    var settings =
        new Connector.Settings(
            connections, streamTarget, streamPortOffset, target != null && target.isRegistry());
    return new Connector(channels.opener(), new Methods(service), callSettings(), settings);
  }

  private CallSettings callSettings() {
    CallOptions options = CallOptions.DEFAULT;
    if (executor != null) {
      options = options.withExecutor(executor);
    }
    CallCredentials shown =
        credentials == null && tokens != null
            ? new TokenCredentials(tokens, allowPlaintextCredentials)
            : credentials;
    return new CallSettings(options, metadata, shown, timeout, compression);
  }
}
