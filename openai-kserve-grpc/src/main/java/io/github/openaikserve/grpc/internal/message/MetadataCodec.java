package io.github.openaikserve.grpc.internal.message;

import io.github.openaikserve.grpc.proto.ModelInput;
import io.github.openaikserve.grpc.proto.ModelMetadataResponse;
import io.github.openaikserve.grpc.proto.ModelParameter;
import io.github.openaikserve.grpc.proto.ModelTransactionPolicy;
import io.github.openaikserve.grpc.proto.RepositoryIndexResponse;
import io.github.openaikserve.grpc.proto.ServerMetadataResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A converter of the metadata of servers and models to and from protobuf messages. */
public final class MetadataCodec {
  private MetadataCodec() {}

  public static ServerMetadata decode(ServerMetadataResponse message) {
    return new ServerMetadata(message.getName(), message.getVersion(), message.getExtensionsList());
  }

  public static ModelMetadata decode(ModelMetadataResponse message) {
    return new ModelMetadata(
        message.getName(),
        message.getVersionsList(),
        message.getPlatform(),
        tensors(message.getInputsList()),
        tensors(message.getOutputsList()));
  }

  public static ModelConfig decode(io.github.openaikserve.grpc.proto.ModelConfig message) {
    Map<String, String> parameters = new HashMap<>();
    message
        .getParametersMap()
        .forEach((name, parameter) -> parameters.put(name, parameter.getStringValue()));
    return new ModelConfig(
        message.getName(),
        message.getPlatform(),
        message.getBackend(),
        message.getMaxBatchSize(),
        message.getModelTransactionPolicy().getDecoupled(),
        parameters,
        message.getInputList().stream()
            .filter(input -> !input.getOptional())
            .map(ModelInput::getName)
            .toList());
  }

  public static List<RepositoryIndexEntry> decode(RepositoryIndexResponse message) {
    return message.getModelsList().stream()
        .map(
            m -> new RepositoryIndexEntry(m.getName(), m.getVersion(), m.getState(), m.getReason()))
        .toList();
  }

  private static List<TensorMetadata> tensors(List<ModelMetadataResponse.TensorMetadata> tensors) {
    return tensors.stream()
        .map(t -> new TensorMetadata(t.getName(), datatype(t.getDatatype()), t.getShapeList()))
        .toList();
  }

  /**
   * Returns the protocol's name of a datatype. Dynamo reports the names of Triton's configurations,
   * such as {@code TYPE_STRING}.
   *
   * <p>Source: {@code ai-dynamo/dynamo}: {@code lib/llm/src/grpc/service/kserve.rs}.
   */
  private static String datatype(String told) {
    if (told.equals("TYPE_STRING")) {
      return "BYTES";
    }
    return told.startsWith("TYPE_") ? told.substring("TYPE_".length()) : told;
  }

  public static ServerMetadataResponse encode(ServerMetadata server) {
    return ServerMetadataResponse.newBuilder()
        .setName(server.name())
        .setVersion(server.version())
        .addAllExtensions(server.extensions())
        .build();
  }

  public static ModelMetadataResponse encode(ModelMetadata model) {
    return ModelMetadataResponse.newBuilder()
        .setName(model.name())
        .addAllVersions(model.versions())
        .setPlatform(model.platform())
        .addAllInputs(model.inputs().stream().map(MetadataCodec::encode).toList())
        .addAllOutputs(model.outputs().stream().map(MetadataCodec::encode).toList())
        .build();
  }

  private static ModelMetadataResponse.TensorMetadata encode(TensorMetadata tensor) {
    return ModelMetadataResponse.TensorMetadata.newBuilder()
        .setName(tensor.name())
        .setDatatype(tensor.datatype())
        .addAllShape(tensor.shape())
        .build();
  }

  public static io.github.openaikserve.grpc.proto.ModelConfig encode(ModelConfig config) {
    var message =
        io.github.openaikserve.grpc.proto.ModelConfig.newBuilder()
            .setName(config.name())
            .setPlatform(config.platform())
            .setBackend(config.backend())
            .setMaxBatchSize(config.maxBatchSize())
            .setModelTransactionPolicy(
                ModelTransactionPolicy.newBuilder().setDecoupled(config.decoupled()));
    config
        .parameters()
        .forEach(
            (name, value) ->
                message.putParameters(
                    name, ModelParameter.newBuilder().setStringValue(value).build()));
    config
        .requiredInputs()
        .forEach(name -> message.addInput(ModelInput.newBuilder().setName(name)));
    return message.build();
  }

  public static RepositoryIndexResponse encode(List<RepositoryIndexEntry> models) {
    var message = RepositoryIndexResponse.newBuilder();
    for (RepositoryIndexEntry model : models) {
      message.addModels(
          RepositoryIndexResponse.ModelIndex.newBuilder()
              .setName(model.name())
              .setVersion(model.version())
              .setState(model.state())
              .setReason(model.reason()));
    }
    return message.build();
  }
}
