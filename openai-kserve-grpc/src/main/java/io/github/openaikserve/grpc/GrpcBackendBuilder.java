package io.github.openaikserve.grpc;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.LoadBalancerRegistry;
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

/** Configures a {@link GrpcBackend}. Not thread-safe. */
public final class GrpcBackendBuilder {
  private final ChannelSettings channels = new ChannelSettings();
  private final Map<String, String> metadata = new HashMap<>();
  private @Nullable String target;
  private List<HostAndPort> targets = List.of();
  private @Nullable String streamTarget;
  private int streamPortOffset;
  private @Nullable String service;
  private @Nullable Duration timeout;
  private @Nullable Executor executor;
  private @Nullable CallCredentials credentials;
  private @Nullable TokenSource tokens;
  private boolean credentialsInPlaintext;

  GrpcBackendBuilder() {}

  /**
   * One server as {@code host:port}; all servers behind a name as {@code dns:///name:port}, such as
   * a headless service of Kubernetes; or any target that gRPC can resolve. This or {@link #targets}
   * is required.
   *
   * <p>{@code anyserve://host:port?type=generate&model=llamacpp} are the replicas in the registry
   * of AnyServe's API server that have a capability with at least these attributes. Streams go to
   * their ports 100 further on, or as far as {@link #streamPortOffset} says. {@code refresh_ms}
   * says how often the registry is read; every 10 seconds unless set.
   */
  public GrpcBackendBuilder target(String target) {
    this.target = Objects.requireNonNull(target, "target");
    this.targets = List.of();
    return this;
  }

