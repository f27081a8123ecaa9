package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A search for unpaired surrogates in JSON, such as {@code "\ud800"}. UTF-8 cannot encode them, so
 * the model server would receive question marks.
 */
final class Surrogates {
  private Surrogates() {}

  /**
   * Returns whether a name or a string of the JSON contains an unpaired surrogate. {@code root} is
   * the parsed JSON.
   */
  static boolean standAlone(byte[] json, JsonNode root) {
    return mayHold(json) && standAlone(root);
  }

  /** Returns whether JSON in UTF-8 contains an escaped surrogate. Most JSON does not. */
  private static boolean mayHold(byte[] json) {
    for (int i = 0; i + 2 < json.length; i++) {
      if (json[i] == '\\' && json[i + 1] == 'u' && (json[i + 2] | 0x20) == 'd') {
        return true;
      }
    }
    return false;
  }

  private static boolean standAlone(JsonNode node) {
    if (node.isTextual()) {
      return standAlone(node.textValue());
    }
    for (var field : node.properties()) {
      if (standAlone(field.getKey())) {
        return true;
      }
    }
    for (JsonNode child : node) {
      if (standAlone(child)) {
        return true;
      }
    }
    return false;
  }

  private static boolean standAlone(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
