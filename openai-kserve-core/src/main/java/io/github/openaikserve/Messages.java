package io.github.openaikserve;

import io.github.openaikserve.anthropic.CreateMessageRequest;
import io.github.openaikserve.anthropic.Message;
import io.github.openaikserve.anthropic.MessageStreamEvent;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.messages.MessageService;
import io.github.openaikserve.internal.request.CallContext;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The resource of Anthropic's Messages API: {@code /v1/messages}. Thread-safe.
 *
 * <p>Each method accepts a request object, or a function that configures a request builder. The
 * method, not the request's {@code stream} field, decides whether the answer is streamed. Use
 * {@link OpenAiKServe#with} to set time limits, headers and ids. Failures are reported as {@link
 * OpenAiException}s.
 *
 * <pre>{@code
 * Message message = openai.messages().create(r -> r.maxTokens(100).user("What is a tensor?"));
 * }</pre>
 */
public final class Messages {
  private final MessageService service;
  private final CallContext context;

  Messages(MessageService service, CallContext context) {
    this.service = service;
    this.context = context;
  }

  /**
   * Returns the whole message. Blocks until it has arrived; an interrupt cancels the call.
   *
   * @throws OpenAiException if the request is invalid or the backend fails; the exception carries
   *     the {@link OpenAiException#partialText text} received before the failure
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public Message create(CreateMessageRequest request) {
    return Calls.await(createAsync(request));
  }

  /** Calls {@link #create(CreateMessageRequest)} with the request that is built. */
  public Message create(Consumer<CreateMessageRequest.Builder> request) {
    return create(build(request));
  }

  /**
   * Returns a future of the whole message. Cancelling it cancels the call. Never throws: an invalid
   * request fails the future. Continuations run on threads of the backend and must not block.
   */
  public CompletableFuture<Message> createAsync(CreateMessageRequest request) {
    return Calls.whole(() -> service.answer(request, false, context));
  }

  /** Calls {@link #createAsync(CreateMessageRequest)} with the request that is built. */
  public CompletableFuture<Message> createAsync(Consumer<CreateMessageRequest.Builder> request) {
    return Calls.whole(() -> service.answer(build(request), false, context));
  }

  /**
   * Returns the events of the message, for reading in a blocking loop. Closing it cancels the rest
   * of the call.
   *
   * <p>Blocks until the model is found, which usually needs no query. The time limits start now,
   * the call starts when reading begins.
   *
   * @throws OpenAiException if the request is invalid; later failures are thrown while reading
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public ChunkStream<MessageStreamEvent> stream(CreateMessageRequest request) {
    var call = Calls.await(service.answer(request, true, context));
    return new ChunkStream<>(call.chunks(), call.droppedParams());
  }

  /** Calls {@link #stream(CreateMessageRequest)} with the request that is built. */
  public ChunkStream<MessageStreamEvent> stream(Consumer<CreateMessageRequest.Builder> request) {
    return stream(build(request));
  }

  /** Returns the events, for one subscriber. Never throws: see {@link ChunkPublisher}. */
  public ChunkPublisher<MessageStreamEvent> streamAsync(CreateMessageRequest request) {
    return new ChunkPublisher<>(() -> service.answer(request, true, context));
  }

  /** Calls {@link #streamAsync(CreateMessageRequest)} with the request that is built. */
  public ChunkPublisher<MessageStreamEvent> streamAsync(
      Consumer<CreateMessageRequest.Builder> request) {
    return new ChunkPublisher<>(() -> service.answer(build(request), true, context));
  }

  /**
   * Returns the number of tokens in the prompt of a request, from the model's {@link
   * ModelBuilder#tokenCounter} (default: an estimate). Sends nothing. The request does not need
   * {@code max_tokens}.
   *
   * @throws OpenAiException if the request is invalid
   */
  public int countTokens(CreateMessageRequest request) {
    return Calls.await(Calls.async(() -> service.countTokens(request, context)));
  }

  /** Calls {@link #countTokens(CreateMessageRequest)} with the request that is built. */
  public int countTokens(Consumer<CreateMessageRequest.Builder> request) {
    return countTokens(build(request));
  }

  private static CreateMessageRequest build(Consumer<CreateMessageRequest.Builder> request) {
    var builder = CreateMessageRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
