package io.github.openaikserve.backend;

import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryModel;
import io.github.openaikserve.kserve.ServerMetadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Carries inference calls to a model server. Thread-safe.
 *
 * <p>Only {@link #infer} must be implemented, so a lambda will do. What a server tells about itself
 * has default methods that answer "unknown": an empty {@link Optional}.
 */
@FunctionalInterface
public interface InferenceBackend extends AutoCloseable {

  /**
   * The responses to one call, as a publisher to be subscribed to once.
   *
   * <p>Nothing is sent before subscription. At most the demanded number of responses is signalled,
   * serially, on any thread, which may be one of the transport's: subscribers must not block.
   * {@code MODEL_INFER} gives exactly one response. The stream ends with completion or with one
   * {@link io.github.openaikserve.error.BackendException} (or {@link
   * io.github.openaikserve.error.DialectException} for an answer that cannot be read); cancelling
   * the subscription cancels the call.
   */
  Flow.Publisher<InferResponse> infer(InferCall call);

  /**
   * Asks whether the server is ready.
   *
   * @return empty when the server has no such procedure; fails with {@link
   *     io.github.openaikserve.error.BackendException} when it cannot be reached or does not answer
   */
  default CompletionStage<Optional<Boolean>> ready() {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** Whether the server says the model is ready; empty when it does not say. */
  default CompletionStage<Optional<Boolean>> modelReady(String modelName, String modelVersion) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** What the server tells about itself; empty when it does not. */
  default CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** What the server tells about a model; empty when it does not. */
  default CompletionStage<Optional<ModelMetadata>> modelMetadata(
      String modelName, String modelVersion) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** How the server was told to run a model; empty when it does not say. */
  default CompletionStage<Optional<ModelConfig>> modelConfig(
      String modelName, String modelVersion) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** The models in the server's repository, ready or not; empty when it does not say. */
  default CompletionStage<Optional<List<RepositoryModel>>> repositoryIndex() {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** Ends what this backend opened, never what it was given. Does nothing the second time. */
  @Override
  default void close() {}
}
