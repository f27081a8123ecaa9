package io.github.openaikserve;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.GeneratedAnswer;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CreateCompletionRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * {@code /v1/completions}: texts continued. Thread-safe.
 *
 * <p>Whether an answer is streamed is decided by the method; the request's own {@code stream} is
 * not looked at. Failures are {@link OpenAiException}s.
 */
public final class Completions {
  private final Engine engine;

  Completions(Engine engine) {
    this.engine = engine;
  }

  /**
   * The whole answer; blocks until it is there. An interrupt cancels the call.
   *
   * @throws OpenAiException if the request is wrong or the backend fails; it carries the {@link
   *     OpenAiException#partialText text} that had come
   * @throws java.util.concurrent.CancellationException if the thread is interrupted, which it stays
   */
  public Completion create(CreateCompletionRequest request) {
    return create(request, RequestOptions.NONE);
  }

  /** The same with time limits, an id or headers for this request alone. */
  public Completion create(CreateCompletionRequest request, RequestOptions options) {
    return Blocking.await(createAsync(request, options));
  }

  /** The same with the request made in place. */
  public Completion create(Consumer<CreateCompletionRequest.Builder> request) {
    return create(build(request));
  }

  /**
   * The whole answer, later; cancelling the future cancels the call. Continuations run on the
   * backend's threads and must not block.
   */
  public CompletableFuture<Completion> createAsync(CreateCompletionRequest request) {
    return createAsync(request, RequestOptions.NONE);
  }

  /** The same with time limits, an id or headers for this request alone. */
  public CompletableFuture<Completion> createAsync(
      CreateCompletionRequest request, RequestOptions options) {
    return Calls.whole(engine.completion(request, false, options.context()));
  }

  /** The same with the request made in place. */
  public CompletableFuture<Completion> createAsync(
      Consumer<CreateCompletionRequest.Builder> request) {
    return createAsync(build(request));
  }

  /**
   * The answer in pieces, to be read in a loop that blocks; close it to cancel the rest.
   *
   * @throws OpenAiException if the request is wrong; what fails later is thrown while reading
   */
  public ChunkStream<Completion> stream(CreateCompletionRequest request) {
    return stream(request, RequestOptions.NONE);
  }

  /** The same with time limits, an id or headers for this request alone. */
  public ChunkStream<Completion> stream(CreateCompletionRequest request, RequestOptions options) {
    GeneratedAnswer<Completion, Completion> call =
        Blocking.await(engine.completion(request, true, options.context()));
    return new ChunkStream<>(call.chunks(), call.droppedParams());
  }

  /** The same with the request made in place. */
  public ChunkStream<Completion> stream(Consumer<CreateCompletionRequest.Builder> request) {
    return stream(build(request));
  }

  /**
   * The answer in pieces, for one subscriber, whose demand reaches the model server: nothing is
   * sent before it subscribes. It is called on the backend's threads and must not block.
   */
  public Flow.Publisher<Completion> streamAsync(CreateCompletionRequest request) {
    return streamAsync(request, RequestOptions.NONE);
  }

  /** The same with time limits, an id or headers for this request alone. */
  public Flow.Publisher<Completion> streamAsync(
      CreateCompletionRequest request, RequestOptions options) {
    return Calls.streamed(() -> engine.completion(request, true, options.context()));
  }

  /** The same with the request made in place. */
  public Flow.Publisher<Completion> streamAsync(Consumer<CreateCompletionRequest.Builder> request) {
    return streamAsync(build(request));
  }

  private static CreateCompletionRequest build(Consumer<CreateCompletionRequest.Builder> request) {
    var builder = CreateCompletionRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
