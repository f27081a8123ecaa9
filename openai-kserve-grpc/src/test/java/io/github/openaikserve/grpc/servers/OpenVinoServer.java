package io.github.openaikserve.grpc.servers;

import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelMetadataRequest;
import io.github.openaikserve.grpc.proto.ModelMetadataResponse;
import io.github.openaikserve.grpc.proto.ModelReadyRequest;
import io.github.openaikserve.grpc.proto.ModelReadyResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.grpc.proto.ServerMetadataResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * OpenVINO Model Server with a MediaPipe graph of a Python node, {@value #GRAPH}, that generates
 * text, and a single model, {@value #ENCODER}, that embeds text. Graphs answer only streams here;
 * strings are raw.
 *
 * <p>Source: {@code openvinotoolkit/model_server}: {@code
 * src/kfs_frontend/kfs_grpc_inference_service.cpp}, {@code kfs_graph_executor_impl.cpp}, {@code
 * docs/streaming_endpoints.md}, {@code demos/universal-sentence-encoder}.
 */
public final class OpenVinoServer extends ModelServer {
  /** The graph: {@code prompt} and optional {@code max_tokens} to {@code completion}. */
  public static final String GRAPH = "python_llm";

  /** The single model: {@code inputs} BYTES {@code [n]} to {@code outputs} FP32 {@code [n, 4]}. */
  public static final String ENCODER = "usem";

  private static final Set<String> STREAMS = Set.of("prompt", "max_tokens");

  private OpenVinoServer() {}

  /** Starts a recent version. */
  public static OpenVinoServer start() throws IOException {
    var server = new OpenVinoServer();
    server.listen(
        server.bidi(server, GRPCInferenceServiceGrpc.getModelStreamInferMethod(), server::stream));
    return server;
  }

  private void stream(
      ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
    if (!request.getModelName().equals(GRAPH)) {
      refuse(
          responses,
          Status.NOT_FOUND,
          "Mediapipe graph definition with requested name is not found");
      return;
    }
    Inputs inputs = new Inputs(RawContents.typed(request));
    for (var input : request.getInputsList()) {
      if (!STREAMS.contains(input.getName())) {
        recoverable(responses, "Unexpected packet stream: " + input.getName());
        responses.onCompleted();
        return;
      }
    }
    Script.Run run =
        Script.run(
            inputs.text("prompt"),
            inputs.integer("max_tokens", Integer.MAX_VALUE),
            List.of(),
            false);
    long timestamp = 0;
    for (String piece : run.pieces()) {
      responses.onNext(
          ModelStreamInferResponse.newBuilder()
              .setInferResponse(
                  new Outputs(true)
                      .text("completion", piece, 1)
                      .parameter("OVMS_MP_TIMESTAMP", timestamp++)
                      .to(GRAPH, "1", request.getId()))
              .build());
    }
    switch (run.ending()) {
      case FINISH -> responses.onCompleted();
      case FAILURE -> fail(run, responses);
      case SILENCE -> {} // until cancelled
    }
  }

  /** A node that fails at once ends the stream; later failures are error messages. */
  private static void fail(Script.Run run, StreamObserver<ModelStreamInferResponse> responses) {
    if (run.pieces().isEmpty()) {
      refuse(
          responses,
          Status.INTERNAL,
          "Mediapipe execution failed. MP status - INTERNAL: Error in process()");
    } else {
      recoverable(responses, "Partial deserialization of request failed");
      responses.onCompleted();
    }
  }

  private static void recoverable(
      StreamObserver<ModelStreamInferResponse> responses, String message) {
    responses.onNext(ModelStreamInferResponse.newBuilder().setErrorMessage(message).build());
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
    watch(responses);
    asked(request, responses);
    if (!request.getModelName().equals(ENCODER)) {
      refuse(responses, Status.NOT_FOUND, "Model with requested name is not found");
      return;
    }
    List<String> texts = new Inputs(RawContents.typed(request)).texts("inputs");
    if (texts.isEmpty()) {
      refuse(responses, Status.INVALID_ARGUMENT, "Missing input with specific name - inputs");
      return;
    }
    float[] vectors = new float[4 * texts.size()];
    for (int i = 0; i < texts.size(); i++) {
      vectors[4 * i] = texts.get(i).length();
    }
    answer(
        responses,
        new Outputs(true)
            .floats("outputs", vectors, texts.size(), 4)
            .to(ENCODER, "1", request.getId()));
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> responses) {
    if (Set.of(GRAPH, ENCODER).contains(request.getName())) {
      answer(responses, ModelReadyResponse.newBuilder().setReady(true).build());
    } else {
      refuse(responses, Status.NOT_FOUND, "Model with requested name is not found");
    }
  }

  @Override
  ServerMetadataResponse identity() {
    return identity("OpenVINO Model Server", "2026.0");
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
    var metadata =
        ModelMetadataResponse.newBuilder().setName(request.getName()).setPlatform("OpenVINO");
    switch (request.getName()) {
      // A graph declares the names of its streams, but neither types nor shapes.
      case GRAPH ->
          metadata
              .addInputs(tensor("prompt", "INVALID"))
              .addInputs(tensor("max_tokens", "INVALID"))
              .addOutputs(tensor("completion", "INVALID"));
      case ENCODER ->
          metadata
              .addVersions("1")
              .addInputs(tensor("inputs", "BYTES", -1))
              .addOutputs(tensor("outputs", "FP32", -1, 4));
      default -> {
        refuse(responses, Status.NOT_FOUND, "Model with requested name is not found");
        return;
      }
    }
    answer(responses, metadata.build());
  }
}
