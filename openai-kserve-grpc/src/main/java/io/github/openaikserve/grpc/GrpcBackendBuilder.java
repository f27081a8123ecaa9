package io.github.openaikserve.grpc;

import io.github.openaikserve.grpc.internal.call.Headers;
import io.github.openaikserve.grpc.internal.endpoint.HostAndPort;
import io.github.openaikserve.grpc.internal.endpoint.Target;
import io.github.openaikserve.resilience.BalancedBackend;
import io.grpc.CallCredentials;
import io.grpc.ManagedChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A builder of a {@link GrpcBackend}, or of several that are balanced. Not thread-safe. */
public final class GrpcBackendBuilder {
  final Map<String, Consumer<ManagedChannelBuilder<?>>> channelOptions = new LinkedHashMap<>();
  final Map<String, String> metadata = new HashMap<>();
  @Nullable Target target;
  @Nullable HostAndPort streamTarget;
  int streamPortOffset;
  int connections = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
  @Nullable String service;
  @Nullable Duration timeout;
  @Nullable String compression;
  @Nullable Executor executor;
  @Nullable CallCredentials credentials;
  @Nullable BearerTokenProvider tokens;
  boolean allowPlaintextCredentials;
  boolean encrypted;
  @Nullable Path trustedCertificates;
  @Nullable Path clientCertificates;
  @Nullable Path clientKey;
  Duration certificateReloadInterval = Duration.ofMinutes(1);
  @Nullable String authority;

  GrpcBackendBuilder() {
    maxMessageSize(64 << 20); // gRPC's 4 MiB are too small for a page of log probabilities
    flowControlWindow(256 << 10); // holds some thousand tokens
    connectTimeout(Duration.ofSeconds(2));
  }

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
   * stream target is set. {@link #build} and {@link #balanced} check that the port is from 1 to
   * 65535.
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
    if (connections < 1 || connections > 64) {
      throw new IllegalArgumentException("connections must be from 1 to 64, found " + connections);
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
    return option("connectTimeout", TransportOptions.connectTimeout(timeout));
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

  /**
   * Enables TLS and trusts the certificates of the JDK (default: no TLS). A server's own
   * certificate must be valid at the handshake, even if the JDK's trust store has it.
   */
  public GrpcBackendBuilder tls() {
    return encrypted(null);
  }

  /**
   * Enables TLS and trusts the certificates of a PEM file. The file is reloaded when it changes. A
   * server's own certificate must be valid at the handshake, even if the file has it.
   */
  public GrpcBackendBuilder tls(Path trustedCertificates) {
    return encrypted(trustedCertificates);
  }

  /**
   * Sets the certificate that authenticates this client to the server (mutual TLS). Both files are
   * reloaded when one changes.
   *
   * @param certificates a PEM file, with the client's own certificate first
   * @param key a PEM file with the private key in PKCS #8, not encrypted
   */
  public GrpcBackendBuilder clientCertificate(Path certificates, Path key) {
    this.clientCertificates = Objects.requireNonNull(certificates, "certificates");
    this.clientKey = Objects.requireNonNull(key, "key");
    return this;
  }

  /** Sets how often certificate files are checked for changes (default: 1 min). */
  public GrpcBackendBuilder certificateReloadInterval(Duration interval) {
    this.certificateReloadInterval = Objects.requireNonNull(interval, "interval");
    return this;
  }

  /**
   * Sets the authority that is sent to the server, which is also the name that its certificate must
   * have (default: the target's).
   */
  public GrpcBackendBuilder authority(String authority) {
    this.authority = Objects.requireNonNull(authority, "authority");
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
    return option("maxMessageSize", channel -> channel.maxInboundMessageSize(bytes));
  }

  /**
   * Sets the interval of HTTP/2 keepalive pings on a silent connection (default: none). Servers
   * that do not expect pings close the connection.
   */
  public GrpcBackendBuilder keepAlive(Duration interval) {
    long nanos = TimeUnit.NANOSECONDS.convert(interval);
    return option("keepAlive", c -> c.keepAliveTime(nanos, TimeUnit.NANOSECONDS));
  }

  /**
   * Sets the flow-control window of one stream, in bytes, at least 64 KiB (default: 256 KiB). The
   * window bounds the memory of a stream that its subscriber does not read. It also bounds the
   * speed of large responses: one window per round trip.
   */
  public GrpcBackendBuilder flowControlWindow(int bytes) {
    return option("flowControlWindow", TransportOptions.flowControlWindow(bytes));
  }

  /**
   * Signals responses on the thread that reads them from the network, which saves a fifth of the
   * time per token. Use it only if no subscriber, and no stage that depends on a future of this
   * library, blocks or computes for long: all other calls would wait. {@code OpenAiHandler} itself
   * does neither, so this suits servers with non-blocking sockets.
   */
  public GrpcBackendBuilder directExecutor() {
    return option("executor", ManagedChannelBuilder::directExecutor);
  }

  /**
   * Sets the executor that signals responses (default: gRPC's own pool). With a pool, a slow
   * subscriber does not delay others. {@link #directExecutor} is faster. A task that the executor
   * rejects runs on the thread that reads from the network.
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
   * @throws IllegalArgumentException if the target is not one {@code host:port}, the port for
   *     streams would be out of range, or there is a client certificate, but no TLS
   * @throws java.io.UncheckedIOException if the certificates cannot be read
   */
  public GrpcBackend build() {
    return new Connector(this).build();
  }

  /**
   * Returns a builder for a backend over all servers of the target, each connected with these
   * settings: it balances, checks the health of each server, and retries.
   *
   * @throws IllegalStateException if no target is set, or tokens are set and TLS is not
   * @throws IllegalArgumentException if a stream target is set and the target may be several, the
   *     port for streams would be out of range, or there is a client certificate, but no TLS
   * @throws java.io.UncheckedIOException if the certificates cannot be read
   */
  public BalancedBackend.Builder balanced() {
    return new Connector(this).balanced();
  }

  private GrpcBackendBuilder encrypted(@Nullable Path trusted) {
    this.encrypted = true;
    this.trustedCertificates = trusted;
    return this;
  }

  private GrpcBackendBuilder option(String name, Consumer<ManagedChannelBuilder<?>> option) {
    channelOptions.put(name, option);
    return this;
  }
}
