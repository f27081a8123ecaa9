package io.github.openaikserve.grpc.servers;

import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelConfig;
import io.github.openaikserve.grpc.proto.ModelConfigRequest;
import io.github.openaikserve.grpc.proto.ModelConfigResponse;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferRequest.InferInputTensor;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelInput;
import io.github.openaikserve.grpc.proto.ModelMetadataRequest;
import io.github.openaikserve.grpc.proto.ModelMetadataResponse;
import io.github.openaikserve.grpc.proto.ModelReadyRequest;
import io.github.openaikserve.grpc.proto.ModelReadyResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;

/**
 * Dynamo's KServe frontend with one completions model. It accepts only two inputs, ignores
 * parameters, answers typed, continues after an error in a stream, and reports no server metadata.
 *
 * <p>Source: {@code ai-dynamo/dynamo}: {@code lib/llm/src/grpc/service/kserve.rs}, {@code
 * openai.rs}.
 */
public final class DynamoServer extends ModelServer {
  private final String model;
  private final boolean saysItGoesOn;

  private DynamoServer(String model, boolean saysItGoesOn) {
    this.model = model;
    this.saysItGoesOn = saysItGoesOn;
  }

  /** Starts a server with this model. */
  public static DynamoServer start(String model) throws IOException {
    return start(new DynamoServer(model, true));
  }

  /** Starts an older version, whose finish reasons are empty tensors until the end. */
  public static DynamoServer startOlder(String model) throws IOException {
    return start(new DynamoServer(model, false));
  }

  private static DynamoServer start(DynamoServer server) throws IOException {
    server.listen(
        server.bidi(server, GRPCInferenceServiceGrpc.getModelStreamInferMethod(), server::stream));
    return server;
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
    watch(responses);
    asked(request, responses);
    Status wrong = problem(request);
    if (!wrong.isOk()) {
      responses.onError(wrong.asRuntimeException());
    } else if (streams(request)) {
      refuse(
          responses,
          Status.INVALID_ARGUMENT,
          "Streaming is not supported for this endpoint, please use ModelStreamInfer");
    } else {
      Script.Run run = run(request);
      switch (run.ending()) {
        case FINISH -> answer(responses, response(request, run.text(), run.finish()));
        case FAILURE ->
            refuse(responses, Status.INTERNAL, "Failed to fold completions stream: engine error");
        case SILENCE -> {} // until cancelled
      }
    }
  }

  private void stream(
      ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
    Status wrong = problem(request);
    if (!wrong.isOk()) {
      responses.onError(wrong.asRuntimeException());
      return;
    }
    Script.Run run = run(request);
    if (run.ending() == Script.Ending.FAILURE && run.pieces().isEmpty()) {
      refuse(responses, Status.INTERNAL, "Failed to generate completions: engine error");
      return;
    }
    if (streams(request)) {
      run.pieces().forEach(piece -> responses.onNext(wrapped(response(request, piece, ""))));
    }
    switch (run.ending()) {
      case FINISH -> {
        String rest = streams(request) ? "" : run.text();
        responses.onNext(wrapped(response(request, rest, run.finish())));
        responses.onCompleted();
      }
      case FAILURE -> {
        responses.onNext(
            ModelStreamInferResponse.newBuilder().setErrorMessage("engine error").build());
        responses.onNext(wrapped(response(request, " never to be seen", "")));
        responses.onNext(wrapped(response(request, "", "stop")));
        responses.onCompleted();
      }
      case SILENCE -> {} // until cancelled
    }
  }

  /** There is no input for the maximum length of an answer. */
  private static Script.Run run(ModelInferRequest request) {
    return Script.run(new Inputs(request).text("text_input"), Integer.MAX_VALUE, List.of(), false);
  }

  private static boolean streams(ModelInferRequest request) {
    return request.getInputsList().stream()
        .filter(input -> input.getDatatype().equals("BOOL"))
        .anyMatch(input -> input.getContents().getBoolContents(0));
  }

  private ModelInferResponse response(ModelInferRequest request, String text, String finish) {
    var outputs = new Outputs(false).text("text_output", text, 1);
    return (finish.isEmpty() && !saysItGoesOn
            ? outputs.texts("finish_reason", List.of(), 0)
            : outputs.text("finish_reason", finish, 1))
        .to(model, "1", request.getId());
  }

  private static ModelStreamInferResponse wrapped(ModelInferResponse response) {
    return ModelStreamInferResponse.newBuilder().setInferResponse(response).build();
  }

  private Status problem(ModelInferRequest request) {
    boolean prompt = false;
    for (InferInputTensor input : request.getInputsList()) {
      switch (input.getName()) {
        case "text_input" -> {
          if (!input.getDatatype().equals("BYTES")
              || (!input.getShapeList().equals(List.of(1L))
                  && !input.getShapeList().equals(List.of(1L, 1L)))) {
            return invalid("Expected 'text_input' to have shape [1]");
          }
          prompt = true;
        }
        case "stream", "streaming" -> {
          if (!input.getDatatype().equals("BOOL") || !input.getShapeList().equals(List.of(1L))) {
            return invalid("Expected 'stream' to have shape [1]");
          }
        }
        default -> {
          return invalid(
              "Invalid input name: %s, supported inputs are 'text_input', 'stream'"
                  .formatted(input.getName()));
        }
      }
    }
    if (!prompt) {
      return invalid("Missing required input: 'text_input'");
    }
    return request.getModelName().equals(model)
        ? Status.OK
        : Status.NOT_FOUND.withDescription("model not found");
  }

  private static Status invalid(String message) {
    return Status.INVALID_ARGUMENT.withDescription("Failed to parse request: " + message);
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> responses) {
    answer(
        responses,
        ModelReadyResponse.newBuilder().setReady(request.getName().equals(model)).build());
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
    if (!request.getName().equals(model)) {
      refuse(responses, Status.NOT_FOUND, "Model '%s' not found".formatted(request.getName()));
      return;
    }
    answer(
        responses,
        ModelMetadataResponse.newBuilder()
            .setName(model)
            .addVersions("1")
            .setPlatform("dynamo")
            .addInputs(tensor("text_input", "BYTES", 1))
            .addInputs(tensor("streaming", "BOOL", 1))
            .addOutputs(tensor("text_output", "BYTES", -1))
            .addOutputs(tensor("finish_reason", "BYTES", -1))
            .build());
  }

  @Override
  public void modelConfig(
      ModelConfigRequest request, StreamObserver<ModelConfigResponse> responses) {
    if (!request.getName().equals(model)) {
      refuse(responses, Status.NOT_FOUND, "Model '%s' not found".formatted(request.getName()));
      return;
    }
    answer(
        responses,
        ModelConfigResponse.newBuilder()
            .setConfig(
                ModelConfig.newBuilder()
                    .setName(model)
                    .setPlatform("dynamo")
                    .setBackend("dynamo")
                    .addInput(ModelInput.newBuilder().setName("text_input"))
                    .addInput(ModelInput.newBuilder().setName("streaming").setOptional(true)))
            .build());
  }
}
