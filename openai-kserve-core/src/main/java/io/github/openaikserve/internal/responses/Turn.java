package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.ResponseInput;
import io.github.openaikserve.openai.responses.ResponseItem;
import java.util.ArrayList;
import java.util.List;

/**
 * The items of a request and the items that it continues. Immutable.
 *
 * @param earlier the stored items that the request continues
 * @param input the items of the request, with references replaced by stored items
 */
record Turn(List<ResponseItem> earlier, List<ResponseItem> input) {
  Turn {
    earlier = List.copyOf(earlier);
    input = List.copyOf(input);
  }

  /** Returns the turn of a request that continues nothing. */
  static Turn of(CreateResponseRequest request) {
    ResponseInput input = request.input();
    return new Turn(List.of(), input == null ? List.of() : input.items());
  }

  /**
   * Returns the turn of a request to a service that stores no responses.
   *
   * @throws InvalidRequestException if the request continues a stored response or conversation, or
   *     asks for a background response
   */
  static Turn stateless(CreateResponseRequest request) {
    if (request.previousResponseId() != null) {
      throw needsStore("previous_response_id");
    }
    if (request.conversation() != null) {
      throw needsStore("conversation");
    }
    if (Boolean.TRUE.equals(request.background())) {
      throw needsStore("background");
    }
    return of(request);
  }

  private static InvalidRequestException needsStore(String param) {
    return InvalidRequestException.badValue(
        param,
        "unsupported_parameter",
        "Unsupported parameter: '%s'. This server does not store responses; send 'store': false, and all items of the conversation in 'input'."
            .formatted(param));
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

  /** Returns the path of an item in the request. */
  String path(int index) {
    return index < earlier.size() ? "input" : "input[%d]".formatted(index - earlier.size());
  }
}
