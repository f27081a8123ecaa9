package io.github.openaikserve.internal.responses;

import io.github.openaikserve.internal.json.write.ResponseItemWriter;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.store.StoredItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The preparation of items for a store. Each item gets an id, and the status complete unless it has
 * another status.
 */
final class StoredItems {
  /**
   * The maximum length of an id. With the digest of an owner it is less than the 200 characters
   * that a store accepts.
   */
  private static final int MAX_ID = 160;

  private final Supplier<String> ids;
  private final Set<String> used = new HashSet<>();
  private final List<StoredItem> items = new ArrayList<>();

  private StoredItems(Supplier<String> ids) {
    this.ids = ids;
  }

  /**
   * Returns items to store.
   *
   * @param ids supplies the random part of ids of items without one
   */
  static List<StoredItem> of(List<ResponseItem> items, Supplier<String> ids) {
    var stored = new StoredItems(ids);
    items.forEach(stored::add);
    return stored.items;
  }

  /** Returns whether a string can be an id: printable ASCII, at most 200 characters. */
  static boolean isId(String word) {
    return !word.isEmpty()
        && word.length() <= MAX_ID
        && word.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  private void add(ResponseItem item) {
    String id = item.id();
    if (id == null || !isId(id) || !used.add(id)) {
      id = prefix(item.type()) + ids.get();
      used.add(id);
    }
    items.add(new StoredItem(id, ResponseItemWriter.write(item, id)));
  }

  private static String prefix(String type) {
    return switch (type) {
      case "message" -> "msg_";
      case "function_call" -> "fc_";
      case "function_call_output" -> "fco_";
      case "custom_tool_call" -> "ctc_";
      case "custom_tool_call_output" -> "ctco_";
      case "reasoning" -> "rs_";
      default -> "item_";
    };
  }
}
