package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelConfigRequest;
import io.github.openaikserve.grpc.proto.ModelMetadataRequest;
import io.github.openaikserve.grpc.proto.ModelReadyRequest;
import io.github.openaikserve.grpc.proto.RepositoryIndexRequest;
import io.github.openaikserve.grpc.proto.ServerMetadataRequest;
import io.github.openaikserve.grpc.proto.ServerReadyRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryModel;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.ServerMetadata;
import io.grpc.CallOptions;
import io.grpc.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reaches a model server over KServe v2 gRPC. Thread-safe; make one and share it.
 *
 * <p>Every inference is one gRPC call: one request, a half-close, and as many responses as the
 * subscriber asks for. Responses are signalled on gRPC's executor; that time has run out, on a
 * thread of the JDK's.
 */
public final class GrpcBackend implements InferenceBackend {
  /** For whether it is ready, which a server that is answers at once. */
  private static final Duration PROBE_PATIENCE = Duration.ofSeconds(2);

  /** For what it knows, which is asked at start-up and decides what it is taken for. */
  private static final Duration KNOWLEDGE_PATIENCE = Duration.ofSeconds(20);

  private final Methods methods;
  private final Way way;
  private final StreamEndpoints streams;
  private final Connections owned;
  private final Map<String, String> metadata;
  private final @Nullable Duration timeout;
  private final CallOptions options;

  GrpcBackend(
      Methods methods,
      Way way,
      StreamEndpoints streams,
      Connections owned,
      Map<String, String> metadata,
      @Nullable Duration timeout,
      CallOptions options) {
    this.methods = methods;
    this.way = way;
    this.streams = streams;
    this.owned = owned;
    this.metadata = Map.copyOf(metadata);
    this.timeout = timeout;
    this.options = options;
  }

  /**
   * A backend for one server, without TLS. Connects when the first call is made.
   *
   * @param target {@code host:port}, or any target that gRPC can resolve
   */
  public static GrpcBackend connect(String target) {
    return builder().target(target).build();
  }

  /**
   * A backend over a channel that stays its maker's: closing the backend leaves it open. Calls are
   * repeated and balanced as the channel was told.
   */
  public static GrpcBackend over(Channel channel) {
    Way way = Way.over(channel);
    return new GrpcBackend(
        new Methods(null),
        way,
        StreamEndpoints.only(way),
        new Connections(),
        Map.of(),
        null,
        CallOptions.DEFAULT.withStreamTracerFactory(AttemptTracer.factory(null)));
  }

  /** A builder that has nothing set; a target is required. */
  public static GrpcBackendBuilder builder() {
    return new GrpcBackendBuilder();
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return CallPublisher.of(
        methods,
        call.rpc() == Rpc.MODEL_INFER ? StreamEndpoints.only(way) : streams,
        options,
        metadata,
        call.timeout() == null ? timeout : call.timeout(),
        call);
  }

  /** When it cannot be reached, asking also makes the next attempt to connect come at once. */
  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    return probe()
        .call(
            GRPCInferenceServiceGrpc.getServerReadyMethod(),
            ServerReadyRequest.getDefaultInstance())
        .thenApply(response -> response.getReady())
        .handle(Probe::readiness)
        .whenComplete(
            (ready, failure) -> {
              if (ready != null && !ready.orElse(true)) {
                owned.hurry();
              }
            });
  }

  @Override
  public CompletionStage<Optional<Boolean>> modelReady(String modelName, String modelVersion) {
    var request = ModelReadyRequest.newBuilder().setName(modelName).setVersion(modelVersion);
    return probe()
        .call(GRPCInferenceServiceGrpc.getModelReadyMethod(), request.build())
        .thenApply(response -> response.getReady())
        .handle(Probe::readiness);
  }

  @Override
  public CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    return question()
        .call(
            GRPCInferenceServiceGrpc.getServerMetadataMethod(),
            ServerMetadataRequest.getDefaultInstance())
        .thenApply(InferCodec::decode)
        .handle(Probe::knowledge);
  }

  @Override
  public CompletionStage<Optional<ModelMetadata>> modelMetadata(
      String modelName, String modelVersion) {
    var request = ModelMetadataRequest.newBuilder().setName(modelName).setVersion(modelVersion);
    return question()
        .call(GRPCInferenceServiceGrpc.getModelMetadataMethod(), request.build())
        .thenApply(InferCodec::decode)
        .handle(Probe::knowledge);
  }

  @Override
  public CompletionStage<Optional<ModelConfig>> modelConfig(String modelName, String modelVersion) {
    var request = ModelConfigRequest.newBuilder().setName(modelName).setVersion(modelVersion);
    return question()
        .call(GRPCInferenceServiceGrpc.getModelConfigMethod(), request.build())
        .thenApply(response -> InferCodec.decode(response.getConfig()))
        .handle(Probe::knowledge);
  }

  @Override
  public CompletionStage<Optional<List<RepositoryModel>>> repositoryIndex() {
    return question()
        .call(
            GRPCInferenceServiceGrpc.getRepositoryIndexMethod(),
            RepositoryIndexRequest.getDefaultInstance())
        .thenApply(InferCodec::decode)
        .handle(Probe::knowledge);
  }

  /** Ends the channels this backend opened, and with them the calls in flight. Does not wait. */
  @Override
  public void close() {
    owned.close();
  }

  private Probe probe() {
    return new Probe(methods, way.once(), options(PROBE_PATIENCE), metadata);
  }

  private Probe question() {
    return new Probe(methods, way.once(), options(KNOWLEDGE_PATIENCE), metadata);
  }

  private CallOptions options(Duration patience) {
    return options.withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS);
  }
}
