package io.github.openaikserve;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * {@code /v1/embeddings}: inputs turned into vectors. Thread-safe.
 *
 * <p>Inputs that do not fit into one call to the server are sent in several; the first failure
 * cancels the others. Failures are {@link OpenAiException}s.
 */
public final class Embeddings {
  private final Engine engine;

  Embeddings(Engine engine) {
    this.engine = engine;
  }

  /**
   * The vectors; blocks until they are there. An interrupt cancels the calls.
   *
   * @throws OpenAiException if the request is wrong or the backend fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted, which it stays
   */
  public CreateEmbeddingResponse create(CreateEmbeddingRequest request) {
    return create(request, RequestOptions.NONE);
  }

  /** The same with time limits, an id or headers for this request alone. */
  public CreateEmbeddingResponse create(CreateEmbeddingRequest request, RequestOptions options) {
    return Blocking.await(createAsync(request, options));
  }

  /** The same with the request made in place. */
  public CreateEmbeddingResponse create(Consumer<CreateEmbeddingRequest.Builder> request) {
    return create(build(request));
  }

  /**
   * The vectors, later; cancelling the future cancels the calls. Continuations run on the backend's
   * threads and must not block.
   */
  public CompletableFuture<CreateEmbeddingResponse> createAsync(CreateEmbeddingRequest request) {
    return createAsync(request, RequestOptions.NONE);
  }

  /** The same with time limits, an id or headers for this request alone. */
  public CompletableFuture<CreateEmbeddingResponse> createAsync(
      CreateEmbeddingRequest request, RequestOptions options) {
    return Calls.whole(engine.embedding(request, options.context()));
  }

  /** The same with the request made in place. */
  public CompletableFuture<CreateEmbeddingResponse> createAsync(
      Consumer<CreateEmbeddingRequest.Builder> request) {
    return createAsync(build(request));
  }

  private static CreateEmbeddingRequest build(Consumer<CreateEmbeddingRequest.Builder> request) {
    var builder = CreateEmbeddingRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
