package io.github.openaikserve.chat.format;

import io.github.openaikserve.internal.json.JsonPush;
import org.jspecify.annotations.Nullable;

/**
 * A tracker of a JSON object or list that is ordinary text. No tool call without a marker begins in
 * it. Not thread-safe.
 */
final class JsonInText {
  private @Nullable JsonPush json;

  /** Starts with a text, if that is the beginning of an object or a list. */
  void begin(String text) {
    json = null;
    if (isPlausible(text)) {
      json = new JsonPush();
    }
  }

  /** Most brackets in text begin no JSON, and a parser for each costs time. */
  private static boolean isPlausible(String text) {
    int second = 1;
    while (second < text.length() && Character.isWhitespace(text.charAt(second))) {
      second++;
    }
    return second < text.length() && "\"{[-0123456789".indexOf(text.charAt(second)) >= 0;
  }

  /** Reads text. */
  void next(String text) {
    for (int i = 0; json != null && i < text.length(); i++) {
      next(text.charAt(i));
    }
  }

  /** Reads the next character. */
  void next(char c) {
    JsonPush open = json;
    if (open == null) {
      return;
    }
    boolean valid = open.next(c);
    JsonPush.Event event = open.poll();
    while (event != null) {
      event = open.poll();
    }
    if (!valid || open.depth() == 0) {
      json = null;
    }
  }

  /** Ends the tracking. */
  void clear() {
    json = null;
  }

  /** Returns whether the object or list has not ended. */
  boolean isOpen() {
    return json != null;
  }
}
