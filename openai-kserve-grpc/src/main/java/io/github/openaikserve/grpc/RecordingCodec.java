package io.github.openaikserve.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.github.openaikserve.grpc.proto.ModelConfig;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelInput;
import io.github.openaikserve.grpc.proto.ModelMetadataResponse;
import io.github.openaikserve.grpc.proto.ModelParameter;
import io.github.openaikserve.grpc.proto.ModelTransactionPolicy;
import io.github.openaikserve.grpc.proto.RecordedEvent;
import io.github.openaikserve.grpc.proto.RepositoryIndexResponse;
import io.github.openaikserve.grpc.proto.ServerMetadataResponse;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryModel;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.List;
import java.util.Objects;

/**
 * Events of a recording and their lines, and the messages that a client otherwise receives only.
 * Needs {@code protobuf-java-util}, which is optional.
 */
final class RecordingCodec {
  private RecordingCodec() {}

  /**
   * Checks that recordings can be written and read.
   *
   * @throws IllegalStateException if a library is missing
   */
  static void check() {
    try {
      Objects.requireNonNull(JsonFormat.parser());
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "recordings need com.google.protobuf:protobuf-java-util of the version of protobuf-java",
          e);
    }
  }

  /** Apart, so that the check finds what is missing. */
  private static final class Json {
    static final JsonFormat.Printer PRINTER =
        JsonFormat.printer().omittingInsignificantWhitespace().preservingProtoFieldNames();
    static final JsonFormat.Parser PARSER = JsonFormat.parser();
  }

  static String write(RecordedEvent event) {
    try {
      return Json.PRINTER.print(event);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a line.
   *
   * @throws InvalidProtocolBufferException if it is not the JSON of an event
   */
  static RecordedEvent read(String line) throws InvalidProtocolBufferException {
    RecordedEvent.Builder event = RecordedEvent.newBuilder();
    Json.PARSER.merge(line, event);
    return event.build();
  }

  /** Returns a response as a message. Its tensors have the form of a request's. */
  static ModelInferResponse encode(InferResponse response) {
    ModelInferRequest message =
        InferCodec.encode(
            new InferRequest(
                response.modelName(),
                response.modelVersion(),
                response.id(),
                response.parameters(),
                response.outputs()));
    return asResponse(message);
  }

  /** Returns a request; its inputs are decoded as outputs are. */
  static InferRequest decode(ModelInferRequest message) {
    InferResponse decoded = InferCodec.decode(asResponse(message));
    return new InferRequest(
        decoded.modelName(),
        decoded.modelVersion(),
        decoded.id(),
        decoded.parameters(),
        decoded.outputs());
  }

  /** The fields of both have the same numbers and types, but those of the raw contents. */
  private static ModelInferResponse asResponse(ModelInferRequest message) {
    ByteString fields = message.toBuilder().clearRawInputContents().build().toByteString();
    try {
      return ModelInferResponse.parseFrom(fields).toBuilder()
          .addAllRawOutputContents(message.getRawInputContentsList())
          .build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  static ServerMetadataResponse encode(ServerMetadata server) {
    return ServerMetadataResponse.newBuilder()
        .setName(server.name())
        .setVersion(server.version())
        .addAllExtensions(server.extensions())
        .build();
  }

  static ModelMetadataResponse encode(ModelMetadata model) {
    return ModelMetadataResponse.newBuilder()
        .setName(model.name())
        .addAllVersions(model.versions())
        .setPlatform(model.platform())
        .addAllInputs(model.inputs().stream().map(RecordingCodec::encode).toList())
        .addAllOutputs(model.outputs().stream().map(RecordingCodec::encode).toList())
        .build();
  }

  private static ModelMetadataResponse.TensorMetadata encode(TensorMetadata tensor) {
    return ModelMetadataResponse.TensorMetadata.newBuilder()
        .setName(tensor.name())
        .setDatatype(tensor.datatype())
        .addAllShape(tensor.shape())
        .build();
  }

  static ModelConfig encode(io.github.openaikserve.kserve.ModelConfig config, Redactor redactor) {
    var message =
        ModelConfig.newBuilder()
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
                    name,
                    ModelParameter.newBuilder()
                        .setStringValue(redactor.text(Redaction.Place.PARAMETER, name, value))
                        .build()));
    config
        .requiredInputs()
        .forEach(name -> message.addInput(ModelInput.newBuilder().setName(name)));
    return message.build();
  }

  static RepositoryIndexResponse encode(List<RepositoryModel> models) {
    var message = RepositoryIndexResponse.newBuilder();
    for (RepositoryModel model : models) {
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
