package io.github.openaikserve;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.responses.ResponseService;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The resource of the Responses API: {@code /v1/responses}. Thread-safe.
 *
 * <p>Each method accepts a request object, or a function that configures a request builder. The
 * method, not the request's {@code stream} field, decides whether the answer is streamed. Use
 * {@link OpenAiKServe#with} to set time limits, headers and ids. Failures are reported as {@link
 * OpenAiException}s. Responses are stored if {@link OpenAiKServe.Builder#responseStore} is set.
 */
public final class Responses {
  private final ResponseService service;
  private final CallContext context;

  Responses(ResponseService service, CallContext context) {
    this.service = service;
    this.context = context;
  }

  /**
   * Returns the whole response. Blocks until it has arrived; an interrupt cancels the call.
   *
   * @throws OpenAiException if the request is invalid or the backend fails; the exception carries
   *     the {@link OpenAiException#partialText text} received before the failure
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public Response create(CreateResponseRequest request) {
    return Calls.await(createAsync(request));
  }

  /** Calls {@link #create(CreateResponseRequest)} with the request that is built. */
  public Response create(Consumer<CreateResponseRequest.Builder> request) {
    return create(build(request));
  }

  /**
   * Returns a future of the whole response. Cancelling it cancels the call. Never throws: an
   * invalid request fails the future. Continuations run on threads of the backend and must not
   * block.
   */
  public CompletableFuture<Response> createAsync(CreateResponseRequest request) {
    return Calls.whole(() -> service.whole(request, context));
  }

  /** Calls {@link #createAsync(CreateResponseRequest)} with the request that is built. */
  public CompletableFuture<Response> createAsync(Consumer<CreateResponseRequest.Builder> request) {
    return Calls.whole(() -> service.whole(build(request), context));
  }

  /**
   * Returns the events of the response, for reading in a blocking loop. Closing it cancels the rest
   * of the call. The last event contains the whole response.
   *
   * <p>Blocks until the earlier responses that the request continues are read and the model is
   * found. The call starts when reading begins.
   *
   * @throws OpenAiException if the request is invalid; later failures are thrown while reading
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public ChunkStream<ResponseStreamEvent> stream(CreateResponseRequest request) {
    var call = Calls.await(service.respond(request, true, context));
    return new ChunkStream<>(call.chunks(), call.droppedParams());
  }

  /** Calls {@link #stream(CreateResponseRequest)} with the request that is built. */
  public ChunkStream<ResponseStreamEvent> stream(Consumer<CreateResponseRequest.Builder> request) {
    return stream(build(request));
  }

  /** Returns the events, for one subscriber. Never throws: see {@link ChunkPublisher}. */
  public ChunkPublisher<ResponseStreamEvent> streamAsync(CreateResponseRequest request) {
    return new ChunkPublisher<>(() -> service.respond(request, true, context));
  }

  /** Calls {@link #streamAsync(CreateResponseRequest)} with the request that is built. */
  public ChunkPublisher<ResponseStreamEvent> streamAsync(
      Consumer<CreateResponseRequest.Builder> request) {
    return new ChunkPublisher<>(() -> service.respond(build(request), true, context));
  }

  /**
   * Returns a stored response, without log probabilities. Blocks.
   *
   * @throws OpenAiException if the response is not stored, or the store fails
   */
  public Response retrieve(String id) {
    return Calls.await(retrieveAsync(id));
  }

  /** Returns a future of the result of {@link #retrieve}. Never throws. */
  public CompletableFuture<Response> retrieveAsync(String id) {
    return Calls.async(() -> service.read(id, context)).thenApply(response -> response);
  }

  /**
   * Deletes a stored response. Cancels it first if it is still being generated. Blocks.
   *
   * @throws OpenAiException if the response is not stored, or the store fails
   */
  public void delete(String id) {
    Calls.await(deleteAsync(id));
  }

  /** Deletes a stored response asynchronously; see {@link #delete}. Never throws. */
  public CompletableFuture<Void> deleteAsync(String id) {
    return Calls.async(() -> service.delete(id, context)).thenAccept(done -> {});
  }

  /**
   * Cancels a background response and returns its last state. A response that has already ended is
   * not changed. Blocks.
   *
   * @throws OpenAiException if the response is not stored, is not a background response, or the
   *     store fails
   */
  public Response cancel(String id) {
    return Calls.await(cancelAsync(id));
  }

  /** Returns a future of the result of {@link #cancel}. Never throws. */
  public CompletableFuture<Response> cancelAsync(String id) {
    return Calls.async(() -> service.cancelled(id, context)).thenApply(response -> response);
  }

  /**
   * Returns the input items of a stored response with their ids, in order. Blocks.
   *
   * @throws OpenAiException if the response is not stored, or the store fails
   */
  public List<ResponseItem> inputItems(String id) {
    return Calls.await(inputItemsAsync(id));
  }

  /** Returns a future of the result of {@link #inputItems}. Never throws. */
  public CompletableFuture<List<ResponseItem>> inputItemsAsync(String id) {
    return Calls.async(() -> service.inputItems(id, context)).thenApply(items -> items);
  }

  /**
   * Returns the number of tokens in the input of a request, from the model's {@link
   * ModelBuilder#tokenCounter} (default: an estimate). Sends nothing.
   *
   * @throws OpenAiException if the request is invalid
   */
  public int countInputTokens(CreateResponseRequest request) {
    return Calls.await(Calls.async(() -> service.inputTokens(request, context)));
  }

  private static CreateResponseRequest build(Consumer<CreateResponseRequest.Builder> request) {
    var builder = CreateResponseRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
