package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.grpc.internal.MetadataCodec;
import io.github.openaikserve.grpc.proto.RecordedEvent;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import java.util.List;
import java.util.function.Function;

/**
 * A kind of metadata query, with the conversion of its answer to and from an event.
 *
 * @param <T> the type of the answer
 */
record MetadataQuery<T>(String name, Writer<T> writer, Function<RecordedEvent, T> reader) {
  static final MetadataQuery<Boolean> READY = ready("READY");
  static final MetadataQuery<Boolean> MODEL_READY = ready("MODEL_READY");
  static final MetadataQuery<ServerMetadata> SERVER_METADATA =
      new MetadataQuery<>(
          "SERVER_METADATA",
          (event, server, redactor) -> event.setServerMetadata(MetadataCodec.encode(server)),
          event -> MetadataCodec.decode(event.getServerMetadata()));
  static final MetadataQuery<ModelMetadata> MODEL_METADATA =
      new MetadataQuery<>(
          "MODEL_METADATA",
          (event, model, redactor) -> event.setModelMetadata(MetadataCodec.encode(model)),
          event -> MetadataCodec.decode(event.getModelMetadata()));
  static final MetadataQuery<ModelConfig> MODEL_CONFIG =
      new MetadataQuery<>(
          "MODEL_CONFIG",
          (event, model, redactor) ->
              event.setModelConfig(MetadataCodec.encode(redactor.config(model))),
          event -> MetadataCodec.decode(event.getModelConfig()));
  static final MetadataQuery<List<RepositoryIndexEntry>> REPOSITORY_INDEX =
      new MetadataQuery<>(
          "REPOSITORY_INDEX",
          (event, models, redactor) -> event.setRepositoryIndex(MetadataCodec.encode(models)),
          event -> MetadataCodec.decode(event.getRepositoryIndex()));

  interface Writer<T> {
    void write(RecordedEvent.Builder event, T answer, Redactor redactor);
  }

  private static MetadataQuery<Boolean> ready(String name) {
    return new MetadataQuery<>(
        name, (event, ready, redactor) -> event.setReady(ready), RecordedEvent::getReady);
  }
}
