package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.encoder.ClassifyRequest;
import io.github.openaikserve.encoder.ClassifyResponse;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The text classification resource: {@code /v1/classify}. Thread-safe.
 *
 * <p>Each method accepts a request object, or a function that configures a request builder. Inputs
 * that do not fit into one call to the server are split into several calls. The first failure
 * cancels the other calls. Use {@link OpenAiKServe#with} to set time limits, headers and ids.
 * Failures are reported as {@link OpenAiException}s.
 */
public final class Classify {
  private final Engine engine;
  private final ModelRegistry models;
  private final CallContext context;

  Classify(Engine engine, ModelRegistry models, CallContext context) {
    this.engine = engine;
    this.models = models;
    this.context = context;
  }

  /**
   * Returns the classes of the inputs. Blocks until they have arrived; an interrupt cancels the
   * calls.
   *
   * @throws OpenAiException if the request is invalid or the backend fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public ClassifyResponse create(ClassifyRequest request) {
    return Calls.await(createAsync(request));
  }

  /** Calls {@link #create(ClassifyRequest)} with the request that is built. */
  public ClassifyResponse create(Consumer<ClassifyRequest.Builder> request) {
    return create(build(request));
  }

  /**
   * Returns a future of the classes of the inputs. Cancelling it cancels the calls. Never throws:
   * an invalid request fails the future. Continuations run on threads of the backend and must not
   * block.
   */
  public CompletableFuture<ClassifyResponse> createAsync(ClassifyRequest request) {
    return Calls.whole(() -> engine.batches(BatchApi.CLASSIFICATION, request, context));
  }

  /** Calls {@link #createAsync(ClassifyRequest)} with the request that is built. */
  public CompletableFuture<ClassifyResponse> createAsync(
      Consumer<ClassifyRequest.Builder> request) {
    return Calls.whole(() -> engine.batches(BatchApi.CLASSIFICATION, build(request), context));
  }

  /**
   * Returns an explanation of what would be sent for a request. Sends nothing.
   *
   * @throws OpenAiException if the model is unknown or its dialect has not been detected yet;
   *     {@link #explainAsync} detects it. Other problems are part of the explanation
   */
  public Explanation explain(ClassifyRequest request) {
    return engine.explanations().of(BatchApi.CLASSIFICATION, request);
  }

  /**
   * Returns a future explanation. Queries the server if the model is unknown or its dialect has not
   * been detected.
   */
  public CompletableFuture<Explanation> explainAsync(ClassifyRequest request) {
    return Calls.explained(() -> models.find(request.model()), () -> explain(request));
  }

  private static ClassifyRequest build(Consumer<ClassifyRequest.Builder> request) {
    var builder = ClassifyRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
