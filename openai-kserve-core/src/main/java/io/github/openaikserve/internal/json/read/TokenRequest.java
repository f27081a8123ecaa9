package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.error.InvalidRequestException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request to tokenize a text or the prompt of a chat. Immutable.
 *
 * <p><b>Source:</b> vllm-project/vllm, {@code vllm/entrypoints/openai/protocol.py} ({@code
 * TokenizeCompletionRequest}, {@code TokenizeChatRequest}); ggml-org/llama.cpp, {@code
 * tools/server/README.md}.
 *
 * @param model the model's name; null for the default model
 * @param text null if a chat is given
 * @param chat null if a text is given
 * @param style the API whose field names the request and the response use
 * @param pieces whether the response contains the text of each token
 * @param unknown the names of fields that have no effect
 */
public record TokenRequest(
    @Nullable String model,
    @Nullable String text,
    @Nullable ChatBody chat,
    Style style,
    boolean pieces,
    List<String> unknown) {
  /** Copies the list. */
  public TokenRequest {
    unknown = List.copyOf(unknown);
  }

  static TokenRequest read(JsonObject json) {
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
      var chat = ChatBody.read(json);
      return new TokenRequest(chat.request().model(), null, chat, style, pieces, List.of());
    }
    String text = content == null ? json.requiredText("prompt") : json.requiredText("content");
    return new TokenRequest(json.text("model"), text, null, style, pieces, json.unreadNames());
  }

  /** The field names of a request and its response. */
  public enum Style {
    /** vLLM's: {@code prompt} and {@code return_token_strs}. */
    VLLM,
    /** llama.cpp's server's: {@code content} and {@code with_pieces}. */
    LLAMA_CPP
  }
}
