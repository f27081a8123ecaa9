package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.grpc.internal.call.CallPublisher;
import io.github.openaikserve.grpc.internal.call.CallSettings;
import io.github.openaikserve.grpc.internal.call.DecodedMessage;
import io.github.openaikserve.grpc.internal.call.Methods;
import io.github.openaikserve.grpc.internal.call.OutgoingCall;
import io.github.openaikserve.grpc.internal.call.UnaryCall;
import io.github.openaikserve.grpc.internal.message.MetadataCodec;
import io.github.openaikserve.grpc.internal.port.OpenChannel;
import io.github.openaikserve.grpc.internal.port.PortPlan;
import io.github.openaikserve.grpc.internal.port.Ports;
import io.github.openaikserve.grpc.internal.port.ServerIdentity;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelConfigRequest;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelMetadataRequest;
import io.github.openaikserve.grpc.proto.ModelReadyRequest;
import io.github.openaikserve.grpc.proto.ModelReadyResponse;
import io.github.openaikserve.grpc.proto.RepositoryIndexRequest;
import io.github.openaikserve.grpc.proto.RepositoryModelLoadRequest;
import io.github.openaikserve.grpc.proto.RepositoryModelUnloadRequest;
import io.github.openaikserve.grpc.proto.ServerMetadataRequest;
import io.github.openaikserve.grpc.proto.ServerReadyRequest;
import io.github.openaikserve.grpc.proto.ServerReadyResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.resilience.BalancedBackend;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;

/**
 * A backend that calls one model server over KServe v2 gRPC. Thread-safe; share one instance.
 *
 * <p>Every inference is one gRPC call: one request, a half-close, and as many responses as the
 * subscriber requests. Responses are signalled on gRPC's executor. This class does not retry calls
 * or eject endpoints; {@link #connect} and {@link GrpcBackendBuilder#balanced} add balancing,
 * health checks and retries.
 *
 * <p>Connections are replaced when they fail. Calling {@link #ready} every few seconds also finds
 * connections that ended silently.
 */
public final class GrpcBackend implements InferenceBackend {
  /**
   * The time limit of a readiness probe, which a working server answers at once. It is less than
   * the timeout of a health check, so the same health check can still report a replaced connection
   * as healthy.
   */
  private static final Duration READY_TIMEOUT = Duration.ofMillis(1800);

  /** The time limit of metadata requests, from which the dialect of a server is detected. */
  private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(20);

  /** The time limit of loading a model: a server answers once the weights are loaded. */
  private static final Duration LOAD_TIMEOUT = Duration.ofMinutes(10);

  private final Methods methods;
  private final CallSettings settings;
  private final Ports ports;
  private final Runnable onClose;

  private GrpcBackend(Methods methods, CallSettings settings, Ports ports, Runnable onClose) {
    this.methods = methods;
    this.settings = settings;
    this.ports = ports;
    this.onClose = onClose;
  }

  /**
   * Creates a backend of one endpoint.
   *
   * @param onClose runs when the backend is closed
   */
  static GrpcBackend of(Methods methods, CallSettings settings, PortPlan plan, Runnable onClose) {
    return new GrpcBackend(
        methods, settings, new Ports(plan, identity(methods, settings)), onClose);
  }

  /**
   * Returns a backend for one or several servers with the same models, without TLS. It connects on
   * the first call.
   *
   * @param target {@code host:port}; several, separated by commas; {@code dns:///name:port} for all
   *     addresses of a name; or {@code anyserve://host:port?type=...&model=...} for the replicas in
   *     AnyServe's registry
   * @throws IllegalArgumentException if the target has another form
   */
  public static BalancedBackend connect(String target) {
    return builder().target(target).balanced().build();
  }

  /**
   * Returns a backend over the caller's channel, such as one for an {@code xds:///} target. Closing
   * the backend leaves the channel open. Retries, balancing and reconnection are those of the
   * channel.
   */
  public static GrpcBackend over(Channel channel) {
    var methods = new Methods(null);
    var ports =
        new Ports(PortPlan.of(OpenChannel.borrowed(channel)), identity(methods, CallSettings.NONE));
    return new GrpcBackend(methods, CallSettings.NONE, ports, () -> {});
  }

  /** Returns a builder without settings; a target is required. */
  public static GrpcBackendBuilder builder() {
    return new GrpcBackendBuilder();
  }

  private static Function<OpenChannel, CompletableFuture<ServerIdentity>> identity(
      Methods methods, CallSettings settings) {
    var query = new UnaryCall(methods, settings, READY_TIMEOUT);
    return channel -> metadata(query, channel).thenApply(ServerIdentity::of);
  }

  private static CompletableFuture<Optional<ServerMetadata>> metadata(
      UnaryCall query, OpenChannel channel) {
    return query
        .send(
            channel,
            GRPCInferenceServiceGrpc.getServerMetadataMethod(),
            ServerMetadataRequest.getDefaultInstance())
        .thenApply(MetadataCodec::decode)
        .handle(UnaryCall.emptyOn(BackendCode.UNIMPLEMENTED, BackendCode.NOT_FOUND));
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    MethodDescriptor<ModelInferRequest, DecodedMessage> method =
        switch (call.rpc()) {
          case MODEL_INFER -> methods.infer();
          case MODEL_STREAM_INFER -> methods.stream();
          case MODEL_STREAM_INFER_UNWRAPPED -> methods.bareStream();
        };
    return new CallPublisher(new OutgoingCall(ports, method, settings, call));
  }

