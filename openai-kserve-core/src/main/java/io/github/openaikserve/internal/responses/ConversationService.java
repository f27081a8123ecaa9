package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.read.ConversationBody;
import io.github.openaikserve.internal.json.read.StoredJson;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.store.StoredItem;
import io.github.openaikserve.store.StoredObject;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The service of the Conversations API. Conversations are lists of items that responses continue.
 * Answers are JSON. Thread-safe.
 *
 * <p>Source: OpenAI's API reference, <i>Conversations</i>.
 */
public final class ConversationService {
  private static final String PREFIX = "conv_";

  private final ResponseStorage storage;
  private final InstantSource clock;

  /**
   * Creates a service.
   *
   * @param clock supplies the creation times of conversations
   */
  public ConversationService(ResponseStorage storage, InstantSource clock) {
    this.storage = storage;
    this.clock = clock;
  }

  /** Returns the service for one owner's conversations; null for conversations without an owner. */
  public ConversationService ownedBy(@Nullable String owner) {
    return owner == null ? this : new ConversationService(storage.ownedBy(owner), clock);
  }

  /** Returns whether a word can be the id of a conversation. */
  static boolean isConversation(String id) {
    return id.startsWith(PREFIX) && StoredItems.isId(id);
  }

  /** Creates a conversation. */
  public CompletableFuture<byte[]> create(ConversationBody body) {
    String id = storage.newId(PREFIX);
    List<ResponseItem> items = body.items();
    byte[] json = json(id, clock.instant().getEpochSecond(), body.metadata());
    var object =
        new StoredObject(id, json, items == null ? List.of() : storage.items(checked(items)));
    return storage.store().callWithin(s -> s.put(object)).thenApply(done -> json);
  }

  private static byte[] json(String id, Object created, @Nullable Object metadata) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("object", "conversation");
    fields.put("created_at", created);
    fields.put("metadata", metadata == null ? Map.of() : metadata);
    return utf8(fields);
  }

  /** Returns the JSON for a deleted object. */
  static byte[] deleted(String id, String object) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("object", object);
    fields.put("deleted", true);
    return utf8(fields);
  }

  private static byte[] utf8(Map<String, @Nullable Object> fields) {
    return JsonCodec.writeBytes(fields);
  }

  /** Returns a conversation. */
  public CompletableFuture<byte[]> retrieve(String id) {
    return get(id).thenApply(StoredObject::json);
  }

  private CompletableFuture<StoredObject> get(String id) {
    check(id);
    return storage
        .store()
        .callWithin(s -> s.get(id))
        .thenApply(found -> found.orElseThrow(() -> notFound(null, id)));
  }

  private static void check(String id) {
    if (!isConversation(id)) {
      throw notFound(null, id);
    }
  }

  /** Replaces the metadata of a conversation. */
  public CompletableFuture<byte[]> update(String id, ConversationBody body) {
    if (body.metadata() == null) {
      throw InvalidRequestException.badValue(
          "metadata", "missing_required_parameter", "Missing required parameter: 'metadata'.");
    }
    return get(id)
        .thenCompose(
            conversation -> {
              Object created = StoredJson.fields(conversation.json()).get("created_at");
              byte[] json = json(id, created == null ? 0 : created, body.metadata());
              return storage
                  .store()
                  .callWithin(s -> s.update(id, json, List.of()))
                  .thenApply(present -> required(id, present, json));
            });
  }

  private static byte[] required(String id, boolean present, byte[] json) {
    if (!present) {
      throw notFound(null, id);
    }
    return json;
  }

  /** Deletes a conversation and its items. Responses that belong to it are kept. */
  public CompletableFuture<byte[]> delete(String id) {
    check(id);
    byte[] json = deleted(id, "conversation.deleted");
    return storage
        .store()
        .callWithin(s -> s.delete(id))
        .thenApply(deleted -> required(id, deleted, json));
  }

  /** Returns a page of the items of a conversation. */
  public CompletableFuture<byte[]> items(String id, ItemPage page) {
    return get(id).thenApply(conversation -> page.json(conversation.items()));
  }

  /** Reads all items of a conversation, oldest first. */
  public CompletableFuture<List<ResponseItem>> items(String id) {
    return get(id)
        .thenApply(
            conversation ->
                conversation.items().stream().map(item -> StoredJson.item(item.json())).toList());
  }

  /**
   * Appends items to a conversation. Returns them.
   *
   * <p>A conversation that is too long to be continued is rejected. It would only grow, and each
   * page of it is read with all its items.
   */
  public CompletableFuture<byte[]> addItems(String id, ConversationBody body) {
    List<ResponseItem> items = body.items();
    if (items == null || items.isEmpty()) {
      throw InvalidRequestException.badValue(
          "items", "missing_required_parameter", "Missing required parameter: 'items'.");
    }
    List<StoredItem> added = storage.items(checked(items));
    return get(id)
        .thenCompose(
            conversation -> {
              ConversationSize size = storage.newSize();
              size.add(conversation.items());
              size.add(added);
              return storage.store().callWithin(s -> s.update(id, null, added));
            })
        .thenApply(present -> required(id, present, ItemPage.ALL.json(added)));
  }

  private static List<ResponseItem> checked(List<ResponseItem> items) {
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof ResponseItem.ItemReference) {
        throw InvalidRequestException.badValue(
            "items[%d]".formatted(i),
            "unsupported_value",
            "Invalid 'items[%d]': references are not allowed. Send the item itself.".formatted(i));
      }
    }
    return items;
  }

  /** Returns an item of a conversation. */
  public CompletableFuture<byte[]> item(String id, String itemId) {
    return get(id)
        .thenApply(
            conversation ->
                conversation.items().stream()
                    .filter(item -> item.id().equals(itemId))
                    .findFirst()
                    .orElseThrow(() -> itemNotFound(itemId))
                    .json());
  }

  /** Deletes an item of a conversation. Returns the conversation. */
  public CompletableFuture<byte[]> deleteItem(String id, String itemId) {
    return get(id)
        .thenCompose(
            conversation ->
                storage
                    .store()
                    .callWithin(s -> s.deleteItem(id, itemId))
                    .thenApply(
                        deleted -> {
                          if (!deleted) {
                            throw itemNotFound(itemId);
                          }
                          return conversation.json();
                        }));
  }

  private static InvalidRequestException itemNotFound(String itemId) {
    return new InvalidRequestException(
        404,
        "item_not_found",
        null,
        "Item with id '%s' not found in the conversation."
            .formatted(InvalidRequestException.shown(itemId)));
  }

  static InvalidRequestException notFound(@Nullable String param, String id) {
    return new InvalidRequestException(
        404,
        "conversation_not_found",
        param,
        "Conversation with id '%s' not found. It expired, was deleted, or never existed."
            .formatted(InvalidRequestException.shown(id)));
  }
}
