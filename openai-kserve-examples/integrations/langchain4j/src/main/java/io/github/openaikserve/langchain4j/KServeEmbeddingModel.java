package io.github.openaikserve.langchain4j;

import dev.langchain4j.model.embedding.DimensionAwareEmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import io.github.openaikserve.Embeddings;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.error.OpenAiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An embedding model over a service in this process. Thread-safe.
 *
 * <p>More than 2,048 texts are sent in several requests: sequentially by the blocking methods,
 * concurrently by the asynchronous ones. Failures are mapped as by {@link KServeChatModel}; the
 * first one ends the call.
 */
public final class KServeEmbeddingModel extends DimensionAwareEmbeddingModel {
  private final Embeddings embeddings;
  private final EmbeddingRequestParameters defaults;
  private final List<EmbeddingModelListener> listeners;
  private final Executor executor;

  private KServeEmbeddingModel(Builder builder) {
    embeddings = builder.openai.embeddings();
    defaults = builder.defaults();
    listeners = List.copyOf(builder.listeners);
    executor = builder.executor;
    dimension = builder.dimensions;
  }

  /** Returns a builder of models. Closing the service remains the caller's responsibility. */
  public static Builder builder(OpenAiKServe openai) {
    return new Builder(openai);
  }

  @Override
  public EmbeddingResponse doEmbed(EmbeddingRequest request) {
    try {
      return EmbeddingBatches.response(
          EmbeddingBatches.requests(request).stream().map(embeddings::create).toList());
    } catch (OpenAiException e) {
      throw Failures.mapped(e);
    }
  }

  /**
   * Returns a future of the vectors, which completes on the executor of the model. Cancelling it
   * cancels the calls. LangChain4j calls this from version 1.20 on.
   */
  @Override
  public CompletableFuture<EmbeddingResponse> doEmbedAsync(EmbeddingRequest request) {
    return Failures.mapped(
        () ->
            AllOf.future(
                EmbeddingBatches.requests(request).stream().map(embeddings::createAsync).toList()),
        EmbeddingBatches::response,
        executor);
  }

  @Override
  public EmbeddingRequestParameters defaultRequestParameters() {
    return defaults;
  }

  @Override
  public Set<EmbeddingParameter<?>> supportedParameters() {
    return Set.of(EmbeddingRequestParameters.MODEL_NAME, EmbeddingRequestParameters.DIMENSIONS);
  }

  @Override
  public List<EmbeddingModelListener> listeners() {
    return listeners;
  }

  /** Returns the name of the model that was set; empty for the service's default model. */
  @Override
  public String modelName() {
    String name = defaults.modelName();
    return name == null ? "" : name;
  }

  /** A builder of models. Not thread-safe. */
  public static final class Builder {
    private final OpenAiKServe openai;
    private final List<EmbeddingModelListener> listeners = new ArrayList<>();
    private @Nullable String modelName;
    private @Nullable Integer dimensions;
    private Executor executor = CallbackThreads.SHARED;

    private Builder(OpenAiKServe openai) {
      this.openai = Objects.requireNonNull(openai, "openai");
    }

    /** Sets the model of requests without one (default: the service's default model). */
    public Builder modelName(@Nullable String modelName) {
      this.modelName = modelName;
      return this;
    }

    /** Sets the number of dimensions of the vectors, at least 1 (default: null, the model's). */
    public Builder dimensions(@Nullable Integer dimensions) {
      this.dimensions = dimensions;
      return this;
    }

    /** Adds a listener of requests, responses and failures. */
    public Builder listener(EmbeddingModelListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Sets the executor of continuations, which may block (default: one daemon thread for each
     * running callback; idle threads end after ten seconds).
     */
    public Builder executor(Executor executor) {
      this.executor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    private EmbeddingRequestParameters defaults() {
      var defaults = EmbeddingRequestParameters.builder();
      if (modelName != null) {
        defaults.modelName(modelName);
      }
      if (dimensions != null) {
        defaults.dimensions(dimensions);
      }
      return defaults.build();
    }

    /** Builds the model. */
    public KServeEmbeddingModel build() {
      return new KServeEmbeddingModel(this);
    }
  }
}
