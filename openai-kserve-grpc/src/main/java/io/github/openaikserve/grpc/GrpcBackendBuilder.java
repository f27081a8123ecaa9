package io.github.openaikserve.grpc;

import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.Endpoint;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Configures a {@link GrpcBackend}, or several that are balanced. Not thread-safe. */
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
  private @Nullable TokenSource tokens;
  private boolean credentialsInPlaintext;

  GrpcBackendBuilder() {}

  /**
   * Sets where the servers are:
   *
   * <ul>
   *   <li>{@code host:port}, or several of them separated by commas;
   *   <li>{@code dns:///name:port}: all addresses of a name, such as a headless service of
   *       Kubernetes, resolved again every 30 seconds;
   *   <li>{@code anyserve://host:port?type=generate&model=llamacpp}: the replicas in the registry
   *       of AnyServe's API server that have a capability with at least these attributes. {@code
   *       refresh_ms} sets how often the registry is read (default: 10 s).
   * </ul>
   *
   * <p>For any other target that gRPC can resolve, such as {@code xds:///name}, create a channel
   * and use {@link GrpcBackend#over}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public GrpcBackendBuilder target(String target) {
    this.target = Target.parse(target);
    return this;
  }

  /**
   * Sets several servers that serve the same, each {@code host:port}.
   *
   * @throws IllegalArgumentException if the list is empty or one is not {@code host:port}
   */
  public GrpcBackendBuilder targets(List<String> targets) {
    this.target = Target.of(targets);
    return this;
  }

  /**
   * Sets where streams go, as {@code host:port} (default: the target).
   *
   * @throws IllegalArgumentException if it is not {@code host:port}
   */
  public GrpcBackendBuilder streamTarget(String streamTarget) {
    this.streamTarget = HostAndPort.parse(streamTarget);
    return this;
  }

  /**
   * Sets how far from the target's port streams are answered, for a target that answers them with
   * UNIMPLEMENTED or cannot be reached. AnyServe's offset is 100, and is found without this setting
   * where AnyServe's dispatcher can be reached. Has no effect where a stream target is set.
   */
  public GrpcBackendBuilder streamPortOffset(int offset) {
    this.streamPortOffset = offset;
    return this;
  }

  /**
   * Sets how many connections are opened to each port of a server (default: one for two processors,
   * at most 4). One connection is served by one thread at either end.
   *
   * @throws IllegalArgumentException if it is not from 1 to 64
   */
  public GrpcBackendBuilder connections(int connections) {
    if (connections < 1 || connections > MAX_CONNECTIONS) {
      throw new IllegalArgumentException(
          "connections must be from 1 to %d, was %d".formatted(MAX_CONNECTIONS, connections));
    }
    this.connections = connections;
    return this;
  }

  /**
   * Sets how long the TCP connection may take (default: 2 s).
   *
   * @throws IllegalArgumentException if it is less than a millisecond
   */
  public GrpcBackendBuilder connectTimeout(Duration timeout) {
    channels.connectTimeout(timeout);
    return this;
  }

  /**
   * Compresses inference requests, such as with {@code gzip} (default: no compression). A server
   * that does not know the algorithm refuses the call with UNIMPLEMENTED.
   */
  public GrpcBackendBuilder compression(String algorithm) {
    this.compression = Objects.requireNonNull(algorithm, "algorithm");
    return this;
  }

  /**
   * Sets the full name of the gRPC service (default: {@code inference.GRPCInferenceService}).
   * TorchServe has {@code org.pytorch.serve.grpc.openinference.GRPCInferenceService}.
   */
  public GrpcBackendBuilder service(String service) {
    this.service = Objects.requireNonNull(service, "service");
    return this;
  }

  /** Encrypts connections, and trusts the authorities that the JDK trusts (default: off). */
  public GrpcBackendBuilder tls() {
    channels.tls(null);
    return this;
  }

  /**
   * Encrypts connections, and trusts the certificates of a PEM file. The file is read again when it
   * has changed.
   */
  public GrpcBackendBuilder tls(Path trustedCertificates) {
    channels.tls(trustedCertificates);
    return this;
  }

  /**
   * Shows a certificate to the server. Both files are read again when one has changed.
   *
   * @param certificates a PEM file, the client's own first
   * @param key a PEM file with its key in PKCS #8, not encrypted
   */
  public GrpcBackendBuilder clientCertificate(Path certificates, Path key) {
    channels.clientCertificate(certificates, key);
    return this;
  }

  /** Sets how often certificate files are checked for changes (default: 1 min). */
  public GrpcBackendBuilder certificateCheck(Duration interval) {
    channels.certificateCheck(interval);
    return this;
  }

  /**
   * Sets the name that the server's certificate must have, and that is sent as the authority
   * (default: the target's).
   */
  public GrpcBackendBuilder authority(String authority) {
    channels.authority(authority);
    return this;
  }

  /**
   * Sends a token with every call, over TLS only. A token that a server refuses with
   * UNAUTHENTICATED is not used again: the next call fetches another, at most once a second.
   */
  public GrpcBackendBuilder bearerTokens(TokenSource tokens) {
    this.tokens = Objects.requireNonNull(tokens, "tokens");
    return this;
  }

  /** Sends gRPC's own kind of credentials with every call. */
  public GrpcBackendBuilder credentials(CallCredentials credentials) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    return this;
  }

  /** Sends {@link #bearerTokens} without TLS too: whoever sees the traffic can then use them. */
  public GrpcBackendBuilder credentialsInPlaintext() {
    this.credentialsInPlaintext = true;
    return this;
  }

  /** Sets the time limit of calls that have none (default: none). */
  public GrpcBackendBuilder timeout(Duration timeout) {
    this.timeout = Objects.requireNonNull(timeout, "timeout");
    return this;
  }

  /**
   * Sends a header with every call. {@code triton_grpc_error} is sent to Triton 2.68 and later
   * only: earlier releases use freed memory when they receive it.
   *
   * @throws IllegalArgumentException if the name is not one of a text header in lower case, or is
   *     gRPC's own, or the value is not printable ASCII
   */
  public GrpcBackendBuilder metadata(String name, String value) {
    if (!Headers.legal(name, value)) {
      throw new IllegalArgumentException("not a header that can be sent: " + name);
    }
    metadata.put(name, value);
    return this;
  }

  /** Sets the largest response that is accepted, in bytes (default: 64 MiB). */
  public GrpcBackendBuilder maxMessageSize(int bytes) {
    channels.maxMessageSize(bytes);
    return this;
  }

  /**
   * Sets how long a connection may be silent before it is probed with an HTTP/2 ping (default:
   * never). Servers that do not expect pings close connections because of them.
   */
  public GrpcBackendBuilder keepAlive(Duration interval) {
    channels.keepAlive(interval);
    return this;
  }

  /**
   * Sets how many bytes of one stream may be in transit or wait for their reader, at least 64 KiB
   * (default: 256 KiB). Bounds the memory of a reader that stops, and the speed of large responses
   * from far away: at most one window per round trip.
   */
  public GrpcBackendBuilder flowControlWindow(int bytes) {
    channels.flowControlWindow(bytes);
    return this;
  }

  /**
   * Signals responses on the thread that reads them from the network, which saves a fifth of the
   * time that a token takes. Use this only where no subscriber, and nothing that depends on a
   * future of this library, blocks or computes for long: all other calls would wait for it. The
   * {@code OpenAiHandler}'s own work does not, so this is for servers whose sockets do not block.
   */
  public GrpcBackendBuilder directExecutor() {
    channels.directExecutor();
    return this;
  }

  /**
   * Sets where responses are signalled (default: gRPC's own pool). A pool is the safe choice: a
   * slow subscriber then delays no other. See {@link #directExecutor} for the fast one.
   */
  public GrpcBackendBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /**
   * Returns a backend for one server, without balancing, health checks and retries. It connects
   * when the first call is made.
   *
   * @throws IllegalStateException if no target is set, or tokens are set and TLS is not
   * @throws IllegalArgumentException if the target is not one {@code host:port}
   * @throws UncheckedIOException if the certificates cannot be read
   */
  public GrpcBackend build() {
    Target only = requiredTarget();
    if (!only.isSingle()) {
      throw new IllegalArgumentException(
          "target '%s' may be several servers; use balanced() in place of build()".formatted(only));
    }
    Connector connector = connector();
    try {
      return connector.connectOnly(Endpoint.of(only.addresses().get(0).toString()));
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
          "a stream target needs one server, but target '%s' may be several; use streamPortOffset"
              .formatted(all));
    }
    Connector connector = connector();
    return BalancedBackend.builder(all.source(), connector)
        .name(all.toString())
        .onClose(connector::close);
  }

  private Target requiredTarget() {
    if (target == null) {
      throw new IllegalStateException("a target is required");
    }
    if (tokens != null && !channels.isEncrypted() && !credentialsInPlaintext) {
      throw new IllegalStateException("tokens need TLS, or credentialsInPlaintext()");
    }
    return target;
  }

  /** Returns what connects endpoints with these settings, and with none that are changed later. */
  private Connector connector() {
    var settings = new Connector.Settings(connections, streamTarget, streamOffset());
    return new Connector(channels.opener(), new Methods(service), callSettings(), settings);
  }

  private int streamOffset() {
    return streamPortOffset == 0 && target != null && target.isRegistry()
        ? AnyServeTarget.STREAM_PORT_OFFSET
        : streamPortOffset;
  }

  private CallSettings callSettings() {
    CallOptions options = CallOptions.DEFAULT;
    if (executor != null) {
      options = options.withExecutor(executor);
    }
    CallCredentials shown =
        credentials == null && tokens != null
            ? new TokenCredentials(tokens, credentialsInPlaintext, InstantSource.system())
            : credentials;
    return new CallSettings(options, metadata, shown, timeout, compression);
  }
}
