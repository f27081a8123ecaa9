package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.GeneratedAnswer;
import io.github.openaikserve.internal.answer.call.WholeAnswer;
import io.github.openaikserve.internal.concurrent.CancellationPropagatingFuture;
import io.github.openaikserve.internal.json.read.StoredJson;
import io.github.openaikserve.internal.json.write.ResponseWriter;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.RenderedPrompt;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import io.github.openaikserve.store.StoredObject;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The service of the Responses API, with or without a store. Thread-safe. */
public final class ResponseService {
  private final Engine engine;
  private final ResponseChat.Settings settings;
  private final @Nullable ResponseStorage storage;
  private final @Nullable BackgroundResponses background;

  /**
   * Creates a service that uses an engine.
   *
   * @param storage null if responses are not stored
   */
  public ResponseService(
      Engine engine,
      ResponseChat.Settings settings,
      @Nullable ResponseStorage storage,
      Scheduler scheduler) {
    this.engine = engine;
    this.settings = settings;
    this.storage = storage;
    this.background = storage == null ? null : new BackgroundResponses(scheduler);
  }

  /**
   * Prepares a response that is generated in the foreground.
   *
   * @param stream whether the response is emitted while it is generated
   * @return fails with {@link InvalidRequestException}
   * @throws InvalidRequestException instead of returning a failed future
   */
  public CompletableFuture<GeneratedAnswer<ResponseStreamEvent, Response>> respond(
      CreateResponseRequest request, boolean stream, CallContext context) {
    ResponseStorage stored = storage(context);
    if (stored == null) {
      Turn turn = Turn.stateless(request);
      CreateResponseRequest stateless = with(request, false);
      return engine.chat(new ResponseChat(stateless, turn, null, settings), stream, context);
    }
    if (Boolean.TRUE.equals(request.background())) {
      throw InvalidRequestException.badValue(
          "background",
          "unsupported_parameter",
          "Unsupported parameter: 'background' with 'stream'. Send 'stream': false, and retrieve"
              + " the response until it is complete.");
    }
    CreateResponseRequest effective = with(request, !Boolean.FALSE.equals(request.store()));
    return CancellationPropagatingFuture.compose(
        stored.turn(request),
        turn ->
            engine.chat(
                new ResponseChat(effective, turn, stored.storing(effective, turn), settings),
                stream,
                context),
        unwanted -> {});
  }

  /**
   * Prepares a whole response. A background response is available immediately, with the status
   * queued.
   *
   * @return fails with {@link InvalidRequestException}
   * @throws InvalidRequestException instead of returning a failed future
   */
  public CompletableFuture<? extends WholeAnswer<Response>> whole(
      CreateResponseRequest request, CallContext context) {
    ResponseStorage stored = storage(context);
    if (!Boolean.TRUE.equals(request.background()) || stored == null || background == null) {
      return respond(request, false, context);
    }
    if (Boolean.FALSE.equals(request.store())) {
      throw InvalidRequestException.badValue(
          "background",
          "invalid_value",
          "Invalid 'background': background responses are always stored. Omit 'store', or set it to"
              + " true.");
    }
    CreateResponseRequest effective = with(request, true);
    return background.start(
        stored,
        () ->
            stored
                .turn(request)
                .thenCompose(
                    turn -> {
                      ResponseChat chat = new ResponseChat(effective, turn, null, settings);
                      return engine
                          .chat(chat, false, context)
                          .thenApply(
                              answer -> new BackgroundResponses.Prepared(chat, turn, answer));
                    }));
  }

  /**
   * Counts the tokens of the prompt that a request would send, with the model's counter.
   *
   * @return fails with {@link InvalidRequestException}
   * @throws InvalidRequestException instead of returning a failed future
   */
  public CompletableFuture<Integer> inputTokens(
      CreateResponseRequest request, CallContext context) {
    ResponseStorage stored = storage(context);
    if (stored == null) {
      return promptTokens(request, Turn.stateless(request), context);
    }
    return stored.turn(request).thenCompose(turn -> promptTokens(request, turn, context));
  }

