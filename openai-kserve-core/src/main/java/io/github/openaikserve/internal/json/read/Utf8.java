package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Strict checks that the text of a body can be encoded in UTF-8.
 *
 * <p><b>Source:</b> RFC 3629, section 4; RFC 8259, section 8.1.
 */
final class Utf8 {
  private static final int CHUNK = 4096;

  private Utf8() {}

  /**
   * Returns whether bytes are UTF-8 without zero bytes, which JSON never contains. Jackson also
   * accepts UTF-16, UTF-32 and overlong forms, which a filter in front of this service would read
   * as a different request.
   */
  static boolean isText(byte[] bytes) {
    int bits = 0;
    for (byte b : bytes) {
      if (b == 0) {
        return false;
      }
      bits |= b;
    }
    return bits >= 0 || isDecodable(bytes); // most bodies are ASCII
  }

  private static boolean isDecodable(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer input = ByteBuffer.wrap(bytes);
    CharBuffer output = CharBuffer.allocate(Math.min(bytes.length, CHUNK) + 1);
    CoderResult result;
    do {
      result = decoder.decode(input, output.clear(), true);
    } while (result.isOverflow());
    return !result.isError();
  }

  /**
   * Returns whether a name or a string of the JSON contains an unpaired surrogate, such as {@code
   * "\ud800"}. UTF-8 cannot encode them, so the model server would receive question marks.
   *
   * @param root the parsed JSON
   */
  static boolean hasLoneSurrogate(byte[] json, JsonNode root) {
    return mayHaveSurrogate(json) && hasLoneSurrogate(root);
  }

  /** Returns whether JSON in UTF-8 contains an escaped surrogate. Most JSON does not. */
  private static boolean mayHaveSurrogate(byte[] json) {
    for (int i = 0; i + 2 < json.length; i++) {
      if (json[i] == '\\' && json[i + 1] == 'u' && (json[i + 2] | 0x20) == 'd') {
        return true;
      }
    }
    return false;
  }

  private static boolean hasLoneSurrogate(JsonNode node) {
    if (node.isTextual()) {
      return !canEncode(node.textValue());
    }
    for (var field : node.properties()) {
      if (!canEncode(field.getKey())) {
        return true;
      }
    }
    for (JsonNode child : node) {
      if (hasLoneSurrogate(child)) {
        return true;
      }
    }
    return false;
  }

  private static boolean canEncode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
