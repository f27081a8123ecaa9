package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.Prompt;
import java.util.ArrayList;
import java.util.List;

/** Reads a request for a completion. */
final class CompletionRequestReader {
  private static final String PROMPT_TYPES =
      "one of a string, array of strings, array of integers, or array of integer arrays";

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
        json.rest());
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
    if (prompt.isEmpty() || prompt.get(0).isTextual()) {
      return texts(json, prompt);
    }
    if (prompt.get(0).isArray()) {
      List<List<Integer>> prompts = new ArrayList<>(prompt.size());
      for (int i = 0; i < prompt.size(); i++) {
        prompts.add(tokens(json, "prompt[" + i + "]", prompt.get(i)));
      }
      return new Prompt.Tokens(prompts);
    }
    return new Prompt.Tokens(List.of(tokens(json, "prompt", prompt)));
  }

  private static Prompt texts(JsonObject json, JsonNode prompt) {
    List<String> texts = new ArrayList<>(prompt.size());
    for (int i = 0; i < prompt.size(); i++) {
      if (!prompt.get(i).isTextual()) {
        throw json.wrongType("prompt[" + i + "]", "a string", prompt.get(i));
      }
      texts.add(prompt.get(i).textValue());
    }
    return new Prompt.Texts(texts);
  }

  private static List<Integer> tokens(JsonObject json, String name, JsonNode array) {
    if (!array.isArray()) {
      throw json.wrongType(name, "an array of integers", array);
    }
    List<Integer> tokens = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      JsonNode token = array.get(i);
      if (!token.isIntegralNumber() || !token.canConvertToInt()) {
        throw json.wrongType(name + "[" + i + "]", "an integer", token);
      }
      tokens.add(token.intValue());
    }
    return tokens;
  }
}