  private CompletableFuture<Integer> promptTokens(
      CreateResponseRequest request, Turn turn, CallContext context) {
    return engine
        .prompt(new ResponseChat(request, turn, null, settings), context)
        .thenApply(RenderedPrompt::countTokens);
  }

  private static CreateResponseRequest with(CreateResponseRequest request, boolean store) {
    return request.toBuilder().store(store).build();
  }

  /**
   * Returns the JSON of a stored response.
   *
   * @return fails with {@link InvalidRequestException} if it is not stored
   */
  public CompletableFuture<byte[]> retrieve(String id, CallContext context) {
    return get(id, context).thenApply(StoredObject::json);
  }

  /**
   * Reads a stored response.
   *
   * @return fails with {@link InvalidRequestException} if it is not stored
   */
  public CompletableFuture<Response> read(String id, CallContext context) {
    return get(id, context).thenApply(ResponseStorage::read);
  }

  private CompletableFuture<StoredObject> get(String id, CallContext context) {
    return storage(id, context).get(id);
  }

  private @Nullable ResponseStorage storage(CallContext context) {
    return storage == null ? null : storage.ownedBy(context.owner());
  }

  private ResponseStorage storage(String id, CallContext context) {
    ResponseStorage stored = storage(context);
    if (stored == null) {
      throw new InvalidRequestException(
          404,
          "response_not_found",
          null,
          "Response with id '%s' not found: this server does not store responses."
              .formatted(InvalidRequestException.shown(id)));
    }
    return stored;
  }

  /**
   * Deletes a stored response, see {@link #delete}, and returns the JSON that confirms it.
   *
   * @return fails with {@link InvalidRequestException} if it is not stored
   */
  public CompletableFuture<byte[]> deleted(String id, CallContext context) {
    return delete(id, context).thenApply(done -> ConversationService.deleted(id, "response"));
  }

  /**
   * Deletes a stored response. Cancels it first if it is being generated.
   *
   * @return fails with {@link InvalidRequestException} if it is not stored
   */
  public CompletableFuture<Void> delete(String id, CallContext context) {
    ResponseStorage stored = storage(id, context);
    return Objects.requireNonNull(background)
        .cancel(stored, id)
        .map(cancelled -> cancelled.thenCompose(response -> stored.delete(id)))
        .orElseGet(() -> stored.delete(id));
  }

  /**
   * Cancels a background response and returns its JSON. A response that has ended is not changed.
   *
   * @return fails with {@link InvalidRequestException} if the response is not stored, or is not a
   *     background response
   */
  public CompletableFuture<byte[]> cancel(String id, CallContext context) {
    return cancelled(id, context).thenApply(ResponseWriter::write);
  }

  /** Cancels a response as {@link #cancel} does, and returns it. */
  public CompletableFuture<Response> cancelled(String id, CallContext context) {
    ResponseStorage stored = storage(id, context);
    return Objects.requireNonNull(background).cancelStored(stored, id);
  }

  /**
   * Returns a page of the input items of a stored response, as JSON.
   *
   * @return fails with {@link InvalidRequestException} if it is not stored
   */
  public CompletableFuture<byte[]> inputItems(String id, ItemPage page, CallContext context) {
    return get(id, context).thenApply(object -> page.json(ResponseStorage.input(object)));
  }

  /** Reads the input items of a stored response. */
  public CompletableFuture<List<ResponseItem>> inputItems(String id, CallContext context) {
    return get(id, context)
        .thenApply(
            object ->
                ResponseStorage.input(object).stream()
                    .map(item -> StoredJson.item(item.json()))
                    .toList());
  }

  /**
   * Waits until all background responses whose generation has ended are stored, or the timeout has
   * passed. Returns whether they are stored.
   *
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean awaitStored(Duration timeout) throws InterruptedException {
    return background == null || background.awaitStored(timeout);
  }
}
