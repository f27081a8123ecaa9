package io.github.openaikserve.grpc.servers;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelMetadataRequest;
import io.github.openaikserve.grpc.proto.ModelMetadataResponse;
import io.github.openaikserve.grpc.proto.ModelReadyRequest;
import io.github.openaikserve.grpc.proto.ModelReadyResponse;
import io.github.openaikserve.grpc.proto.ServerMetadataResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;

/**
 * KServe's Python server. An encoder, {@value #ENCODER}, embeds its first input as FP64. A
 * generative model, {@value #GENERATIVE}, is available over HTTP and fails over gRPC. The metadata
 * uses a field number that another server uses for other content. Two custom models declare their
 * tensors: {@value #OWN} generates, {@value #EMBEDDER} embeds.
 *
 * <p>Source: {@code kserve/kserve}: {@code python/kserve/kserve/protocol/grpc/servicer.py}, {@code
 * protocol/dataplane.py}, {@code python/huggingfaceserver}; {@code kserve/open-inference-protocol}.
 */
public final class KServePythonServer extends ModelServer {
  /** The model that embeds. */
  public static final String ENCODER = "bge";

  /** The model that generates, but not over gRPC. */
  public static final String GENERATIVE = "llama";

  /** A custom model that generates over gRPC. */
  public static final String OWN = "own";

  /** A custom model that embeds. */
  public static final String EMBEDDER = "minilm";

  private KServePythonServer() {}

  /** Starts a server with all models. */
  public static KServePythonServer start() throws IOException {
    var server = new KServePythonServer();
    server.listen(server.withoutStreams());
    return server;
  }

  private ServerServiceDefinition withoutStreams() {
    BindableService service = this;
    var definition = ServerServiceDefinition.builder(GRPCInferenceServiceGrpc.SERVICE_NAME);
    String streaming = GRPCInferenceServiceGrpc.getModelStreamInferMethod().getFullMethodName();
    service.bindService().getMethods().stream()
        .filter(method -> !method.getMethodDescriptor().getFullMethodName().equals(streaming))
        .forEach(definition::addMethod);
    return definition.build();
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
    watch(responses);
    asked(request, responses);
    if (request.getModelName().equals(OWN)) {
      generate(request, responses);
      return;
    }
    if (!request.getModelName().equals(EMBEDDER) && !isEncoder(request.getModelName(), responses)) {
      return;
    }
    boolean raw = request.getRawInputContentsCount() > 0;
    ModelInferRequest typed = RawContents.typed(request);
    List<String> texts = new Inputs(typed).texts(typed.getInputs(0).getName());
    double[] vectors = new double[2 * texts.size()];
    for (int i = 0; i < texts.size(); i++) {
      vectors[2 * i] = 1.0 / texts.get(i).length();
    }
    answer(
        responses,
        new Outputs(raw)
            .doubles("output-0", vectors, texts.size(), 2)
            .to(request.getModelName(), "", request.getId()));
  }

  private static void generate(
      ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
    var inputs = new Inputs(RawContents.typed(request));
    Script.Run run =
        Script.run(
            inputs.text("prompt"),
            inputs.integer("max_tokens", Integer.MAX_VALUE),
            List.of(),
            false);
    switch (run.ending()) {
      case FINISH ->
          answer(
              responses,
              new Outputs(false).text("text", run.text(), 1).to(OWN, "", request.getId()));
      case FAILURE -> refuse(responses, Status.INTERNAL, "RuntimeError : model failed");
      case SILENCE -> {} // until cancelled
    }
  }

  /** Returns whether the model exists; if not, ends the call with a failure. */
  private static boolean isEncoder(String model, StreamObserver<?> responses) {
    switch (model) {
      case ENCODER -> {
        return true;
      }
      case GENERATIVE ->
          refuse(
              responses,
              Status.INTERNAL,
              "ValueError : Model of type OpenAIModel does not support inference");
      default ->
          refuse(
              responses, Status.NOT_FOUND, "Model with name %s does not exist.".formatted(model));
    }
    return false;
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> responses) {
    answer(responses, ModelReadyResponse.newBuilder().setReady(true).build());
  }

  @Override
  ServerMetadataResponse identity() {
    return identity("kserve", "0.16.0", "model_repository_extension");
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
    if (request.getName().equals(OWN)) {
      answer(
          responses,
          ModelMetadataResponse.newBuilder()
              .setName(OWN)
              .addInputs(tensor("prompt", "BYTES", -1))
              .addInputs(tensor("max_tokens", "INT32", -1))
              .addOutputs(tensor("text", "BYTES", -1))
              .build());
    } else if (request.getName().equals(EMBEDDER)) {
      answer(
          responses,
          ModelMetadataResponse.newBuilder()
              .setName(EMBEDDER)
              .addInputs(tensor("text", "BYTES", -1))
              .addOutputs(tensor("output-0", "FP64", -1, 2))
              .build());
    } else if (isEncoder(request.getName(), responses)) {
      answer(
          responses,
          ModelMetadataResponse.newBuilder()
              .setName(ENCODER)
              .setUnknownFields(properties("uri", "s3://models/bge"))
              .build());
    }
  }

  /** The protocol's own field 6, of the type {@code map<string, string>}. */
  private static UnknownFieldSet properties(String name, String value) {
    ByteString entry =
        UnknownFieldSet.newBuilder()
            .addField(1, text(name))
            .addField(2, text(value))
            .build()
            .toByteString();
    return UnknownFieldSet.newBuilder()
        .addField(6, UnknownFieldSet.Field.newBuilder().addLengthDelimited(entry).build())
        .build();
  }

  private static UnknownFieldSet.Field text(String value) {
    return UnknownFieldSet.Field.newBuilder()
        .addLengthDelimited(ByteString.copyFromUtf8(value))
        .build();
  }
}
