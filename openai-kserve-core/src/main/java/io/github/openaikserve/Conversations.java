package io.github.openaikserve;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.json.ConversationBody;
import io.github.openaikserve.internal.json.StoredJson;
import io.github.openaikserve.internal.responses.ConversationService;
import io.github.openaikserve.openai.responses.Conversation;
import io.github.openaikserve.openai.responses.ResponseItem;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Conversations that responses continue: {@code /v1/conversations}. Thread-safe.
 *
 * <p>They need a response store; without one, each method fails with an {@link OpenAiException} of
 * status 404. Blocking methods have an asynchronous form that never throws and whose future fails
 * with the same exception.
 */
public final class Conversations {
  private final @Nullable ConversationService service;

  Conversations(@Nullable ConversationService service) {
    this.service = service;
  }

  /**
   * Creates a conversation. Blocks.
   *
   * @param metadata at most 16 entries, with keys of 64 and values of 512 characters
   * @param items the first items, at most 20
   * @throws OpenAiException if an argument is invalid, or the store fails
   */
  public Conversation create(Map<String, String> metadata, List<ResponseItem> items) {
    return Calls.await(createAsync(metadata, items));
  }

  /** Creates a conversation without metadata and items. Blocks. */
  public Conversation create() {
    return create(Map.of(), List.of());
  }

  /** Returns a future of what {@link #create(Map, List)} returns. */
  public CompletableFuture<Conversation> createAsync(
      Map<String, String> metadata, List<ResponseItem> items) {
    return call(s -> s.create(new ConversationBody(metadata, items)))
        .thenApply(StoredJson::conversation);
  }

  /**
   * Returns a conversation. Blocks.
   *
   * @throws OpenAiException if it is not stored, or the store fails
   */
  public Conversation retrieve(String id) {
    return Calls.await(retrieveAsync(id));
  }

  /** Returns a future of what {@link #retrieve} returns. */
  public CompletableFuture<Conversation> retrieveAsync(String id) {
    return call(s -> s.retrieve(id)).thenApply(StoredJson::conversation);
  }

  /**
   * Replaces the metadata of a conversation. Blocks.
   *
   * @throws OpenAiException if it is not stored, the metadata is invalid, or the store fails
   */
  public Conversation update(String id, Map<String, String> metadata) {
    return Calls.await(updateAsync(id, metadata));
  }

  /** Returns a future of what {@link #update} returns. */
  public CompletableFuture<Conversation> updateAsync(String id, Map<String, String> metadata) {
    return call(s -> s.update(id, new ConversationBody(metadata, null)))
        .thenApply(StoredJson::conversation);
  }

  /**
   * Deletes a conversation and its items; responses that belong to it stay. Blocks.
   *
   * @throws OpenAiException if it is not stored, or the store fails
   */
  public void delete(String id) {
    Calls.await(deleteAsync(id));
  }

  /** Deletes as {@link #delete} does, without blocking. */
  public CompletableFuture<Void> deleteAsync(String id) {
    return call(s -> s.delete(id)).thenAccept(done -> {});
  }

  /**
   * Returns all items of a conversation, the oldest first and with their ids. Blocks.
   *
   * @throws OpenAiException if it is not stored, or the store fails
   */
  public List<ResponseItem> items(String id) {
    return Calls.await(itemsAsync(id));
  }

  /** Returns a future of what {@link #items} returns. */
  public CompletableFuture<List<ResponseItem>> itemsAsync(String id) {
    return call(s -> s.items(id));
  }

  /**
   * Appends items to a conversation. Blocks.
   *
   * @param items 1 to 20
   * @throws OpenAiException if it is not stored, an item is invalid, or the store fails
   */
  public void addItems(String id, List<ResponseItem> items) {
    Calls.await(addItemsAsync(id, items));
  }

  /** Appends items as {@link #addItems} does, without blocking. */
  public CompletableFuture<Void> addItemsAsync(String id, List<ResponseItem> items) {
    return call(s -> s.addItems(id, new ConversationBody(null, items))).thenAccept(done -> {});
  }

  /**
   * Deletes an item of a conversation. Blocks.
   *
   * @throws OpenAiException if it is not stored, or the store fails
   */
  public void deleteItem(String id, String itemId) {
    Calls.await(deleteItemAsync(id, itemId));
  }

  /** Deletes an item as {@link #deleteItem} does, without blocking. */
  public CompletableFuture<Void> deleteItemAsync(String id, String itemId) {
    return call(s -> s.deleteItem(id, itemId)).thenAccept(done -> {});
  }

  private <T> CompletableFuture<T> call(
      Function<ConversationService, CompletableFuture<T>> question) {
    ConversationService conversations = service;
    return Calls.async(
            () ->
                conversations == null
                    ? CompletableFuture.failedFuture(withoutStore())
                    : question.apply(conversations))
        .thenApply(found -> found);
  }

  private static InvalidRequestException withoutStore() {
    return new InvalidRequestException(
        404,
        "unknown_url",
        null,
        "Conversations are not stored. Set OpenAiKServe.Builder.responseStore.");
  }
}
