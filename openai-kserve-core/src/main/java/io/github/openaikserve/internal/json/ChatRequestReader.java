package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of chat completion requests. */
final class ChatRequestReader {
  private static final List<String> TOOL_TYPES = List.of("function", "custom");

  /** OpenAI's fields without an accessor, kept as extra fields. */
  static final Map<String, JsonNodeType> KEPT =
      Map.of(
          "user", JsonNodeType.STRING,
          "safety_identifier", JsonNodeType.STRING,
          "prompt_cache_key", JsonNodeType.STRING,
          "service_tier", JsonNodeType.STRING,
          "verbosity", JsonNodeType.STRING,
          "metadata", JsonNodeType.OBJECT,
          "prediction", JsonNodeType.OBJECT,
          "web_search_options", JsonNodeType.OBJECT,
          "store", JsonNodeType.BOOLEAN,
          "modalities", JsonNodeType.ARRAY);

  private ChatRequestReader() {}

  static CreateChatCompletionRequest read(JsonObject json) {
    var request = CreateChatCompletionRequest.builder().messages(messages(json));
    CommonFields.read(json, request);
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
    json.rest(KEPT).forEach(request::extra);
    return request.build();
  }

  private static List<ChatCompletionRequestMessage> messages(JsonObject json) {
    List<ChatCompletionRequestMessage> messages = json.objects("messages", MessageReader::read);
    if (messages == null) {
      throw json.missing("messages");
    }
    return messages;
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
    List<ChatCompletionTool> tools = json.objects("tools", ChatRequestReader::tool);
    List<ChatCompletionTool> older =
        json.objects("functions", function -> definedTool("function", function));
    return tools != null ? tools : older;
  }

  private static ChatCompletionTool tool(JsonObject tool) {
    String type = tool.requiredText("type");
    if (!TOOL_TYPES.contains(type)) {
      throw tool.unknownValue("type", type, TOOL_TYPES);
    }
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
    String word = choice.textValue();
    if (!words.contains(word)) {
      throw json.unknownValue(name, word, words);
    }
    return word;
  }
}
