package io.github.openaikserve.grpc;

import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelInput;
import io.github.openaikserve.grpc.proto.ModelMetadataResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.grpc.proto.RepositoryIndexResponse;
import io.github.openaikserve.grpc.proto.ServerMetadataResponse;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryModel;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Converts values to and from the protocol's protobuf messages. */
final class InferCodec {
  private InferCodec() {}

  static ModelInferRequest encode(InferRequest request) {
    var message =
        ModelInferRequest.newBuilder()
            .setModelName(request.modelName())
            .setModelVersion(request.modelVersion())
            .setId(request.id());
    request
        .parameters()
        .forEach(
            (name, parameter) -> message.putParameters(name, ParameterCodec.encode(parameter)));
    TensorCodec.encode(request.inputs(), message);
    return message.build();
  }

  static InferResponse decode(ModelInferResponse message) {
    return new InferResponse(
        message.getModelName(),
        message.getModelVersion(),
        message.getId(),
        ParameterCodec.decode(message.getParametersMap()),
        TensorCodec.decode(message));
  }

  /**
   * Returns the response of a stream message.
   *
   * @throws io.github.openaikserve.error.BackendException if the message is an error
   * @throws DialectException if the message is neither a response nor an error
   */
  static InferResponse decode(ModelStreamInferResponse message) {
    if (!message.getErrorMessage().isEmpty()) {
      throw StatusCodes.errorMessage(message.getErrorMessage());
    }
    if (!message.hasInferResponse()) {
      throw new DialectException("The model server streamed neither a response nor an error.");
    }
    return decode(message.getInferResponse());
  }

  static ServerMetadata decode(ServerMetadataResponse message) {
    return new ServerMetadata(message.getName(), message.getVersion(), message.getExtensionsList());
  }

  static ModelMetadata decode(ModelMetadataResponse message) {
    return new ModelMetadata(
        message.getName(),
        message.getVersionsList(),
        message.getPlatform(),
        tensors(message.getInputsList()),
        tensors(message.getOutputsList()));
  }

  static ModelConfig decode(io.github.openaikserve.grpc.proto.ModelConfig message) {
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

  static List<RepositoryModel> decode(RepositoryIndexResponse message) {
    return message.getModelsList().stream()
        .map(m -> new RepositoryModel(m.getName(), m.getVersion(), m.getState(), m.getReason()))
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
   * <p><b>Source:</b> ai-dynamo/dynamo, lib/llm/src/grpc/service/kserve.rs.
   */
  private static String datatype(String reported) {
    if (reported.equals("TYPE_STRING")) {
      return "BYTES";
    }
    return reported.startsWith("TYPE_") ? reported.substring("TYPE_".length()) : reported;
  }
}
