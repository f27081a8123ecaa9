package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.JsonLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A strict parser of a body. It rejects a body that exceeds a limit while reading it, and text that
 * cannot be encoded in UTF-8. The number of values is limited because a tree of small values takes
 * many times the memory of its JSON.
 *
 * <p>Source: RFC 3629, section 4; RFC 8259, section 8.1.
 */
final class BodyParser extends JsonParserDelegate {
  /** The number of characters that are decoded at a time to check them. */
  private static final int CHUNK = 4096;

  private final JsonLimits limits;
  private int nodes;
  private int numbers;

  private BodyParser(JsonParser parser, JsonLimits limits) {
    super(parser);
    this.limits = limits;
  }

  /**
   * Returns the object of a body.
   *
   * @param factory creates parsers with the same limits
   * @throws InvalidRequestException if the body is not an object in JSON, or exceeds a limit
   */
  static JsonNode parse(byte[] body, JsonFactory factory, JsonLimits limits) {
    if (!isText(body)) {
      throw BodyErrors.notJson(": it is not valid UTF-8");
    }
    JsonNode root;
    try (var parser = new BodyParser(factory.createParser(body), limits)) {
      root = parser.read();
    } catch (IOException | NumberFormatException e) { // NumberFormatException for 1e99999999999
      throw BodyErrors.notJson(body.length == 0 ? ": it is empty" : BodyErrors.where(e));
    }
    if (root == null || !root.isObject()) {
      throw BodyErrors.notJson(": it is not an object");
    }
    if (mayHaveSurrogate(body) && hasLoneSurrogate(root)) {
      throw BodyErrors.notJson(": it contains an unpaired surrogate, which is not a character");
    }
    return root;
  }

  @Override
  public @Nullable JsonToken nextToken() throws IOException {
    JsonToken token = super.nextToken();
    if (token == null) {
      return null;
    }
    if (token.isNumeric()) {
      if (++numbers > limits.numbers()) {
        throw BodyErrors.tooMany("numbers", limits.numbers());
      }
    } else if ((token.isScalarValue() || token.isStructStart()) && ++nodes > limits.nodes()) {
      throw BodyErrors.tooMany("objects, arrays and values", limits.nodes());
    }
    return token;
  }

  @Override
  public @Nullable String nextFieldName() throws IOException {
    return nextToken() == JsonToken.FIELD_NAME ? currentName() : null;
  }

  /** Reads the whole body; null if it is empty. */
  private @Nullable JsonNode read() throws IOException {
    try {
      return JsonCodec.READER.readValue(this);
    } catch (StreamConstraintsException e) {
      throw BodyErrors.tooMuch(e, getParsingContext(), limits);
    }
  }

  /**
   * Returns whether bytes are UTF-8 without zero bytes, which JSON never contains. Jackson also
   * accepts UTF-16, UTF-32 and overlong forms, which a filter in front of this service would read
   * as a different request.
   */
  private static boolean isText(byte[] bytes) {
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

  /** Returns whether JSON in UTF-8 contains an escaped surrogate. Most JSON does not. */
  private static boolean mayHaveSurrogate(byte[] json) {
    for (int i = 0; i + 2 < json.length; i++) {
      if (json[i] == '\\' && json[i + 1] == 'u' && (json[i + 2] | 0x20) == 'd') {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether a name or a string of the JSON contains an unpaired surrogate, such as {@code
   * "\ud800"}. UTF-8 cannot encode them, so the model server would receive question marks.
   */
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
