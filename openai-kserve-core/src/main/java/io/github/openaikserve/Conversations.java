package io.github.openaikserve;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.json.read.ConversationBody;
import io.github.openaikserve.internal.json.read.StoredJson;
import io.github.openaikserve.internal.responses.ConversationService;
import io.github.openaikserve.openai.responses.Conversation;
import io.github.openaikserve.openai.responses.ResponseItem;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The conversations resource: {@code /v1/conversations}. Thread-safe.
 *
 * <p>Responses can continue a stored conversation. Without a response store, each method fails with
 * an {@link OpenAiException} of status 404. Each blocking method has an asynchronous form that
 * never throws; its future fails with the same exception.
 */
public final class Conversations {
  private final @Nullable ConversationService service;

  Conversations(@Nullable ConversationService service) {
    this.service = service;
  }

  /**
   * Creates a conversation. Blocks.
   *
   * @param metadata at most 16 entries; keys have at most 64 characters, values at most 512
   * @param items the first items, at most 20
   * @throws OpenAiException if an argument is invalid, or the store fails
   */
  public Conversation create(Map<String, String> metadata, List<ResponseItem> items) {
    return Calls.await(createAsync(metadata, items));
  }

  /** Creates a conversation without metadata or items. Blocks. */
  public Conversation create() {
    return create(Map.of(), List.of());
  }

  /** Returns a future of the result of {@link #create(Map, List)}. */
  public CompletableFuture<Conversation> createAsync(
      Map<String, String> metadata, List<ResponseItem> items) {
    return call(s -> s.create(new ConversationBody(metadata, items)))
        .thenApply(StoredJson::conversation);
  }

  /**
   * Returns a conversation. Blocks.
   *
   * @throws OpenAiException if the conversation is not stored, or the store fails
   */
  public Conversation retrieve(String id) {
    return Calls.await(retrieveAsync(id));
  }

  /** Returns a future of the result of {@link #retrieve}. */
  public CompletableFuture<Conversation> retrieveAsync(String id) {
    return call(s -> s.retrieve(id)).thenApply(StoredJson::conversation);
  }

  /**
   * Replaces the metadata of a conversation. Blocks.
   *
   * @throws OpenAiException if the conversation is not stored, the metadata is invalid, or the
   *     store fails
   */
  public Conversation update(String id, Map<String, String> metadata) {
    return Calls.await(updateAsync(id, metadata));
  }

  /** Returns a future of the result of {@link #update}. */
  public CompletableFuture<Conversation> updateAsync(String id, Map<String, String> metadata) {
    return call(s -> s.update(id, new ConversationBody(metadata, null)))
        .thenApply(StoredJson::conversation);
  }

  /**
   * Deletes a conversation and its items. Responses that belong to it are kept. Blocks.
   *
   * @throws OpenAiException if the conversation is not stored, or the store fails
   */
  public void delete(String id) {
    Calls.await(deleteAsync(id));
  }

  /** Deletes a conversation asynchronously; see {@link #delete}. */
  public CompletableFuture<Void> deleteAsync(String id) {
    return call(s -> s.delete(id)).thenAccept(done -> {});
  }

  /**
   * Returns all items of a conversation with their ids, oldest first. Blocks.
   *
   * @throws OpenAiException if the conversation is not stored, or the store fails
   */
  public List<ResponseItem> items(String id) {
    return Calls.await(itemsAsync(id));
  }

  /** Returns a future of the result of {@link #items}. */
  public CompletableFuture<List<ResponseItem>> itemsAsync(String id) {
    return call(s -> s.items(id));
  }

  /**
   * Appends items to a conversation. Blocks.
   *
   * @param items 1 to 20
   * @throws OpenAiException if the conversation is not stored, an item is invalid, or the store
   *     fails
   */
  public void addItems(String id, List<ResponseItem> items) {
    Calls.await(addItemsAsync(id, items));
  }

  /** Appends items asynchronously; see {@link #addItems}. */
  public CompletableFuture<Void> addItemsAsync(String id, List<ResponseItem> items) {
    return call(s -> s.addItems(id, new ConversationBody(null, items))).thenAccept(done -> {});
  }

  /**
   * Deletes an item of a conversation. Blocks.
   *
   * @throws OpenAiException if the conversation is not stored, or the store fails
   */
  public void deleteItem(String id, String itemId) {
    Calls.await(deleteItemAsync(id, itemId));
  }

  /** Deletes an item asynchronously; see {@link #deleteItem}. */
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
