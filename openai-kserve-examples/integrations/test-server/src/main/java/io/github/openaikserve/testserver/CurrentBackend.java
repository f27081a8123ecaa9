package io.github.openaikserve.testserver;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** A backend that delegates to the one that the test currently uses. Thread-safe. */
final class CurrentBackend implements InferenceBackend {
  private volatile InferenceBackend backend;

  CurrentBackend(InferenceBackend backend) {
    this.backend = backend;
  }

  void use(InferenceBackend backend) {
    this.backend = backend;
  }

  InferenceBackend get() {
    return backend;
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return backend.infer(call);
  }

  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    return backend.ready();
  }

  @Override
  public CompletionStage<Optional<Boolean>> modelReady(String modelName, String modelVersion) {
    return backend.modelReady(modelName, modelVersion);
  }

  @Override
  public CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    return backend.serverMetadata();
  }

  @Override
  public CompletionStage<Optional<ModelMetadata>> modelMetadata(
      String modelName, String modelVersion) {
    return backend.modelMetadata(modelName, modelVersion);
  }

  @Override
  public CompletionStage<Optional<ModelConfig>> modelConfig(String modelName, String modelVersion) {
    return backend.modelConfig(modelName, modelVersion);
  }

  @Override
  public CompletionStage<Optional<List<RepositoryIndexEntry>>> repositoryIndex() {
    return backend.repositoryIndex();
  }
}
