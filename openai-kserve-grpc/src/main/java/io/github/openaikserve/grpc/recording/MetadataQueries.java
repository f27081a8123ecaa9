package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.grpc.internal.message.MetadataCodec;
import io.github.openaikserve.grpc.proto.RecordedEvent;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A backend that treats all metadata queries alike. */
abstract class MetadataQueries implements InferenceBackend {

  /**
   * A metadata query.
   *
   * @param name the name, the model and the version; the latter two are empty for the server
   * @param ask asks a backend
   * @param write sets the answer of an event
   * @param read returns the answer of an event
   */
  record Query<T>(
      List<String> name,
      Function<InferenceBackend, CompletionStage<Optional<T>>> ask,
      BiConsumer<RecordedEvent.Builder, T> write,
      Function<RecordedEvent, T> read) {}

  abstract <T> CompletionStage<Optional<T>> answer(Query<T> query);

  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    return answer(
        new Query<>(
            List.of("READY", "", ""),
            InferenceBackend::ready,
            RecordedEvent.Builder::setReady,
            RecordedEvent::getReady));
  }

  @Override
  public CompletionStage<Optional<Boolean>> modelReady(String name, String version) {
    return answer(
        new Query<>(
            List.of("MODEL_READY", name, version),
            backend -> backend.modelReady(name, version),
            RecordedEvent.Builder::setReady,
            RecordedEvent::getReady));
  }

  @Override
  public CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    return answer(
        new Query<>(
            List.of("SERVER_METADATA", "", ""),
            InferenceBackend::serverMetadata,
            (event, server) -> event.setServerMetadata(MetadataCodec.encode(server)),
            event -> MetadataCodec.decode(event.getServerMetadata())));
  }

  @Override
  public CompletionStage<Optional<ModelMetadata>> modelMetadata(String name, String version) {
    return answer(
        new Query<>(
            List.of("MODEL_METADATA", name, version),
            backend -> backend.modelMetadata(name, version),
            (event, model) -> event.setModelMetadata(MetadataCodec.encode(model)),
            event -> MetadataCodec.decode(event.getModelMetadata())));
  }

  @Override
  public CompletionStage<Optional<ModelConfig>> modelConfig(String name, String version) {
    return answer(
        new Query<>(
            List.of("MODEL_CONFIG", name, version),
            backend -> backend.modelConfig(name, version),
            (event, config) -> event.setModelConfig(MetadataCodec.encode(config)),
            event -> MetadataCodec.decode(event.getModelConfig())));
  }

  @Override
  public CompletionStage<Optional<List<RepositoryIndexEntry>>> repositoryIndex() {
    return answer(
        new Query<>(
            List.of("REPOSITORY_INDEX", "", ""),
            InferenceBackend::repositoryIndex,
            (event, models) -> event.setRepositoryIndex(MetadataCodec.encode(models)),
            event -> MetadataCodec.decode(event.getRepositoryIndex())));
  }
}
