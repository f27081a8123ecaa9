package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.Prompt;
import java.util.Map;

/** Reads a request for a completion. */
final class CompletionRequestReader {
  /** OpenAI's fields that change nothing in a generation and are kept as they are. */
  private static final Map<String, JsonNodeType> KEPT = Map.of("user", JsonNodeType.STRING);

  private CompletionRequestReader() {}

  static CreateCompletionRequest read(JsonObject json) {
    return new CreateCompletionRequest(
        json.text("model"),
        TextsOrTokens.read(json, "prompt", Prompt.Texts::new, Prompt.Tokens::new),
        json.integer("max_tokens"),
        json.decimal("temperature"),
        json.decimal("top_p"),
        json.integer("n"),
        CommonFields.stop(json),
        json.bool("stream"),
        CommonFields.streamOptions(json),
        json.decimal("presence_penalty"),
        json.decimal("frequency_penalty"),
        CommonFields.logitBias(json),
        json.integer("logprobs"),
        json.longInteger("seed"),
        json.bool("echo"),
        json.integer("best_of"),
        json.text("suffix"),
        json.rest(KEPT));
  }
}
