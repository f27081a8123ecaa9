package io.github.openaikserve.grpc.servers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelMetadataRequest;
import io.github.openaikserve.grpc.proto.ModelMetadataResponse;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;

/**
 * TorchServe with one model, from {@code prompt} and {@code max_tokens} to {@code text}. It uses
 * the protocol's messages under another service name. It has no streams, no raw contents and no
 * server metadata, and answers INTERNAL for an unknown model. Texts are JSON strings.
 *
 * <p>Source: {@code pytorch/serve}: {@code
 * frontend/server/src/main/java/org/pytorch/serve/grpcimpl/OpenInferenceProtocolImpl.java}, {@code
 * frontend/server/src/main/resources/proto/open_inference_grpc.proto}.
 */
public final class TorchServeServer extends ModelServer {
  /** The name of the gRPC service. */
  public static final String SERVICE = "org.pytorch.serve.grpc.openinference.GRPCInferenceService";

  private final String model;

  private TorchServeServer(String model) {
    this.model = model;
  }

  /** Starts a server with this model. */
  public static TorchServeServer start(String model) throws IOException {
    var server = new TorchServeServer(model);
    var renamed = ServerServiceDefinition.builder(SERVICE);
    server.bindService().getMethods().forEach(method -> renamed.addMethod(renamed(method)));
    server.listen(renamed.build());
    return server;
  }

  private static <Q, A> ServerMethodDefinition<Q, A> renamed(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        descriptor.toBuilder()
            .setFullMethodName(
                MethodDescriptor.generateFullMethodName(SERVICE, descriptor.getBareMethodName()))
            .setSchemaDescriptor(null)
            .build(),
        method.getServerCallHandler());
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
    watch(responses);
    asked(request, responses);
    var inputs = new Inputs(request);
    if (!request.getModelName().equals(model)) {
      refuse(responses, Status.INTERNAL, "Model not found: " + request.getModelName());
    } else if (inputs.texts("prompt").isEmpty()) {
      refuse(responses, Status.INTERNAL, "Prediction failed: 'data'");
    } else {
      generate(request, inputs, responses);
    }
  }

  private static void generate(
      ModelInferRequest request, Inputs inputs, StreamObserver<ModelInferResponse> responses) {
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
              new Outputs(false)
                  .text("text", json(run.text()), 1)
                  .to(request.getModelName(), "1.0", request.getId()));
      case FAILURE -> refuse(responses, Status.INTERNAL, "Prediction failed: model failed");
      case SILENCE -> {} // until cancelled
    }
  }

  private static String json(String text) {
    try {
      return new ObjectMapper().writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
    if (request.getName().equals(model)) {
      answer(responses, ModelMetadataResponse.newBuilder().setName(model).build());
    } else {
      refuse(responses, Status.NOT_FOUND, "Model not found: " + request.getName());
    }
  }
}
