package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.store.StoredItem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list of items. Immutable.
 *
 * @param limit the maximum number of items, 1 to 100
 * @param ascending whether the oldest item is first
 * @param after the id of the item before the page; null for the first page
 */
public record ItemPage(int limit, boolean ascending, @Nullable String after) {
  /** The default page. */
  public static final ItemPage DEFAULT = new ItemPage(20, false, null);

  /** A page with all items. */
  static final ItemPage ALL = new ItemPage(Integer.MAX_VALUE, true, null);

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns this page of a list as JSON.
   *
   * @param oldestFirst all items, oldest first
   * @throws InvalidRequestException if no item has the id {@code after}
   */
  byte[] json(List<StoredItem> oldestFirst) {
    List<StoredItem> ordered = oldestFirst;
    if (!ascending) {
      ordered = new ArrayList<>(oldestFirst);
      Collections.reverse(ordered);
    }
    int begin = begin(ordered);
    int end = (int) Math.min(ordered.size(), (long) begin + limit);
    List<StoredItem> page = ordered.subList(begin, end);
    var json = new ByteArrayOutputStream();
    json.writeBytes(utf8("{\"object\":\"list\",\"data\":["));
    for (int i = 0; i < page.size(); i++) {
      json.writeBytes(utf8(i == 0 ? "" : ","));
      json.writeBytes(page.get(i).json());
    }
    json.writeBytes(utf8("],\"first_id\":" + id(page, 0)));
    json.writeBytes(utf8(",\"last_id\":" + id(page, page.size() - 1)));
    json.writeBytes(utf8(",\"has_more\":" + (end < ordered.size()) + "}"));
    return json.toByteArray();
  }

  private int begin(List<StoredItem> ordered) {
    if (after == null) {
      return 0;
    }
    for (int i = 0; i < ordered.size(); i++) {
      if (ordered.get(i).id().equals(after)) {
        return i + 1;
      }
    }
    throw InvalidRequestException.badValue(
        "after",
        "invalid_value",
        "Invalid 'after': no item has the id '%s'."
            .formatted(InvalidRequestException.shown(after)));
  }

  /** Returns the id of an item as JSON; an empty string if the page is empty. */
  private static String id(List<StoredItem> page, int index) {
    return JsonCodec.writeValue(page.isEmpty() ? "" : page.get(index).id());
  }
}
