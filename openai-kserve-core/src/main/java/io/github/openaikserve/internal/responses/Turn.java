package io.github.openaikserve.internal.responses;

import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.ResponseInput;
import io.github.openaikserve.openai.responses.ResponseItem;
import java.util.ArrayList;
import java.util.List;

/**
 * The items that a request continues, and its own. Immutable.
 *
 * @param earlier what was stored before
 * @param input the items of the request, as many as it has, with stored items in place of
 *     references
 */
record Turn(List<ResponseItem> earlier, List<ResponseItem> input) {
  Turn {
    earlier = List.copyOf(earlier);
    input = List.copyOf(input);
  }

  /** Returns the items of a request that continues nothing. */
  static Turn of(CreateResponseRequest request) {
    ResponseInput input = request.input();
    return new Turn(List.of(), input == null ? List.of() : input.items());
  }

  /** Returns all items in order. */
  List<ResponseItem> items() {
    if (earlier.isEmpty()) {
      return input;
    }
    List<ResponseItem> items = new ArrayList<>(earlier);
    items.addAll(input);
    return items;
  }

  /** Returns the field of the request that an item comes from. */
  String path(int index) {
    return index < earlier.size() ? "input" : "input[%d]".formatted(index - earlier.size());
  }
}
