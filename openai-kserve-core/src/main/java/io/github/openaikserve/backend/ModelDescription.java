package io.github.openaikserve.backend;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * All that a server tells about itself and one of its models. Immutable.
 *
 * @param modelName the model that was asked about
 * @param server empty where the server does not tell
 * @param metadata empty where the server does not tell, or does not know the model
 * @param config empty where the server does not tell: only Triton and Dynamo do
 */
public record ModelDescription(
    String modelName,
    Optional<ServerMetadata> server,
    Optional<ModelMetadata> metadata,
    Optional<ModelConfig> config) {

  /**
   * Asks the server, once for each of the three.
   *
   * @param modelVersion empty to let the server choose
   * @return fails with {@link io.github.openaikserve.error.BackendException} if it cannot be
   *     reached
   */
  public static CompletableFuture<ModelDescription> read(
      InferenceBackend backend, String modelName, String modelVersion) {
    CompletionStage<Optional<ModelMetadata>> metadata =
        ask(() -> backend.modelMetadata(modelName, modelVersion))
            .handle((told, failure) -> failure == null ? told : toldNothing(failure));
    // A server may keep these two to itself and still be as good as its word about the model.
    CompletionStage<Optional<ModelConfig>> config =
        ask(() -> backend.modelConfig(modelName, modelVersion))
            .exceptionally(ModelDescription::untold);
    return ask(backend::serverMetadata)
        .exceptionally(ModelDescription::untold)
        .thenCombine(
            metadata,
            (server, told) ->
                new ModelDescription(modelName, server, told, Optional.<ModelConfig>empty()))
        .thenCombine(
            config,
            (known, told) ->
                new ModelDescription(modelName, known.server(), known.metadata(), told))
        .toCompletableFuture();
  }

  /** Returns the backend's stage; a failed stage if the backend throws. */
  private static <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> question) {
    try {
      return question.get();
    } catch (Throwable e) { // backends of users may throw anything
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A server that fails when it is asked about a model tells nothing; one that is away fails. */
  private static Optional<ModelMetadata> toldNothing(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof BackendException backend
        && backend.backendCode() == BackendCode.INTERNAL) {
      return Optional.empty();
    }
    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  /** Nothing, unless the server was only too slow: what it is taken for must not depend on that. */
  private static <T> Optional<T> untold(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof BackendException late
        && late.backendCode() == BackendCode.DEADLINE_EXCEEDED) {
      throw new CompletionException(late);
    }
    return Optional.empty();
  }

  /** The declared inputs; empty where none are told, which may be all servers but Triton. */
  public List<TensorMetadata> inputs() {
    return metadata.map(ModelMetadata::inputs).orElse(List.of());
  }

  /** The declared outputs; empty where none are told. */
  public List<TensorMetadata> outputs() {
    return metadata.map(ModelMetadata::outputs).orElse(List.of());
  }

  /** The declared input of that name. */
  public Optional<TensorMetadata> input(String name) {
    return inputs().stream().filter(tensor -> tensor.name().equals(name)).findFirst();
  }

  /** Whether the model declares an input of that name. */
  public boolean declaresInput(String name) {
    return input(name).isPresent();
  }

  /** The server's name for itself; empty where it has none. */
  public String serverName() {
    return server.map(ServerMetadata::name).orElse("");
  }

  /** Whether the server is MLServer, whose streams are {@code MODEL_STREAM_INFER_BARE}. */
  public boolean isMlServer() {
    return serverName().equals("mlserver");
  }

  /** Whether the server is Triton. */
  public boolean isTriton() {
    return serverName().equals("triton");
  }

  /** Whether the server is Triton of that version or a newer one. */
  public boolean isTritonSince(int major, int minor) {
    if (!isTriton()) {
      return false;
    }
    String[] parts = server.map(ServerMetadata::version).orElse("").split("\\.", -1);
    try {
      int serverMajor = Integer.parseInt(parts[0]);
      int serverMinor = parts.length < 2 ? 0 : Integer.parseInt(parts[1]);
      return serverMajor > major || (serverMajor == major && serverMinor >= minor);
    } catch (NumberFormatException e) {
      return false; // a version of its builder's own
    }
  }
}
