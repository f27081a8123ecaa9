package io.github.openaikserve;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.GeneratedAnswer;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * {@code /v1/chat/completions}: answers to conversations. Thread-safe.
 *
 * <p>Whether an answer is streamed is decided by the method; the request's own {@code stream} is
 * not looked at. Failures are {@link OpenAiException}s.
 */
public final class ChatCompletions {
  private final Engine engine;

  ChatCompletions(Engine engine) {
    this.engine = engine;
  }

  /**
   * The whole answer; blocks until it is there. An interrupt cancels the call.
   *
   * @throws OpenAiException if the request is wrong or the backend fails; it carries the {@link
   *     OpenAiException#partialText text} that had come
   * @throws java.util.concurrent.CancellationException if the thread is interrupted, which it stays
   */
  public ChatCompletion create(CreateChatCompletionRequest request) {
    return create(request, RequestOptions.NONE);
  }

  /** The same with time limits, an id or headers for this request alone. */
  public ChatCompletion create(CreateChatCompletionRequest request, RequestOptions options) {
    return Blocking.await(createAsync(request, options));
  }

  /** The same with the request made in place. */
  public ChatCompletion create(Consumer<CreateChatCompletionRequest.Builder> request) {
    return create(build(request));
  }

  /**
   * The whole answer, later; cancelling the future cancels the call. Continuations run on the
   * backend's threads and must not block.
   */
  public CompletableFuture<ChatCompletion> createAsync(CreateChatCompletionRequest request) {
    return createAsync(request, RequestOptions.NONE);
  }

  /** The same with time limits, an id or headers for this request alone. */
  public CompletableFuture<ChatCompletion> createAsync(
      CreateChatCompletionRequest request, RequestOptions options) {
    return Calls.whole(engine.chat(request, false, options.context()));
  }

  /** The same with the request made in place. */
  public CompletableFuture<ChatCompletion> createAsync(
      Consumer<CreateChatCompletionRequest.Builder> request) {
    return createAsync(build(request));
  }

  /**
   * The answer in chunks, to be read in a loop that blocks; close it to cancel the rest.
   *
   * @throws OpenAiException if the request is wrong; what fails later is thrown while reading
   */
  public ChunkStream<ChatCompletionChunk> stream(CreateChatCompletionRequest request) {
    return stream(request, RequestOptions.NONE);
  }

  /** The same with time limits, an id or headers for this request alone. */
  public ChunkStream<ChatCompletionChunk> stream(
      CreateChatCompletionRequest request, RequestOptions options) {
    GeneratedAnswer<ChatCompletionChunk, ChatCompletion> call =
        Blocking.await(engine.chat(request, true, options.context()));
    return new ChunkStream<>(call.chunks(), call.droppedParams());
  }

  /** The same with the request made in place. */
  public ChunkStream<ChatCompletionChunk> stream(
      Consumer<CreateChatCompletionRequest.Builder> request) {
    return stream(build(request));
  }

  /**
   * The answer in chunks, for one subscriber, whose demand reaches the model server: nothing is
   * sent before it subscribes. It is called on the backend's threads and must not block.
   */
  public Flow.Publisher<ChatCompletionChunk> streamAsync(CreateChatCompletionRequest request) {
    return streamAsync(request, RequestOptions.NONE);
  }

  /** The same with time limits, an id or headers for this request alone. */
  public Flow.Publisher<ChatCompletionChunk> streamAsync(
      CreateChatCompletionRequest request, RequestOptions options) {
    return Calls.streamed(() -> engine.chat(request, true, options.context()));
  }

  /** The same with the request made in place. */
  public Flow.Publisher<ChatCompletionChunk> streamAsync(
      Consumer<CreateChatCompletionRequest.Builder> request) {
    return streamAsync(build(request));
  }

  private static CreateChatCompletionRequest build(
      Consumer<CreateChatCompletionRequest.Builder> request) {
    var builder = CreateChatCompletionRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
