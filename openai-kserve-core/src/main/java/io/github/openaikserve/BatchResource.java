package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.AbstractRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The operations of a resource whose answers are computed from tensors and not generated.
 * Thread-safe.
 *
 * @param <R> a request
 * @param <B> a request's builder
 * @param <A> an answer
 */
abstract sealed class BatchResource<R extends AbstractRequest, B, A>
    permits Classify, Embeddings, Moderations, Rerank, Score {
  private final BatchApi<R, A> api;
  private final Supplier<B> builder;
  private final Function<B, R> build;
  private final Engine engine;
  private final ModelRegistry models;
  private final CallContext context;

  /**
   * Creates a resource.
   *
   * @param builder creates a request builder
   * @param build returns the request of a builder
   */
  BatchResource(
      BatchApi<R, A> api,
      Supplier<B> builder,
      Function<B, R> build,
      Engine engine,
      ModelRegistry models,
      CallContext context) {
    this.api = api;
    this.builder = builder;
    this.build = build;
    this.engine = engine;
    this.models = models;
    this.context = context;
  }

  /**
   * Returns the answer. Blocks until it has arrived; an interrupt cancels the calls to the server.
   *
   * @throws OpenAiException if the request is invalid or the backend fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public A create(R request) {
    return Calls.await(createAsync(request));
  }

  /** Calls {@link #create(AbstractRequest)} with the request that is built. */
  public A create(Consumer<B> request) {
    return create(built(request));
  }

  /**
   * Returns a future of the answer. Cancelling it cancels the calls to the server. Never throws: an
   * invalid request fails the future. Continuations run on threads of the backend and must not
   * block.
   */
  public CompletableFuture<A> createAsync(R request) {
    return Calls.whole(() -> engine.batches(api, request, context));
  }

  /** Calls {@link #createAsync(AbstractRequest)} with the request that is built. */
  public CompletableFuture<A> createAsync(Consumer<B> request) {
    return Calls.whole(() -> engine.batches(api, built(request), context));
  }

  /**
   * Returns an explanation of what would be sent for a request. Sends nothing.
   *
   * @throws OpenAiException if the model is unknown or its dialect has not been detected yet;
   *     {@link #explainAsync} detects it. Other problems are part of the explanation
   */
  public Explanation explain(R request) {
    return engine.explanations().of(api, request);
  }

  /**
   * Returns a future explanation. Queries the server if the model is unknown or its dialect has not
   * been detected.
   */
  public CompletableFuture<Explanation> explainAsync(R request) {
    return Calls.explained(() -> models.find(request.model()), () -> explain(request));
  }

  private R built(Consumer<B> configure) {
    B request = builder.get();
    configure.accept(request);
    return build.apply(request);
  }
}
