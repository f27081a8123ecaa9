package io.github.openaikserve.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store does. */
abstract class ResponseStoreContract {
  /** Returns a store that is empty. */
  abstract ResponseStore store();

  static StoredItem item(String id) {
    return new StoredItem(id, bytes("{\"id\":\"" + id + "\"}"));
  }

  static StoredObject object(String id, String... items) {
    return new StoredObject(
        id,
        bytes("{\"object\":\"" + id + " \u00e9\ud83d\ude00\\u0000\"}"),
        Arrays.stream(items).map(ResponseStoreContract::item).toList());
  }

  static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  static List<String> ids(Optional<StoredObject> object) {
    return object.orElseThrow().items().stream().map(StoredItem::id).toList();
  }

  @Test
  void returnsAnObjectAsItWasStored() {
    ResponseStore store = store();
    StoredObject stored = object("resp_1", "msg_1", "msg_0", "msg_2");

    store.put(stored).join();

    StoredObject found = store.get("resp_1").join().orElseThrow();
    assertThat(found.json()).isEqualTo(stored.json());
    assertThat(found.items()).extracting(StoredItem::id).containsExactly("msg_1", "msg_0", "msg_2");
    assertThat(found.items().get(1).json()).isEqualTo(bytes("{\"id\":\"msg_0\"}"));
  }

  @Test
  void hasNothingBefore() {
    ResponseStore store = store();

    assertThat(store.get("resp_1").join()).isEmpty();
    assertThat(store.item("msg_1").join()).isEmpty();
    assertThat(store.delete("resp_1").join()).isFalse();
    assertThat(store.deleteItem("resp_1", "msg_1").join()).isFalse();
    assertThat(store.update("resp_1", null, List.of(item("msg_1"))).join()).isFalse();
    assertThat(store.item("msg_1").join()).isEmpty();
  }

  @Test
  void findsAnItemOfAnyObject() {
    ResponseStore store = store();
    store.put(object("resp_1", "msg_1")).join();
    store.put(object("conv_1", "msg_2")).join();

    assertThat(store.item("msg_2").join().orElseThrow().json())
        .isEqualTo(bytes("{\"id\":\"msg_2\"}"));
  }

  @Test
  void anItemIsThatOfTheObjectThatHadItFirst() {
    ResponseStore store = store();
    store.put(object("resp_1", "msg_1")).join();
    store
        .put(
            new StoredObject(
                "resp_2", bytes("{}"), List.of(new StoredItem("msg_1", bytes("{\"a\":2}")))))
        .join();
    store.update("resp_1", null, List.of(item("msg_2"))).join();

    assertThat(store.item("msg_1").join().orElseThrow().json())
        .isEqualTo(bytes("{\"id\":\"msg_1\"}"));
    store.delete("resp_1").join();
    assertThat(store.item("msg_1").join().orElseThrow().json()).isEqualTo(bytes("{\"a\":2}"));
  }

  @Test
  void replacesAnObjectAndItsItems() {
    ResponseStore store = store();
    store.put(object("resp_1", "msg_1")).join();

    store.put(object("resp_1", "msg_2")).join();

    assertThat(ids(store.get("resp_1").join())).containsExactly("msg_2");
    assertThat(store.item("msg_1").join()).isEmpty();
  }

  @Test
  void anUpdateAppendsItemsThatTheObjectDoesNotHave() {
    ResponseStore store = store();
    store.put(object("conv_1", "msg_1")).join();

    boolean present =
        store
            .update(
                "conv_1",
                null,
                List.of(item("msg_2"), new StoredItem("msg_1", bytes("{}")), item("msg_2")))
            .join();

    assertThat(present).isTrue();
    StoredObject found = store.get("conv_1").join().orElseThrow();
    assertThat(ids(Optional.of(found))).containsExactly("msg_1", "msg_2");
    assertThat(found.items().get(0).json()).isEqualTo(bytes("{\"id\":\"msg_1\"}"));
    assertThat(found.json()).isEqualTo(object("conv_1").json());
  }

  @Test
  void anUpdateReplacesTheJson() {
    ResponseStore store = store();
    store.put(object("conv_1", "msg_1")).join();

    store.update("conv_1", bytes("{\"a\":1}"), List.of()).join();

    StoredObject found = store.get("conv_1").join().orElseThrow();
    assertThat(found.json()).isEqualTo(bytes("{\"a\":1}"));
    assertThat(ids(Optional.of(found))).containsExactly("msg_1");
  }

  @Test
  void deletesAnObjectWithItsItems() {
    ResponseStore store = store();
    store.put(object("resp_1", "msg_1")).join();

    assertThat(store.delete("resp_1").join()).isTrue();

    assertThat(store.get("resp_1").join()).isEmpty();
    assertThat(store.item("msg_1").join()).isEmpty();
  }

  @Test
  void deletesAnItem() {
    ResponseStore store = store();
    store.put(object("conv_1", "msg_1", "msg_2")).join();

    assertThat(store.deleteItem("conv_1", "msg_1").join()).isTrue();

    assertThat(ids(store.get("conv_1").join())).containsExactly("msg_2");
    assertThat(store.item("msg_1").join()).isEmpty();
  }

  @Test
  void idsThatLookLikeSqlAreIdsLikeAnyOther() {
    ResponseStore store = store();
    String hostile = "resp_'||(select+1)--;%_\"\\";
    store.put(object("resp_1", "msg_1")).join();
    store.put(object(hostile, hostile)).join();

    assertThat(ids(store.get(hostile).join())).containsExactly(hostile);
    assertThat(store.item(hostile).join()).isPresent();
    assertThat(store.get("resp_%").join()).isEmpty();
    assertThat(store.delete(hostile).join()).isTrue();
    assertThat(store.get("resp_1").join()).isPresent();
  }

  @Test
  void concurrentUpdatesAllTakeEffect() {
    ResponseStore store = store();
    store.put(object("conv_1")).join();
    List<CompletableFuture<CompletableFuture<Boolean>>> updates = new ArrayList<>();

    IntStream.range(0, 50)
        .forEach(
            i ->
                updates.add(
                    CompletableFuture.supplyAsync(
                        () ->
                            store.update("conv_1", null, List.of(item("a" + i), item("b" + i))))));
    updates.forEach(update -> assertThat(update.join().join()).isTrue());

    List<String> ids = ids(store.get("conv_1").join());
    assertThat(ids).hasSize(100).doesNotHaveDuplicates();
    IntStream.range(0, 50)
        .forEach(i -> assertThat(ids.indexOf("b" + i)).isEqualTo(ids.indexOf("a" + i) + 1));
  }
}
