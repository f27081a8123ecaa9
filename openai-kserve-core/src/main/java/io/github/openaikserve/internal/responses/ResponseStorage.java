package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.internal.json.read.StoredJson;
import io.github.openaikserve.internal.json.write.ResponseWriter;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.store.ResponseStore;
import io.github.openaikserve.store.StoredItem;
import io.github.openaikserve.store.StoredObject;
import io.github.openaikserve.time.Scheduler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The storage of responses in a store. Thread-safe.
 *
 * <p>A stored response has the items of its request, followed by the items of its output. It does
 * not contain the items of earlier responses: the chain is read when a response is continued.
 */
public final class ResponseStorage {
  private static final Logger log = LoggerFactory.getLogger(ResponseStorage.class);
  private static final String PREFIX = "resp_";

  private final GuardedStore store;
  private final Supplier<String> ids;
  private final long maxBytes;

  /** The prefix that distinguishes ids of this owner in this process; empty without an owner. */
  private final String owner;

  /**
   * Creates the storage of a service.
   *
   * @param ids supplies the random part of ids of items without one
   * @param maxBytes the maximum size in bytes of a conversation that is continued or extended
   */
  public ResponseStorage(
      ResponseStore store, Scheduler scheduler, Supplier<String> ids, long maxBytes) {
    this(new GuardedStore(store, scheduler), ids, maxBytes, "");
  }

  private ResponseStorage(GuardedStore store, Supplier<String> ids, long maxBytes, String owner) {
    this.store = store;
    this.ids = ids;
    this.maxBytes = maxBytes;
    this.owner = owner;
  }

  /** Returns the storage of one owner; null for objects without an owner. */
  ResponseStorage ownedBy(@Nullable String name) {
    return name == null
        ? this
        : new ResponseStorage(store.ownedBy(name), ids, maxBytes, "owner " + name + ' ');
  }

  /** Returns an id that differs from the ids of all other owners. */
  String ownedId(String id) {
    return owner + id;
  }

  GuardedStore store() {
    return store;
  }

  /** Returns items to store, with ids. */
  List<StoredItem> items(List<ResponseItem> items) {
    return StoredItems.of(items, ids);
  }

  /** Returns the size of a conversation without items, for a request that adds items to it. */
  ConversationSize newSize() {
    return new ConversationSize("items", maxBytes);
  }

  String newId(String prefix) {
    return prefix + ids.get();
  }

  /** Returns whether a string can be the id of a response. */
  static boolean isResponse(String id) {
    return id.startsWith(PREFIX) && StoredItems.isId(id);
  }

  /** Reads the items that a request continues or refers to. */
  CompletableFuture<Turn> turn(CreateResponseRequest request) {
    boolean refers =
        Turn.of(request).input().stream().anyMatch(ResponseItem.ItemReference.class::isInstance);
    return request.previousResponseId() == null && request.conversation() == null && !refers
        ? CompletableFuture.completedFuture(Turn.of(request))
        : TurnReader.read(store, request, maxBytes);
  }

  /**
   * Returns the function that stores the response to a request; null if nothing is stored. Its
   * future of whether the response is stored never fails.
   */
  @Nullable Function<Response, CompletableFuture<Boolean>> storing(
      CreateResponseRequest request, Turn turn) {
    boolean stores = !Boolean.FALSE.equals(request.store());
    String conversation = request.conversation();
    if (!stores && conversation == null) {
      return null;
    }
    return response ->
        logged(
            response.id(),
            () -> {
              StoredObject object = object(response, turn);
              CompletableFuture<Void> stored =
                  stores ? store.call(s -> s.put(object)) : CompletableFuture.completedFuture(null);
              return stored.thenCompose(done -> append(conversation, object.items()));
            });
  }

  /** Returns the stored form of a response. */
  StoredObject object(Response response, Turn turn) {
    List<ResponseItem> items = new ArrayList<>(turn.input());
    items.addAll(response.output());
    return new StoredObject(response.id(), ResponseWriter.write(response), items(items));
  }

  /** Appends items to a conversation, unless it was deleted in the meantime. */
  CompletableFuture<Void> append(@Nullable String conversation, List<StoredItem> items) {
    if (conversation == null) {
      return CompletableFuture.completedFuture(null);
    }
    return store
        .call(s -> s.update(conversation, null, items))
        .thenAccept(
            present -> {
              if (!present) {
                log.info("conversation deleted during continuation id={}", conversation);
              }
            });
  }

  /**
   * Returns a future of whether a write succeeded. Failures are only logged, because the caller
   * receives the response anyway.
   */
  private CompletableFuture<Boolean> logged(String id, Supplier<CompletableFuture<Void>> writing) {
    CompletableFuture<Void> written;
    try {
      written = store.within(writing);
    } catch (Throwable e) { // thrown by an application's supplier of ids
      written = CompletableFuture.failedFuture(e);
    }
    return written.handle(
        (done, failure) -> {
          if (failure != null) {
            Throwable cause = Futures.cause(failure);
            Throwable reason = cause.getCause() == null ? cause : cause.getCause();
            log.warn("response not stored id={} reason=\"{}\"", id, reason.toString());
          }
          return failure == null;
        });
  }

  /**
   * Returns the JSON of a response, and its items.
   *
   * @return fails with status 404 if the response is not stored
   */
  CompletableFuture<StoredObject> get(String id) {
    if (!isResponse(id)) {
      return CompletableFuture.failedFuture(notFound(id));
    }
    return store
        .callWithin(s -> s.get(id))
        .thenApply(found -> found.orElseThrow(() -> notFound(id)));
  }

  /**
   * Deletes a response.
   *
   * @return fails with status 404 if the response is not stored
   */
  CompletableFuture<Void> delete(String id) {
    if (!isResponse(id)) {
      return CompletableFuture.failedFuture(notFound(id));
    }
    return store
        .callWithin(s -> s.delete(id))
        .thenAccept(
            deleted -> {
              if (!deleted) {
                throw notFound(id);
              }
            });
  }

  /** Returns the items of a response's request. */
  static List<StoredItem> input(StoredObject response) {
    Set<String> output = new HashSet<>();
    if (StoredJson.fields(response.json()).get("output") instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> map) {
          output.add(String.valueOf(map.get("id")));
        }
      }
    }
    return response.items().stream().filter(item -> !output.contains(item.id())).toList();
  }

  static Response read(StoredObject response) {
    List<ResponseItem> input =
        input(response).stream().map(item -> StoredJson.item(item.json())).toList();
    return StoredJson.response(response.json(), input);
  }

  static InvalidRequestException notFound(String id) {
    return new InvalidRequestException(
        404,
        "response_not_found",
        null,
        "Response with id '%s' not found. It expired, was deleted, or was not stored."
            .formatted(InvalidRequestException.shown(id)));
  }
}
