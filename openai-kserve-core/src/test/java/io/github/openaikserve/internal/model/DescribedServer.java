package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A server that declares the tensors of its models and counts how often it is asked. */
public final class DescribedServer implements InferenceBackend {
  public final AtomicInteger listings = new AtomicInteger();
  public final AtomicInteger descriptions = new AtomicInteger();
  private final Map<String, ModelMetadata> models = new LinkedHashMap<>();
  private final Map<String, ModelMetadata> unloaded = new LinkedHashMap<>();
  private boolean reachable = true;
  private Runnable onListing = () -> {};
  private boolean silent;
  private boolean throwing;
  private boolean configThrows;

  public DescribedServer has(
      String name, List<TensorMetadata> inputs, List<TensorMetadata> outputs) {
    models.put(name, new ModelMetadata(name, List.of("1"), "python", inputs, outputs));
    return this;
  }

  public DescribedServer hasText(String name) {
    return has(name, List.of(text("prompt")), List.of(text("text")));
  }

  public DescribedServer hasPictures(String name) {
    return has(
        name,
        List.of(new TensorMetadata("pixels", "FP32", List.of(3L, 224L, 224L))),
        List.of(new TensorMetadata("classes", "FP32", List.of(1000L))));
  }

  public DescribedServer hasVectors(String name) {
    return has(
        name,
        List.of(text("sentence")),
        List.of(new TensorMetadata("vector", "FP32", List.of(-1L, 2L))));
  }

  /** Lists a model that is not loaded. */
  public DescribedServer hasUnloadedText(String name) {
    hasText(name);
    return lacks(name);
  }

  @Override
  public CompletionStage<Boolean> loadModel(String name) {
    ModelMetadata model = unloaded.remove(name);
    if (model != null) {
      models.put(name, model);
    }
    return models.containsKey(name)
        ? told(true)
        : CompletableFuture.failedFuture(
            new BackendException(BackendCode.INVALID_ARGUMENT, "failed to load '" + name + "'"));
  }

  @Override
  public CompletionStage<Boolean> unloadModel(String name) {
    lacks(name);
    return told(true);
  }

  /** Unloads a model. */
  public DescribedServer lacks(String name) {
    ModelMetadata model = models.remove(name);
    if (model != null) {
      unloaded.put(name, model);
    }
    return this;
  }

  public DescribedServer reachable(boolean isReachable) {
    reachable = isReachable;
    return this;
  }

  /** Makes the server leave questions unanswered. */
  public DescribedServer silent(boolean isSilent) {
    silent = isSilent;
    return this;
  }

  /** Runs an action after each listing. */
  public DescribedServer onListing(Runnable action) {
    onListing = action;
    return this;
  }

  /** Makes the backend throw instead of failing the stage. */
  public DescribedServer throwing() {
    throwing = true;
    return this;
  }

  /** Makes the backend throw when it is asked for a model's configuration, which is optional. */
  public DescribedServer configThrows() {
    configThrows = true;
    return this;
  }

  public static TensorMetadata text(String name) {
    return new TensorMetadata(name, "BYTES", List.of(1L));
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    String model = call.request().modelName();
    return Publishers.fromIterable(List.of(InferResponse.of(Tensor.text("text", "from " + model))));
  }

  @Override
  public CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    return told(Optional.of(new ServerMetadata("triton", "2.60.0", List.of())));
  }

  @Override
  public CompletionStage<Optional<ModelMetadata>> modelMetadata(String name, String version) {
    descriptions.incrementAndGet();
    return told(Optional.ofNullable(models.get(name)));
  }

  @Override
  public CompletionStage<Optional<ModelConfig>> modelConfig(String name, String version) {
    if (configThrows) {
      throw new UnsupportedOperationException("no such procedure");
    }
    return told(Optional.empty());
  }

  @Override
  public CompletionStage<Optional<List<RepositoryIndexEntry>>> repositoryIndex() {
    listings.incrementAndGet();
    CompletionStage<Optional<List<RepositoryIndexEntry>>> listing =
        told(
            Optional.of(
                Stream.concat(
                        models.keySet().stream()
                            .map(name -> new RepositoryIndexEntry(name, "1", "READY", "")),
                        unloaded.keySet().stream()
                            .map(
                                name ->
                                    new RepositoryIndexEntry(name, "1", "UNAVAILABLE", "unloaded")))
                    .toList()));
    onListing.run();
    return listing;
  }

  private <T> CompletionStage<T> told(T what) {
    if (throwing) {
      throw new LinkageError("a library is missing");
    }
    if (silent) {
      return new CompletableFuture<>();
    }
    return reachable
        ? CompletableFuture.completedFuture(what)
        : CompletableFuture.failedFuture(
            new BackendException(BackendCode.UNAVAILABLE, "nobody listens"));
  }
}
