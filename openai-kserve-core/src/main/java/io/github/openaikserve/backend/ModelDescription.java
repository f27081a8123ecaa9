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
 * The metadata that a server reports about itself and one of its models. Immutable.
 *
 * @param modelName the name of the model in the query
 * @param server empty if the server does not report it
 * @param metadata empty if the server does not report it or does not know the model
 * @param config empty if the server does not report it; only Triton and Dynamo do
 */
public record ModelDescription(
    String modelName,
    Optional<ServerMetadata> server,
    Optional<ModelMetadata> metadata,
    Optional<ModelConfig> config) {

  /**
   * Queries the server for its metadata, the model's metadata and the model's configuration.
   *
   * @param modelVersion empty to let the server choose
   * @return fails with {@link io.github.openaikserve.error.BackendException} if the server cannot
   *     be reached
   */
  public static CompletableFuture<ModelDescription> read(
      InferenceBackend backend, String modelName, String modelVersion) {
    CompletionStage<Optional<ModelMetadata>> metadata =
        ask(() -> backend.modelMetadata(modelName, modelVersion))
            .handle(
                (reported, failure) ->
                    failure == null ? reported : withoutTensors(modelName, failure));
    // The other two are optional: the model's metadata is enough to detect a dialect.
    CompletionStage<Optional<ModelConfig>> config =
        ask(() -> backend.modelConfig(modelName, modelVersion))
            .exceptionally(ModelDescription::notReported);
    return ask(backend::serverMetadata)
        .exceptionally(ModelDescription::notReported)
        .thenCombine(
            metadata,
            (server, reported) ->
                new ModelDescription(modelName, server, reported, Optional.<ModelConfig>empty()))
        .thenCombine(
            config,
            (known, reported) ->
                new ModelDescription(modelName, known.server(), known.metadata(), reported))
        .toCompletableFuture();
  }

  /** Returns the backend's stage, or a failed stage if the backend throws. */
  private static <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> question) {
    try {
      return question.get();
    } catch (Throwable e) { // user-supplied backends may throw anything
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Returns metadata without tensors if the server reported an internal error: it has the model but
   * cannot describe it. Rethrows any other failure.
   *
   * <p>Source: {@code kserve/kserve}: {@code python/kserve/kserve/protocol/dataplane.py}, which
   * fails if the model's class does not implement the method that declares its tensors.
   */
  private static Optional<ModelMetadata> withoutTensors(String model, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof BackendException backend
        && backend.backendCode() == BackendCode.INTERNAL) {
      return Optional.of(new ModelMetadata(model, List.of(), "", List.of(), List.of()));
    }
    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  /**
   * Returns empty for a permanent failure and rethrows a temporary one. The result of detection
   * must not depend on the server's speed or load.
   */
  private static <T> Optional<T> notReported(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof BackendException temporary && isTemporary(temporary.backendCode())) {
      throw new CompletionException(temporary);
    }
    return Optional.empty();
  }

  private static boolean isTemporary(BackendCode code) {
    return switch (code) {
      case DEADLINE_EXCEEDED, UNAVAILABLE, RESOURCE_EXHAUSTED, CANCELLED, ABORTED -> true;
      default -> false;
    };
  }

  /** Returns the declared inputs; empty if the server reports none, as many servers do. */
  public List<TensorMetadata> inputs() {
    return metadata.map(ModelMetadata::inputs).orElse(List.of());
  }

  /** Returns the declared outputs; empty if the server reports none. */
  public List<TensorMetadata> outputs() {
    return metadata.map(ModelMetadata::outputs).orElse(List.of());
  }

  /** Returns the declared input of this name. */
  public Optional<TensorMetadata> input(String name) {
    return inputs().stream().filter(tensor -> tensor.name().equals(name)).findFirst();
  }

  /** Returns whether the model declares an input of this name. */
  public boolean declaresInput(String name) {
    return input(name).isPresent();
  }

  /** Returns the server's name; empty if the server reports none. */
  public String serverName() {
    return server.map(ServerMetadata::name).orElse("");
  }

  /**
   * Returns whether the server is MLServer, which streams the message type of {@code
   * MODEL_STREAM_INFER_UNWRAPPED}.
   */
  public boolean isMlServer() {
    return serverName().equals("mlserver");
  }

  /** Returns whether the server is Triton. */
  public boolean isTriton() {
    return serverName().equals("triton");
  }

  /** Returns whether the server is Triton of the given version or newer. */
  public boolean isTritonSince(int major, int minor) {
    return tritonVersion().filter(version -> !isBefore(version, major, minor)).isPresent();
  }

  /** Returns whether the server is Triton older than the given version. */
  public boolean isTritonBefore(int major, int minor) {
    return tritonVersion().filter(version -> isBefore(version, major, minor)).isPresent();
  }

  private static boolean isBefore(int[] version, int major, int minor) {
    return version[0] < major || (version[0] == major && version[1] < minor);
  }

  /**
   * Returns the first two numbers of Triton's version; empty for another server or an unknown
   * version format.
   */
  private Optional<int[]> tritonVersion() {
    if (!isTriton()) {
      return Optional.empty();
    }
    String[] parts = server.map(ServerMetadata::version).orElse("").split("\\.", -1);
    try {
      int minor = parts.length < 2 ? 0 : Integer.parseInt(parts[1]);
      return Optional.of(new int[] {Integer.parseInt(parts[0]), minor});
    } catch (NumberFormatException e) {
      return Optional.empty(); // a custom version
    }
  }
}
