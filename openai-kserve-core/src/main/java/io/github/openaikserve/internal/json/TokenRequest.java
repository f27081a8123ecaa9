package io.github.openaikserve.internal.json;

import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for the tokens of a text or of a chat's prompt. Immutable.
 *
 * @param model null for the default
 * @param text null if a chat is given
 * @param chat null if a text is given
 * @param style the API whose fields the request has, and the response gets
 * @param pieces whether the text of each token is wanted
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

  /** Whose fields a request and its response have. */
  public enum Style {
    /** vLLM's: {@code prompt} and {@code return_token_strs}. */
    VLLM,
    /** llama.cpp's server's: {@code content} and {@code with_pieces}. */
    LLAMA_CPP
  }
}
