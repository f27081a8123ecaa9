package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to convert tokens to text. Immutable.
 *
 * <p><b>Source:</b> vllm-project/vllm, {@code vllm/entrypoints/openai/protocol.py} ({@code
 * DetokenizeRequest}).
 *
 * @param model the model's name; null for the default model
 * @param unknown the names of fields that have no effect
 */
public record DetokenizeRequest(
    @Nullable String model, List<Integer> tokens, List<String> unknown) {
  /** Copies the lists. */
  public DetokenizeRequest {
    tokens = List.copyOf(tokens);
    unknown = List.copyOf(unknown);
  }

  static DetokenizeRequest read(JsonObject json) {
    JsonNode tokens = json.requiredNode("tokens");
    if (!tokens.isArray()) {
      throw json.wrongType("tokens", "an array of integers", tokens);
    }
    List<Integer> ids = JsonIntegers.listOf(json, "tokens", tokens);
    return new DetokenizeRequest(json.text("model"), ids, json.unreadNames());
  }
}
