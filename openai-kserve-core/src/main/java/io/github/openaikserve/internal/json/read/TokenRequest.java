package io.github.openaikserve.internal.json.read;

import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to tokenize a text or the prompt of a chat. Immutable.
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
    @Nullable CreateChatCompletionRequest chat,
    Style style,
    boolean pieces,
    List<String> unknown) {
  /** Copies the list. */
  public TokenRequest {
    unknown = List.copyOf(unknown);
  }

  /** The field names of a request and its response. */
  public enum Style {
    /** vLLM's: {@code prompt} and {@code return_token_strs}. */
    VLLM,
    /** llama.cpp's server's: {@code content} and {@code with_pieces}. */
    LLAMA_CPP
  }
}
