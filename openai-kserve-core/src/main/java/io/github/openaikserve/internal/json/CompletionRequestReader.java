package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.Prompt;
import java.util.Map;

/** A reader of text completion requests. */
final class CompletionRequestReader {
  /** OpenAI's fields that do not affect the generation, kept as extra fields. */
  static final Map<String, JsonNodeType> KEPT = Map.of("user", JsonNodeType.STRING);

  private CompletionRequestReader() {}

  static CreateCompletionRequest read(JsonObject json) {
    var request =
        CreateCompletionRequest.builder()
            .prompt(
                TextsOrTokens.<Prompt>read(json, "prompt", Prompt.Texts::new, Prompt.Tokens::new));
    CommonFields.read(json, request);
    request
        .logprobs(json.integer("logprobs"))
        .echo(json.bool("echo"))
        .bestOf(json.integer("best_of"))
        .suffix(json.text("suffix"));
    json.rest(KEPT).forEach(request::extra);
    return request.build();
  }
}
