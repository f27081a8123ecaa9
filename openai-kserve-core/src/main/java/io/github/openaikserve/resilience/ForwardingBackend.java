package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A backend that wraps another one and forwards all metadata queries to it. Closing it closes the
 * wrapped backend.
 */
abstract class ForwardingBackend implements InferenceBackend {
  private final InferenceBackend backend;

  ForwardingBackend(InferenceBackend backend) {
    this.backend = Objects.requireNonNull(backend, "backend");
  }

  final InferenceBackend backend() {
    return backend;
  }

  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    return backend.ready();
  }

  @Override
  public final CompletionStage<Optional<Boolean>> modelReady(
      String modelName, String modelVersion) {
    return backend.modelReady(modelName, modelVersion);
  }

  @Override
  public final CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    return backend.serverMetadata();
  }

  @Override
  public final CompletionStage<Optional<ModelMetadata>> modelMetadata(
      String modelName, String modelVersion) {
    return backend.modelMetadata(modelName, modelVersion);
  }

  @Override
  public final CompletionStage<Optional<ModelConfig>> modelConfig(
      String modelName, String modelVersion) {
    return backend.modelConfig(modelName, modelVersion);
  }

  @Override
  public final CompletionStage<Optional<List<RepositoryIndexEntry>>> repositoryIndex() {
    return backend.repositoryIndex();
  }

  @Override
  public final CompletionStage<Boolean> loadModel(String modelName) {
    return backend.loadModel(modelName);
  }

  @Override
  public final CompletionStage<Boolean> unloadModel(String modelName) {
    return backend.unloadModel(modelName);
  }

  @Override
  public void close() {
    backend.close();
  }
}
