package io.github.openaikserve.grpc.servers;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.InferParameter;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelMetadataRequest;
import io.github.openaikserve.grpc.proto.ModelMetadataResponse;
import io.github.openaikserve.grpc.proto.ModelReadyRequest;
import io.github.openaikserve.grpc.proto.ModelReadyResponse;
import io.github.openaikserve.grpc.proto.RepositoryIndexRequest;
import io.github.openaikserve.grpc.proto.RepositoryIndexResponse;
import io.github.openaikserve.grpc.proto.ServerMetadataResponse;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Map;

/**
 * MLServer: streams bare responses, fails with statuses, answers raw requests raw, and has
 * additional fields in a model's metadata.
 *
 * <p>Source: {@code SeldonIO/MLServer}: {@code proto/dataplane.proto}, {@code
 * mlserver/grpc/servicers.py}, {@code converters.py}, {@code mlserver/raw.py}.
 */
public final class MlServer extends ModelServer {
  private static final MethodDescriptor<ModelInferRequest, ModelInferResponse> BARE_STREAM =
      GRPCInferenceServiceGrpc.getModelStreamInferMethod().toBuilder(
              ProtoUtils.marshaller(ModelInferRequest.getDefaultInstance()),
              ProtoUtils.marshaller(ModelInferResponse.getDefaultInstance()))
          .build();

  private final Map<String, MlServerRuntime> models;

  private MlServer(Map<String, MlServerRuntime> models) {
    this.models = Map.copyOf(models);
  }

  /** Starts a recent version with these models. */
  public static MlServer start(Map<String, MlServerRuntime> models) throws IOException {
    var server = new MlServer(models);
    server.listen(server.bidi(server, BARE_STREAM, server::stream));
    return server;
  }

  /** Starts a version without streams. */
  public static MlServer startOlder(Map<String, MlServerRuntime> models) throws IOException {
    var server = new MlServer(models);
    server.listen(server.bindService());
    return server;
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
    watch(responses);
    asked(request, responses);
    MlServerRuntime runtime = models.get(request.getModelName());
    var replies = new Replies(request, responses);
    if (runtime == null) {
      replies.fail(Status.Code.NOT_FOUND, notFound(request.getModelName()));
    } else {
      runtime.predict(new Inputs(RawContents.typed(request)), isRaw(request), replies);
    }
  }

  private void stream(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
    MlServerRuntime runtime = models.get(request.getModelName());
    var replies = new Replies(request, responses);
    if (runtime == null) {
      replies.fail(Status.Code.NOT_FOUND, notFound(request.getModelName()));
    } else {
      runtime.predictStream(new Inputs(RawContents.typed(request)), isRaw(request), replies);
    }
  }

  private static boolean isRaw(ModelInferRequest request) {
    return request.getRawInputContentsCount() > 0;
  }

  private static String notFound(String model) {
    return "Model %s not found".formatted(model);
  }

  private record Replies(ModelInferRequest request, StreamObserver<ModelInferResponse> responses)
      implements MlServerRuntime.Replies {
    @Override
    public void send(Outputs outputs) {
      responses.onNext(outputs.to(request.getModelName(), "v1.2.3", "a-made-up-id"));
    }

    @Override
    public void end() {
      responses.onCompleted();
    }

    @Override
    public void fail(Status.Code code, String message) {
      refuse(responses, code.toStatus(), message);
    }
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> responses) {
    if (models.containsKey(request.getName())) {
      answer(responses, ModelReadyResponse.newBuilder().setReady(true).build());
    } else {
      refuse(responses, Status.NOT_FOUND, notFound(request.getName()));
    }
  }

  @Override
  ServerMetadataResponse identity() {
    return identity("mlserver", "1.7.1");
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
    MlServerRuntime runtime = models.get(request.getName());
    if (runtime == null) {
      refuse(responses, Status.NOT_FOUND, notFound(request.getName()));
      return;
    }
    var metadata = ModelMetadataResponse.newBuilder().setName(request.getName());
    runtime
        .inputs()
        .forEach(
            input ->
                metadata.addInputs(
                    input.toBuilder().setUnknownFields(parameters(4, "content_type", "str"))));
    metadata.addAllOutputs(runtime.outputs());
    answer(responses, metadata.setUnknownFields(parameters(6, "uri", "./model")).build());
  }

  /** A field of the type {@code map<string, InferParameter>}, which other servers do not have. */
  static UnknownFieldSet parameters(int field, String name, String value) {
    InferParameter parameter = InferParameter.newBuilder().setStringParam(value).build();
    ByteString entry =
        UnknownFieldSet.newBuilder()
            .addField(1, bytes(ByteString.copyFromUtf8(name)))
            .addField(2, bytes(parameter.toByteString()))
            .build()
            .toByteString();
    return UnknownFieldSet.newBuilder().addField(field, bytes(entry)).build();
  }

  private static UnknownFieldSet.Field bytes(ByteString value) {
    return UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build();
  }

  @Override
  public void repositoryIndex(
      RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> responses) {
    var index = RepositoryIndexResponse.newBuilder();
    models.keySet().stream()
        .sorted()
        .forEach(name -> index.addModelsBuilder().setName(name).setState("State.READY"));
    answer(responses, index.build());
  }
}
