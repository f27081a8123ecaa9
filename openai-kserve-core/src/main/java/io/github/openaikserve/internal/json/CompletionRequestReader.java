package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads a request for a completion. */
final class CompletionRequestReader {
  private static final String PROMPT_TYPES =
      "one of a string, array of strings, array of integers, or array of integer arrays";
  private static final String PROMPT_ELEMENT_TYPES =
      "one of a string, integer, or array of integers";

  /** OpenAI's fields that change nothing in a generation and are kept as they are. */
  private static final Map<String, JsonNodeType> KEPT = Map.of("user", JsonNodeType.STRING);

  private CompletionRequestReader() {}

  static CreateCompletionRequest read(JsonObject json) {
    return new CreateCompletionRequest(
        json.text("model"),
        prompt(json),
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

  private static Prompt prompt(JsonObject json) {
    JsonNode prompt = json.node("prompt");
    if (prompt == null) {
      throw json.missing("prompt");
    }
    if (prompt.isTextual()) {
      return new Prompt.Texts(List.of(prompt.textValue()));
    }
    if (!prompt.isArray()) {
      throw json.wrongType("prompt", PROMPT_TYPES, prompt);
    }
    if (prompt.isEmpty()) {
      throw JsonErrors.emptyArray("prompt");
    }
    // The first element says what all of them are.
    JsonNode first = prompt.get(0);
    return switch (first.getNodeType()) {
      case STRING -> new Prompt.Texts(json.texts("prompt", prompt));
      case ARRAY -> new Prompt.Tokens(tokenLists(json, prompt));
      case NUMBER -> new Prompt.Tokens(List.of(tokens(json, "prompt", prompt)));
      default -> throw json.wrongType("prompt[0]", PROMPT_ELEMENT_TYPES, first);
    };
  }

  private static List<List<Integer>> tokenLists(JsonObject json, JsonNode prompt) {
    List<List<Integer>> prompts = new ArrayList<>(prompt.size());
    for (int i = 0; i < prompt.size(); i++) {
      String name = "prompt[" + i + "]";
      JsonNode tokens = prompt.get(i);
      if (!tokens.isArray()) {
        throw json.wrongType(name, "an array of integers", tokens);
      }
      if (tokens.isEmpty()) {
        throw JsonErrors.emptyArray(name);
      }
      prompts.add(tokens(json, name, tokens));
    }
    return prompts;
  }

  private static List<Integer> tokens(JsonObject json, String name, JsonNode array) {
    List<Integer> tokens = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      JsonNode token = array.get(i);
      // A prompt has thousands of tokens; only a wrong one needs to know its name.
      tokens.add(
          token.isInt() ? token.intValue() : JsonIntegers.intOf(json, name + "[" + i + "]", token));
    }
    return tokens;
  }
}
