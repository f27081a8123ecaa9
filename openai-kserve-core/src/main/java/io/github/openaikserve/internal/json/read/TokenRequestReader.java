package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A reader of tokenize and detokenize requests.
 *
 * <p><b>Source:</b> vllm-project/vllm, {@code vllm/entrypoints/openai/protocol.py} ({@code
 * TokenizeCompletionRequest}, {@code TokenizeChatRequest}, {@code DetokenizeRequest});
 * ggml-org/llama.cpp, {@code tools/server/README.md}.
 */
final class TokenRequestReader {
  private TokenRequestReader() {}

  static TokenRequest tokenize(JsonObject json) {
    JsonNode messages = json.node("messages");
    JsonNode content = json.node("content");
    JsonNode prompt = json.node("prompt");
    if (Stream.of(messages != null, content != null, prompt != null).filter(is -> is).count() > 1) {
      throw InvalidRequestException.badValue(
          "prompt", "invalid_value", "Only one of 'prompt', 'content' and 'messages' may be set.");
    }
    TokenRequest.Style style =
        content == null ? TokenRequest.Style.VLLM : TokenRequest.Style.LLAMA_CPP;
    boolean pieces =
        Boolean.TRUE.equals(json.bool(content == null ? "return_token_strs" : "with_pieces"));
    if (messages != null) {
      var chat = GenerationRequestReader.chat(json);
      return new TokenRequest(chat.model(), null, chat, style, pieces, List.of());
    }
    String text = content == null ? json.requiredText("prompt") : json.requiredText("content");
    return new TokenRequest(json.text("model"), text, null, style, pieces, unknown(json));
  }

  static DetokenizeRequest detokenize(JsonObject json) {
    JsonNode tokens = json.requiredNode("tokens");
    if (!tokens.isArray()) {
      throw json.wrongType("tokens", "an array of integers", tokens);
    }
    List<Integer> ids = JsonIntegers.listOf(json, "tokens", tokens);
    return new DetokenizeRequest(json.text("model"), ids, unknown(json));
  }

  /** Returns the names of the unread fields that are not null. */
  private static List<String> unknown(JsonObject json) {
    return json.rest().entrySet().stream()
        .filter(field -> field.getValue() != null)
        .map(Map.Entry::getKey)
        .toList();
  }
}
