package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.internal.json.read.StoredJson;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.store.StoredItem;
import io.github.openaikserve.store.StoredObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the stored items that a request continues: the chain of earlier responses, a
 * conversation, and referenced items. Its steps run in sequence. Used once.
 */
final class TurnReader {
  /** The maximum length of a chain of responses. */
  private static final int MAX_RESPONSES = 1000;

  private static final List<String> RUNNING = List.of("queued", "in_progress");

  private final GuardedStore store;
  private final CreateResponseRequest request;
  private final ConversationSize size;
  private final List<List<ResponseItem>> newestFirst = new ArrayList<>();
  private final List<ResponseItem> input;
  private final Set<String> seen = new HashSet<>();
  private @Nullable String next;
  private int nextReference;

  private TurnReader(GuardedStore store, CreateResponseRequest request, long maxBytes) {
    this.store = store;
    this.request = request;
    this.size =
        new ConversationSize(
            request.conversation() == null ? "previous_response_id" : "conversation", maxBytes);
    this.next = request.previousResponseId();
    this.input = new ArrayList<>(Turn.of(request).input());
  }

  /**
   * Reads the items of a request.
   *
   * @param maxBytes the maximum total size of the stored items in bytes
   */
  static CompletableFuture<Turn> read(
      GuardedStore store, CreateResponseRequest request, long maxBytes) {
    var reader = new TurnReader(store, request, maxBytes);
    return store.within(
        () ->
            Futures.sequence(reader::nextResponse)
                .thenCompose(done -> reader.conversation())
                .thenCompose(done -> Futures.sequence(reader::nextReference))
                .thenApply(done -> reader.turn()));
  }

  private Turn turn() {
    List<ResponseItem> earlier = new ArrayList<>();
    for (int i = newestFirst.size() - 1; i >= 0; i--) {
      earlier.addAll(newestFirst.get(i));
    }
    return new Turn(earlier, input);
  }

  private @Nullable CompletableFuture<?> nextResponse() {
    String id = next;
    if (id == null) {
      return null;
    }
    next = null;
    if (!seen.add(id) || seen.size() > MAX_RESPONSES) {
      throw size.tooLong("It continues more than %d responses.".formatted(MAX_RESPONSES));
    }
    if (!ResponseStorage.isResponse(id)) {
      throw previousNotFound(id);
    }
    return store.call(s -> s.get(id)).thenCompose(found -> addResponse(id, found));
  }

  private CompletableFuture<Void> addResponse(String id, Optional<StoredObject> found) {
    StoredObject response = found.orElseThrow(() -> previousNotFound(id));
    Map<String, @Nullable Object> fields = StoredJson.fields(response.json());
    if (RUNNING.contains(String.valueOf(fields.get("status")))) {
      throw InvalidRequestException.badValue(
          "previous_response_id",
          "response_in_progress",
          "The response '%s' is still being generated. Retrieve it until its status is 'completed'."
              .formatted(InvalidRequestException.shown(id)));
    }
    newestFirst.add(read(response.items()));
    if (fields.get("previous_response_id") instanceof String previous) {
      next = previous;
    } else if (fields.get("conversation") instanceof Map<?, ?> conversation) {
      return addConversationBefore(String.valueOf(conversation.get("id")), response);
    }
    return CompletableFuture.completedFuture(null);
  }

  /** Adds the items of a conversation before a response that belongs to it. */
  private CompletableFuture<Void> addConversationBefore(String id, StoredObject response) {
    Set<String> own = new HashSet<>();
    response.items().forEach(item -> own.add(item.id()));
    return store
        .call(s -> s.get(id))
        .thenAccept(
            found -> {
              List<StoredItem> all =
                  found.orElseThrow(() -> notFound("previous_response_id", id)).items();
              newestFirst.add(
                  read(all.stream().takeWhile(item -> !own.contains(item.id())).toList()));
            });
  }

  private CompletableFuture<Void> conversation() {
    String id = request.conversation();
    if (id == null) {
      return CompletableFuture.completedFuture(null);
    }
    if (!ConversationService.isConversation(id)) {
      throw notFound("conversation", id);
    }
    return store
        .call(s -> s.get(id))
        .thenAccept(
            found ->
                newestFirst.add(
                    read(found.orElseThrow(() -> notFound("conversation", id)).items())));
  }

  private @Nullable CompletableFuture<?> nextReference() {
    while (nextReference < input.size()) {
      int index = nextReference++;
      if (input.get(index) instanceof ResponseItem.ItemReference reference) {
        String id = reference.id();
        if (!StoredItems.isId(id)) {
          throw itemNotFound(index, id);
        }
        return store
            .call(s -> s.item(id))
            .thenAccept(
                found ->
                    input.set(
                        index,
                        read(List.of(found.orElseThrow(() -> itemNotFound(index, id)))).get(0)));
      }
    }
    return null;
  }

  private List<ResponseItem> read(List<StoredItem> stored) {
    size.add(stored);
    return stored.stream().map(item -> StoredJson.item(item.json())).toList();
  }

  private static InvalidRequestException previousNotFound(String id) {
    return new InvalidRequestException(
        404,
        "previous_response_not_found",
        "previous_response_id",
        "Previous response with id '%s' not found. It expired, was deleted or was not stored. Send all items of the conversation in 'input' instead."
            .formatted(InvalidRequestException.shown(id)));
  }

  private static InvalidRequestException itemNotFound(int index, String id) {
    return new InvalidRequestException(
        404,
        "item_not_found",
        "input[%d]".formatted(index),
        "Item with id '%s' not found. It expired, was deleted or was not stored. Send 'store': false and the items themselves."
            .formatted(InvalidRequestException.shown(id)));
  }

  private static InvalidRequestException notFound(String param, String id) {
    return ConversationService.notFound(param, id);
  }
}
