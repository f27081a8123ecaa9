package io.github.openaikserve.grpc.servers;

import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelConfig;
import io.github.openaikserve.grpc.proto.ModelConfigRequest;
import io.github.openaikserve.grpc.proto.ModelConfigResponse;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelInput;
import io.github.openaikserve.grpc.proto.ModelMetadataRequest;
import io.github.openaikserve.grpc.proto.ModelMetadataResponse;
import io.github.openaikserve.grpc.proto.ModelParameter;
import io.github.openaikserve.grpc.proto.ModelReadyRequest;
import io.github.openaikserve.grpc.proto.ModelReadyResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.grpc.proto.ModelTransactionPolicy;
import io.github.openaikserve.grpc.proto.RepositoryIndexRequest;
import io.github.openaikserve.grpc.proto.RepositoryIndexResponse;
import io.github.openaikserve.grpc.proto.ServerMetadataResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/**
 * Triton: rejects undeclared inputs and unary calls to decoupled models, answers raw, marks the
 * last response, and loses the code of an error in a stream unless a header requests it.
 *
 * <p>Source: {@code triton-inference-server/server}: {@code src/grpc/infer_handler.cc}, {@code
 * src/grpc/stream_infer_handler.cc}; {@code triton-inference-server/core}: {@code
 * src/infer_request.cc}.
 */
public final class TritonServer extends ModelServer {
  private final String version;
  private final Map<String, TritonModel> models = new ConcurrentSkipListMap<>();
  private final Set<String> unloaded = ConcurrentHashMap.newKeySet();

  private TritonServer(String version, List<TritonModel> models) {
    this.version = version;
    models.forEach(model -> this.models.put(model.name(), model));
  }

  /** Starts a recent version with these models. */
  public static TritonServer start(TritonModel... models) throws IOException {
    return startVersion("2.69.0", models);
  }

  /** Starts another version. */
  public static TritonServer startVersion(String version, TritonModel... models)
      throws IOException {
    var server = new TritonServer(version, List.of(models));
    server.listen(
        server.bidi(server, GRPCInferenceServiceGrpc.getModelStreamInferMethod(), server::stream));
    return server;
  }

  /** Loads a model; replaces one with the same name. */
  public void load(TritonModel model) {
    models.put(model.name(), model);
    unloaded.remove(model.name());
  }

  /** Unloads a model; the repository index then has the reason. */
  public void unload(String name) {
    unloaded.add(name);
    models.remove(name);
  }

  private String problem(TritonModel model, ModelInferRequest request) {
    return unloaded.contains(request.getModelName())
        ? "Request for unknown model: '%s' has no available versions"
            .formatted(request.getModelName())
        : TritonRules.problem(model, request);
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
    watch(responses);
    asked(request, responses);
    TritonModel model = models.get(request.getModelName());
    String wrong = problem(model, request);
    if (model == null) {
      refuse(responses, Status.NOT_FOUND, wrong);
    } else if (model.decoupled()) {
      refuse(
          responses,
          Status.UNIMPLEMENTED,
          "ModelInfer RPC doesn't support models with decoupled transaction policy");
    } else if (!wrong.isEmpty()) {
      refuse(responses, Status.INVALID_ARGUMENT, wrong);
    } else {
      model.infer(new Inputs(request), new Unary(request, responses));
    }
  }

  private void stream(
      ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
    boolean keepsCodes = "true".equals(HeaderRecorder.header("triton_grpc_error"));
    var replies = new Streamed(request, responses, keepsCodes);
    TritonModel model = models.get(request.getModelName());
    String wrong = problem(model, request);
    if (model == null) {
      replies.fail(Status.Code.NOT_FOUND, wrong);
    } else if (!wrong.isEmpty()) {
      replies.fail(Status.Code.INVALID_ARGUMENT, wrong);
    } else {
      model.infer(new Inputs(request), model.decoupled() ? replies : new OnlyOne(replies));
    }
  }

  /** Marks the only response of a model that is not decoupled as the last, on a stream. */
  private record OnlyOne(TritonModel.Replies replies) implements TritonModel.Replies {
    @Override
    public void send(Outputs outputs) {
      replies.sendLast(outputs);
    }

    @Override
    public void sendLast(Outputs outputs) {
      replies.sendLast(outputs);
    }

    @Override
    public void end() {}

    @Override
    public void fail(Status.Code code, String message) {
      replies.fail(code, message);
    }
  }

