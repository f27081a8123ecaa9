package io.github.openaikserve.openai.responses;

import java.util.List;

/** The input of a request: a user's text, or items. Immutable. */
public sealed interface ResponseInput {
  /** Returns the input as items. */
  List<ResponseItem> items();

  /** A user's text. */
  record Text(String text) implements ResponseInput {
    @Override
    public List<ResponseItem> items() {
      return List.of(ResponseItem.user(text));
    }
  }

  /** A list of items, in order. */
  record Items(List<ResponseItem> items) implements ResponseInput {
    /** Copies the list. */
    public Items {
      items = List.copyOf(items);
    }
  }

  /** Returns an input with a user's text. */
  static ResponseInput of(String text) {
    return new Text(text);
  }

  /** Returns an input with items. */
  static ResponseInput of(List<? extends ResponseItem> items) {
    return new Items(List.copyOf(items));
  }
}