  /**
   * Several servers that serve the same, each {@code host:port}.
   *
   * @throws IllegalArgumentException if the list is empty or one is not {@code host:port}
   */
  public GrpcBackendBuilder targets(List<String> targets) {
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("at least one target is required");
    }
    this.targets = targets.stream().map(HostAndPort::parse).toList();
    this.target = EndpointList.target(this.targets);
    return this;
  }

  /** Where streams are to go; to the target unless set. */
  public GrpcBackendBuilder streamTarget(String streamTarget) {
    this.streamTarget = Objects.requireNonNull(streamTarget, "streamTarget");
    return this;
  }

  /**
   * Looks for streams on another port of the target when the target itself answers them with
   * UNIMPLEMENTED; remembered once found. Where they are not there either, a stream fails with
   * UNIMPLEMENTED. AnyServe's offset is 100. Has no effect where a stream target is set.
   *
   * @throws IllegalArgumentException when building, if the target is neither {@code host:port} nor
   *     {@code dns:///name:port} nor several
   */
  public GrpcBackendBuilder streamPortOffset(int offset) {
    this.streamPortOffset = offset;
    return this;
  }

  /**
   * Which of several servers gets a call; {@link Balancing#LEAST_REQUEST} unless set, and {@link
   * Balancing#PICK_FIRST} where the target is one {@code host:port}.
   */
  public GrpcBackendBuilder balancing(Balancing balancing) {
    channels.balancing(balancing);
    return this;
  }

  /**
   * Balances by any policy that gRPC knows, such as {@code least_request_experimental} where
   * grpc-xds is on the path. {@link #endpointHealth} holds for it too.
   *
   * @param settings the policy's own as JSON: maps, lists, strings, booleans and doubles
   * @throws IllegalArgumentException if gRPC knows no such policy
   */
  public GrpcBackendBuilder balancing(String policy, Map<String, ?> settings) {
    if (LoadBalancerRegistry.getDefaultRegistry().getProvider(policy) == null) {
      throw new IllegalArgumentException("gRPC knows no policy " + policy);
    }
    channels.balancing(policy, settings);
    return this;
  }

  /** When one of several servers is left alone; {@link EndpointHealth#DEFAULT} unless set. */
  public GrpcBackendBuilder endpointHealth(EndpointHealth health) {
    channels.health(health);
    return this;
  }

  /**
   * How often a call that got no response is made again; {@link Retries#DEFAULT} unless set. Calls
   * that are not {@link io.github.openaikserve.backend.InferCall#retryable} are made once.
   */
  public GrpcBackendBuilder retries(Retries retries) {
    channels.retries(retries);
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
    channels.tls(null);
    return this;
  }

  /**
   * Encrypts the connection, trusting the certificates of a PEM file. The file is read again when
   * it has changed.
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

  /** How often certificates are looked after; every minute unless set. */
  public GrpcBackendBuilder certificateCheck(Duration interval) {
    channels.certificateCheck(interval);
    return this;
  }

  /**
   * The name that the server's certificate must have, and that is asked for; the target's unless
   * set.
   */
  public GrpcBackendBuilder authority(String authority) {
    channels.authority(authority);
    return this;
  }

  /**
   * Sends a token with every call, over TLS only; none unless set. One that a server refuses with
   * UNAUTHENTICATED is not used again: the next call fetches another, at most once in a second.
   */
  public GrpcBackendBuilder bearerTokens(TokenSource tokens) {
    this.tokens = Objects.requireNonNull(tokens, "tokens");
    return this;
  }

  /** Sends gRPC's own kind of credentials with every call; none unless set. */
  public GrpcBackendBuilder credentials(CallCredentials credentials) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    return this;
  }

  /** Sends {@link #bearerTokens} without TLS too: whoever sees the traffic can then use them. */
  public GrpcBackendBuilder credentialsInPlaintext() {
    this.credentialsInPlaintext = true;
    return this;
  }

  /** The limit of calls that bring none of their own; none unless set. */
  public GrpcBackendBuilder timeout(Duration timeout) {
    this.timeout = Objects.requireNonNull(timeout, "timeout");
    return this;
  }

  /**
   * Sends a header with every call.
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

  /** The largest response that is accepted, in bytes; 64 MiB unless set. */
  public GrpcBackendBuilder maxMessageSize(int bytes) {
    channels.maxMessageSize(bytes);
    return this;
  }

  /**
   * How long a connection may be silent before it is probed; never unless set, because servers that
   * do not expect probes hang up on them.
   */
  public GrpcBackendBuilder keepAlive(Duration interval) {
    channels.keepAlive(interval);
    return this;
  }

  /**
   * How many bytes of one stream may be on their way or wait for their reader, at least 64 KiB; 256
   * KiB unless set. Bounds what a reader that stops costs, and the speed of large responses from
   * far away: at most one window in the time that a packet takes there and back.
   */
  public GrpcBackendBuilder flowControlWindow(int bytes) {
    channels.flowControlWindow(bytes);
    return this;
  }

  /**
   * Signals responses on the thread that reads them from the network, which saves the way to
   * another one: a fifth of the time that a token takes. Only where no subscriber and nothing that
   * depends on a future of this library's blocks or computes for long, since all other calls would
   * wait for it. True of the {@code OpenAiHandler}'s own work, so that it is for servers whose
   * sockets do not block.
   */
  public GrpcBackendBuilder directExecutor() {
    channels.directExecutor();
    return this;
  }

  /**
   * Where responses are signalled; gRPC's own pool unless set. A pool is the safe choice: what a
   * subscriber does is then nobody else's delay. See {@link #directExecutor} for the fast one.
   */
  public GrpcBackendBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /**
   * The backend. Connects when the first call is made.
   *
   * @throws IllegalStateException if no target is set, or tokens are and TLS is not
   * @throws IllegalArgumentException if a target cannot be understood
   * @throws UncheckedIOException if the certificates cannot be read
   */
  public GrpcBackend build() {
    if (target == null) {
      throw new IllegalStateException("a target is required");
    }
    if (tokens != null && !channels.isEncrypted() && !credentialsInPlaintext) {
      throw new IllegalStateException("tokens need TLS, or credentialsInPlaintext()");
    }
    var owned = new Connections();
    try {
      CallOptions options = callOptions();
      ChannelSettings.Opener opener =
          channels.opener(service, owned, new Caller(options, metadata));
      Way way = opener.open(target);
      return new GrpcBackend(
          new Methods(service),
          way,
          streams(opener, target, way),
          owned,
          metadata,
          timeout,
          options);
    } catch (RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  private StreamEndpoints streams(ChannelSettings.Opener opener, String where, Way way) {
    if (streamTarget != null) {
      return StreamEndpoints.only(opener.open(streamTarget));
    }
    if (AnyServeTarget.is(where)) {
      AnyServeTarget replicas = AnyServeTarget.parse(where);
      int offset = streamPortOffset == 0 ? AnyServeTarget.STREAM_PORT_OFFSET : streamPortOffset;
      return StreamEndpoints.only(
          opener.open(replicas.withPortOffset(replicas.portOffset() + offset).toString()));
    }
    if (streamPortOffset == 0) {
      return StreamEndpoints.only(way);
    }
    String derived =
        targets.isEmpty()
            ? HostAndPort.shifted(where, streamPortOffset)
            : EndpointList.target(targets.stream().map(t -> t.plus(streamPortOffset)).toList());
    return StreamEndpoints.orElse(way, opener.open(derived));
  }

  private CallOptions callOptions() {
    CallOptions options = CallOptions.DEFAULT;
    if (executor != null) {
      options = options.withExecutor(executor);
    }
    if (credentials != null || tokens == null) {
      return options
          .withStreamTracerFactory(AttemptTracer.factory(null))
          .withCallCredentials(credentials);
    }
    var shown = new TokenCredentials(tokens, credentialsInPlaintext, InstantSource.system());
    return options.withStreamTracerFactory(AttemptTracer.factory(shown)).withCallCredentials(shown);
  }
}