  /** Sends the only response of a model that is not decoupled. */
  private record Unary(ModelInferRequest request, StreamObserver<ModelInferResponse> responses)
      implements TritonModel.Replies {
    @Override
    public void send(Outputs outputs) {
      answer(responses, outputs.to(request.getModelName(), "1", request.getId()));
    }

    @Override
    public void sendLast(Outputs outputs) {
      send(outputs);
    }

    @Override
    public void end() {}

    @Override
    public void fail(Status.Code code, String message) {
      refuse(responses, code.toStatus(), message);
    }
  }

  private record Streamed(
      ModelInferRequest request,
      StreamObserver<ModelStreamInferResponse> responses,
      boolean keepsCodes)
      implements TritonModel.Replies {
    @Override
    public void send(Outputs outputs) {
      responses.onNext(wrapped(outputs, false));
    }

    @Override
    public void sendLast(Outputs outputs) {
      responses.onNext(wrapped(outputs, true));
      responses.onCompleted();
    }

    @Override
    public void end() {
      var wanted = request.getParametersMap().get("triton_enable_empty_final_response");
      if (wanted != null && wanted.getBoolParam()) {
        responses.onNext(wrapped(new Outputs(true), true));
      }
      responses.onCompleted();
    }

    @Override
    public void fail(Status.Code code, String message) {
      if (keepsCodes) {
        refuse(responses, code.toStatus(), message);
        return;
      }
      responses.onNext(
          wrapped(new Outputs(true), true).toBuilder().setErrorMessage(message).build());
      responses.onCompleted();
    }

    private ModelStreamInferResponse wrapped(Outputs outputs, boolean last) {
      return ModelStreamInferResponse.newBuilder()
          .setInferResponse(
              outputs
                  .parameter("triton_final_response", last)
                  .to(request.getModelName(), "1", request.getId()))
          .build();
    }
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> responses) {
    answer(
        responses,
        ModelReadyResponse.newBuilder().setReady(models.containsKey(request.getName())).build());
  }

  @Override
  ServerMetadataResponse identity() {
    return identity("triton", version, "model_repository");
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
    TritonModel model = models.get(request.getName());
    if (model == null) {
      refuse(responses, Status.NOT_FOUND, "Request for unknown model");
      return;
    }
    answer(
        responses,
        ModelMetadataResponse.newBuilder()
            .setName(model.name())
            .addVersions("1")
            .setPlatform(model.backend())
            .addAllInputs(model.inputs().stream().map(spec -> metadata(model, spec)).toList())
            .addAllOutputs(model.outputs().stream().map(spec -> metadata(model, spec)).toList())
            .build());
  }

  private static ModelMetadataResponse.TensorMetadata metadata(
      TritonModel model, TritonModel.TensorSpec spec) {
    Stream<Long> batch = model.maxBatchSize() > 0 ? Stream.of(-1L) : Stream.empty();
    return ModelMetadataResponse.TensorMetadata.newBuilder()
        .setName(spec.name())
        .setDatatype(spec.datatype())
        .addAllShape(Stream.concat(batch, spec.dims().stream()).toList())
        .build();
  }

  @Override
  public void modelConfig(
      ModelConfigRequest request, StreamObserver<ModelConfigResponse> responses) {
    TritonModel model = models.get(request.getName());
    if (model == null) {
      refuse(responses, Status.NOT_FOUND, "Request for unknown model");
      return;
    }
    var config =
        ModelConfig.newBuilder()
            .setName(model.name())
            .setMaxBatchSize(model.maxBatchSize())
            .setModelTransactionPolicy(
                ModelTransactionPolicy.newBuilder().setDecoupled(model.decoupled()));
    if (model.backend().equals("ensemble")) {
      config.setPlatform("ensemble");
    } else {
      config.setBackend(model.backend());
    }
    model
        .parameters()
        .forEach(
            (name, value) ->
                config.putParameters(
                    name, ModelParameter.newBuilder().setStringValue(value).build()));
    model
        .inputs()
        .forEach(
            spec ->
                config.addInput(
                    ModelInput.newBuilder()
                        .setName(spec.name())
                        .setOptional(spec.optional())
                        .build()));
    answer(responses, ModelConfigResponse.newBuilder().setConfig(config).build());
  }

  @Override
  public void repositoryIndex(
      RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> responses) {
    var index = RepositoryIndexResponse.newBuilder();
    models
        .keySet()
        .forEach(name -> index.addModelsBuilder().setName(name).setVersion("1").setState("READY"));
    unloaded.forEach(
        name ->
            index
                .addModelsBuilder()
                .setName(name)
                .setVersion("1")
                .setState("UNAVAILABLE")
                .setReason("unloaded"));
    index.addModelsBuilder().setName("broken").setVersion("1").setState("UNAVAILABLE");
    answer(responses, index.build());
  }
}
