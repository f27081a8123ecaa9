package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.grpc.internal.MetadataCodec;
import io.github.openaikserve.grpc.proto.RecordedEvent;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryModel;
import io.github.openaikserve.kserve.ServerMetadata;
import java.util.List;
import java.util.function.Function;

/**
 * A question about a server, and its answer in an event.
 *
 * @param <T> the answer
 */
record Question<T>(String name, Writer<T> writer, Function<RecordedEvent, T> reader) {
  static final Question<Boolean> READY = ready("READY");
  static final Question<Boolean> MODEL_READY = ready("MODEL_READY");
  static final Question<ServerMetadata> SERVER_METADATA =
      new Question<>(
          "SERVER_METADATA",
          (event, server, redactor) -> event.setServerMetadata(MetadataCodec.encode(server)),
          event -> MetadataCodec.decode(event.getServerMetadata()));
  static final Question<ModelMetadata> MODEL_METADATA =
      new Question<>(
          "MODEL_METADATA",
          (event, model, redactor) -> event.setModelMetadata(MetadataCodec.encode(model)),
          event -> MetadataCodec.decode(event.getModelMetadata()));
  static final Question<ModelConfig> MODEL_CONFIG =
      new Question<>(
          "MODEL_CONFIG",
          (event, model, redactor) ->
              event.setModelConfig(MetadataCodec.encode(redactor.config(model))),
          event -> MetadataCodec.decode(event.getModelConfig()));
  static final Question<List<RepositoryModel>> REPOSITORY_INDEX =
      new Question<>(
          "REPOSITORY_INDEX",
          (event, models, redactor) -> event.setRepositoryIndex(MetadataCodec.encode(models)),
          event -> MetadataCodec.decode(event.getRepositoryIndex()));

  interface Writer<T> {
    void write(RecordedEvent.Builder event, T answer, Redactor redactor);
  }

  private static Question<Boolean> ready(String name) {
    return new Question<>(
        name, (event, ready, redactor) -> event.setReady(ready), RecordedEvent::getReady);
  }
}