  /**
   * Asks the server over every connection whether it is ready, and waits up to 1.8 seconds for the
   * answer. For AnyServe, this asks at the port that answers streams, because its dispatcher
   * reports ready even without a worker.
   *
   * @return empty if the server does not implement the RPC, or refuses the credentials for it
   */
  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    var query = new UnaryCall(methods, settings, READY_TIMEOUT);
    return ports.ready(
        channel ->
            query
                .send(
                    channel,
                    GRPCInferenceServiceGrpc.getServerReadyMethod(),
                    ServerReadyRequest.getDefaultInstance())
                .thenApply(ServerReadyResponse::getReady)
                .handle(
                    UnaryCall.emptyOn(
                        BackendCode.UNIMPLEMENTED,
                        BackendCode.UNAUTHENTICATED,
                        BackendCode.PERMISSION_DENIED)));
  }

  /** Returns whether a model is ready: false if the call failed, empty if UNIMPLEMENTED. */
  @Override
  public CompletionStage<Optional<Boolean>> modelReady(String modelName, String modelVersion) {
    var request = ModelReadyRequest.newBuilder().setName(modelName).setVersion(modelVersion);
    return send(READY_TIMEOUT, GRPCInferenceServiceGrpc.getModelReadyMethod(), request.build())
        .thenApply(ModelReadyResponse::getReady)
        .handle(UnaryCall.emptyOn(BackendCode.UNIMPLEMENTED))
        .exceptionally(failure -> Optional.of(false));
  }

  @Override
  public CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    return metadata(new UnaryCall(methods, settings, METADATA_TIMEOUT), ports.target())
        .thenApply(
            server -> {
              ports.identified(ServerIdentity.of(server));
              return server;
            });
  }

  @Override
  public CompletionStage<Optional<ModelMetadata>> modelMetadata(
      String modelName, String modelVersion) {
    var request = ModelMetadataRequest.newBuilder().setName(modelName).setVersion(modelVersion);
    return query(
        GRPCInferenceServiceGrpc.getModelMetadataMethod(), request.build(), MetadataCodec::decode);
  }

  @Override
  public CompletionStage<Optional<ModelConfig>> modelConfig(String modelName, String modelVersion) {
    var request = ModelConfigRequest.newBuilder().setName(modelName).setVersion(modelVersion);
    return query(
        GRPCInferenceServiceGrpc.getModelConfigMethod(),
        request.build(),
        response -> MetadataCodec.decode(response.getConfig()));
  }

  @Override
  public CompletionStage<Optional<List<RepositoryIndexEntry>>> repositoryIndex() {
    return query(
        GRPCInferenceServiceGrpc.getRepositoryIndexMethod(),
        RepositoryIndexRequest.getDefaultInstance(),
        MetadataCodec::decode);
  }

  /**
   * Asks the server to load a model, and waits up to 10 minutes for it to be loaded.
   *
   * @return false if the server does not implement the RPC
   */
  @Override
  public CompletionStage<Boolean> loadModel(String modelName) {
    var request = RepositoryModelLoadRequest.newBuilder();
    return control(
        GRPCInferenceServiceGrpc.getRepositoryModelLoadMethod(),
        server ->
            server.isKServe()
                ? request.setRepositoryName(modelName).build()
                : request.setModelName(modelName).build());
  }

  /**
   * Asks the server to unload a model, and waits up to 10 minutes for the answer. Some servers
   * first let the calls in flight finish.
   *
   * @return false if the server does not implement the RPC
   */
  @Override
  public CompletionStage<Boolean> unloadModel(String modelName) {
    var request = RepositoryModelUnloadRequest.newBuilder();
    return control(
        GRPCInferenceServiceGrpc.getRepositoryModelUnloadMethod(),
        server ->
            server.isKServe()
                ? request.setRepositoryName(modelName).build()
                : request.setModelName(modelName).build());
  }

  private <Q, A> CompletionStage<Boolean> control(
      MethodDescriptor<Q, A> method, Function<ServerIdentity, Q> request) {
    return serverMetadata()
        .thenApply(ServerIdentity::of)
        .thenCompose(server -> send(LOAD_TIMEOUT, method, request.apply(server)))
        .handle(UnaryCall.emptyOn(BackendCode.UNIMPLEMENTED))
        .thenApply(Optional::isPresent);
  }

  private <Q, A, T> CompletionStage<Optional<T>> query(
      MethodDescriptor<Q, A> method, Q request, Function<A, T> decode) {
    return send(METADATA_TIMEOUT, method, request)
        .thenApply(decode)
        .handle(UnaryCall.emptyOn(BackendCode.UNIMPLEMENTED, BackendCode.NOT_FOUND));
  }

  private <Q, A> CompletableFuture<A> send(
      Duration timeout, MethodDescriptor<Q, A> method, Q request) {
    return new UnaryCall(methods, settings, timeout).send(ports.target(), method, request);
  }

  /**
   * Closes the connections that this backend opened, without waiting. Calls in flight and later
   * calls fail with UNAVAILABLE.
   */
  @Override
  public void close() {
    ports.close();
    onClose.run();
  }
}
