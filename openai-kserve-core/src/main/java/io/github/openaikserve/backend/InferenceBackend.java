package io.github.openaikserve.backend;

import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * A transport of inference calls to a model server. Thread-safe.
 *
 * <p>Only {@link #infer} must be implemented, so a lambda is enough. The metadata methods have
 * defaults that return an empty {@link Optional}, which means "unknown".
 */
@FunctionalInterface
public interface InferenceBackend extends AutoCloseable {

  /**
   * Returns a publisher of the responses to one call. It accepts one subscription.
   *
   * <p>Nothing is sent before subscription. Responses are signalled serially and never exceed the
   * demand. They arrive on any thread, including the transport's own threads, so subscribers must
   * not block. {@code MODEL_INFER} produces exactly one response. The stream ends by completing or
   * with one {@link io.github.openaikserve.error.BackendException}, or {@link
   * io.github.openaikserve.error.DialectException} for a response that cannot be read. Cancelling
   * the subscription cancels the call.
   */
  Flow.Publisher<InferResponse> infer(InferCall call);

  /**
   * Asks whether the server is ready.
   *
   * @return empty if the server does not implement the RPC; fails with {@link
   *     io.github.openaikserve.error.BackendException} if it cannot be reached or does not answer
   */
  default CompletionStage<Optional<Boolean>> ready() {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** Asks whether a model is ready; empty if the server does not report it. */
  default CompletionStage<Optional<Boolean>> modelReady(String modelName, String modelVersion) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** Asks for the server's metadata; empty if the server does not report it. */
  default CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** Asks for a model's metadata; empty if the server does not report it. */
  default CompletionStage<Optional<ModelMetadata>> modelMetadata(
      String modelName, String modelVersion) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** Asks for a model's configuration; empty if the server does not report it. */
  default CompletionStage<Optional<ModelConfig>> modelConfig(
      String modelName, String modelVersion) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** Asks for all models in the server's repository; empty if the server does not list them. */
  default CompletionStage<Optional<List<RepositoryIndexEntry>>> repositoryIndex() {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /**
   * Asks the server to load or reload a model of its repository. Completes when the model is
   * loaded.
   *
   * @return false if the server does not load models on request; fails with {@link
   *     io.github.openaikserve.error.BackendException} if loading this model fails
   */
  default CompletionStage<Boolean> loadModel(String modelName) {
    return CompletableFuture.completedFuture(false);
  }

  /**
   * Asks the server to unload a model. Completes when the server has accepted the request, which
   * may be before the model is unloaded.
   *
   * @return false if the server does not unload models on request; fails with {@link
   *     io.github.openaikserve.error.BackendException} if unloading this model fails
   */
  default CompletionStage<Boolean> unloadModel(String modelName) {
    return CompletableFuture.completedFuture(false);
  }

  /**
   * Closes the resources that this backend opened, never those passed to it. Closing it again has
   * no effect.
   */
  @Override
  default void close() {}
}
