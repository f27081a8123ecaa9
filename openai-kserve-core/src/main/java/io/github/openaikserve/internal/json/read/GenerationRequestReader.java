package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.KeptFieldChecks;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.GenerationRequest;
import io.github.openaikserve.openai.Prompt;
import io.github.openaikserve.openai.StreamOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of chat and text completion requests. */
final class GenerationRequestReader {
  private static final List<String> TOOL_TYPES = List.of("function", "custom");

  /** OpenAI's fields of a chat without an accessor, kept as extra fields. */
  static final Map<String, JsonNodeType> CHAT_KEPT =
      Map.ofEntries(
          Map.entry("user", JsonNodeType.STRING),
          Map.entry("safety_identifier", JsonNodeType.STRING),
          Map.entry("prompt_cache_key", JsonNodeType.STRING),
          Map.entry("prompt_cache_retention", JsonNodeType.STRING),
          Map.entry("prompt_cache_options", JsonNodeType.OBJECT),
          Map.entry("service_tier", JsonNodeType.STRING),
          Map.entry("verbosity", JsonNodeType.STRING),
          Map.entry("metadata", JsonNodeType.OBJECT),
          Map.entry("prediction", JsonNodeType.OBJECT),
          Map.entry("web_search_options", JsonNodeType.OBJECT),
          Map.entry("store", JsonNodeType.BOOLEAN),
          Map.entry("modalities", JsonNodeType.ARRAY));

  /** OpenAI's fields of a completion that do not affect the generation, kept as extra fields. */
  static final Map<String, JsonNodeType> COMPLETION_KEPT = Map.of("user", JsonNodeType.STRING);

  private GenerationRequestReader() {}

  static CreateChatCompletionRequest chat(JsonObject json) {
    var request =
        CreateChatCompletionRequest.builder()
            .messages(json.requiredObjects("messages", MessageReader::read));
    common(json, request);
    request
        .maxCompletionTokens(json.integer("max_completion_tokens"))
        .logprobs(json.bool("logprobs"))
        .topLogprobs(json.integer("top_logprobs"))
        .responseFormat(responseFormat(json))
        .toolChoice(toolChoice(json))
        .parallelToolCalls(json.bool("parallel_tool_calls"))
        .reasoningEffort(json.text("reasoning_effort"));
    List<ChatCompletionTool> tools = tools(json);
    if (tools != null) {
      request.tools(tools);
    }
    Map<String, @Nullable Object> rest = json.rest(CHAT_KEPT);
    rest.forEach(request::extra);
    if (!rest.isEmpty()) { // most requests have none
      KeptFields.check(json, KeptFieldChecks.CHAT_TIERS);
      Map<String, String> metadata = KeptFields.metadata(json);
      if (metadata != null) {
        request.extra("metadata", metadata);
      }
    }
    return request.build();
  }

  static CreateCompletionRequest completion(JsonObject json) {
    var request =
        CreateCompletionRequest.builder()
            .prompt(
                TextsOrTokens.<Prompt>read(json, "prompt", Prompt.Texts::new, Prompt.Tokens::new));
    common(json, request);
    request
        .logprobs(json.integer("logprobs"))
        .echo(json.bool("echo"))
        .bestOf(json.integer("best_of"))
        .suffix(json.text("suffix"));
    json.rest(COMPLETION_KEPT).forEach(request::extra);
    return request.build();
  }

  private static void common(JsonObject json, GenerationRequest.Builder<?> request) {
    request
        .model(json.text("model"))
        .maxTokens(json.integer("max_tokens"))
        .temperature(json.decimal("temperature"))
        .topP(json.decimal("top_p"))
        .n(json.integer("n"))
        .stop(stop(json))
        .stream(json.bool("stream"))
        .streamOptions(streamOptions(json))
        .presencePenalty(json.decimal("presence_penalty"))
        .frequencyPenalty(json.decimal("frequency_penalty"))
        .logitBias(logitBias(json))
        .seed(json.longInteger("seed"));
  }

  private static @Nullable List<String> stop(JsonObject request) {
    JsonNode stop = request.node("stop");
    return stop == null || (stop.isArray() && stop.isEmpty())
        ? null
        : request.textOrTexts("stop", stop);
  }

  /** Reads the stream options. Other options concern padding, which is never sent. */
  private static @Nullable StreamOptions streamOptions(JsonObject request) {
    JsonObject options = request.object("stream_options");
    if (options == null) {
      return null;
    }
    var read = new StreamOptions(options.bool("include_usage"));
    if (!Boolean.TRUE.equals(request.bool("stream"))) {
      throw InvalidRequestException.badValue(
          "stream_options",
          null,
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
    }
    return read;
  }

  private static @Nullable Map<String, Double> logitBias(JsonObject request) {
    JsonObject bias = request.object("logit_bias");
    if (bias == null) {
      return null;
    }
    Map<String, Double> byToken = new LinkedHashMap<>();
    for (String token : bias.names()) {
      JsonNode value = bias.node(token);
      if (value == null) {
        continue;
      }
      if (!value.isNumber()) { // the path contains text of the caller
        throw bias.wrongType(InvalidRequestException.shown(token), "a decimal", value);
      }
      byToken.put(token, value.doubleValue());
    }
    return byToken;
  }

  private static @Nullable Map<String, @Nullable Object> responseFormat(JsonObject json) {
    JsonObject format = json.object("response_format");
    if (format == null) {
      return null;
    }
    format.requiredText("type");
    return format.plain();
  }

  /** Returns the tools, or the legacy {@code functions} as tools. */
  private static @Nullable List<ChatCompletionTool> tools(JsonObject json) {
    List<ChatCompletionTool> tools = json.objects("tools", GenerationRequestReader::tool);
    List<ChatCompletionTool> older =
        json.objects("functions", function -> definedTool("function", function));
    return tools != null ? tools : older;
  }

  private static ChatCompletionTool tool(JsonObject tool) {
    String type = tool.requiredWord("type", TOOL_TYPES);
    return definedTool(type, tool.requiredObject(type));
  }

  private static ChatCompletionTool definedTool(String type, JsonObject definition) {
    definition.requiredText("name");
    return new ChatCompletionTool(type, definition.plain());
  }

  /** Returns the tool choice, or the legacy {@code function_call} as a tool choice. */
  private static @Nullable Object toolChoice(JsonObject json) {
    Object choice = newerChoice(json);
    Object older = olderChoice(json);
    return choice != null ? choice : older;
  }

  private static @Nullable Object newerChoice(JsonObject json) {
    String word = word(json, "tool_choice", List.of("none", "auto", "required"));
    JsonObject choice = word == null ? json.object("tool_choice") : null;
    if (choice == null) {
      return word;
    }
    choice.requiredText("type");
    return choice.plain();
  }

  private static @Nullable Object olderChoice(JsonObject json) {
    String word = word(json, "function_call", List.of("none", "auto"));
    JsonObject function = word == null ? json.object("function_call") : null;
    if (function == null) {
      return word;
    }
    function.requiredText("name");
    return Map.of("type", "function", "function", function.plain());
  }

  /** Returns the field's value if it is a string; null if it is absent or an object. */
  private static @Nullable String word(JsonObject json, String name, List<String> words) {
    JsonNode choice = json.node(name);
    if (choice == null || choice.isObject()) {
      return null;
    }
    if (!choice.isTextual()) {
      throw json.wrongType(name, "one of a string or object", choice);
    }
    return json.word(name, words);
  }
}
