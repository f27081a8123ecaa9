package io.github.openaikserve.openai.responses;

import java.util.List;

/** The input of a request: a text of the user, or items. Immutable. */
public sealed interface ResponseInput {
  /** Returns the input as items. */
  List<ResponseItem> items();

  /** A text of the user. */
  record Text(String text) implements ResponseInput {
    @Override
    public List<ResponseItem> items() {
      return List.of(ResponseItem.user(text));
    }
  }

  /** Items in order. */
  record Items(List<ResponseItem> items) implements ResponseInput {
    /** Copies the list. */
    public Items {
      items = List.copyOf(items);
    }
  }

  /** Returns a text of the user. */
  static ResponseInput of(String text) {
    return new Text(text);
  }

  /** Returns items. */
  static ResponseInput of(List<? extends ResponseItem> items) {
    return new Items(List.copyOf(items));
  }
}
