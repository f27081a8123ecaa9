package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a request for a chat. */
final class ChatRequestReader {
  private ChatRequestReader() {}

  static CreateChatCompletionRequest read(JsonObject json) {
    return new CreateChatCompletionRequest(
        json.text("model"),
        messages(json),
        json.integer("max_tokens"),
        json.integer("max_completion_tokens"),
        json.decimal("temperature"),
        json.decimal("top_p"),
        json.integer("n"),
        CommonFields.stop(json),
        json.bool("stream"),
        CommonFields.streamOptions(json),
        json.decimal("presence_penalty"),
        json.decimal("frequency_penalty"),
        CommonFields.logitBias(json),
        json.bool("logprobs"),
        json.integer("top_logprobs"),
        json.longInteger("seed"),
        responseFormat(json),
        tools(json),
        toolChoice(json),
        json.bool("parallel_tool_calls"),
        json.text("reasoning_effort"),
        json.rest());
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

  /** The tools, or the {@code functions} of the older form as tools. */
  private static @Nullable List<ChatCompletionTool> tools(JsonObject json) {
    List<ChatCompletionTool> tools = json.objects("tools", ChatRequestReader::tool);
    List<ChatCompletionTool> functions =
        json.objects(
            "functions",
            function -> {
              function.requiredText("name");
              return new ChatCompletionTool("function", function.plain());
            });
    return tools != null ? tools : functions;
  }

  private static ChatCompletionTool tool(JsonObject tool) {
    String type = tool.requiredText("type");
    if (!type.equals("function") && !type.equals("custom")) {
      throw tool.unknownValue("type", type, "'function' and 'custom'");
    }
    JsonObject definition = tool.requiredObject(type);
    definition.requiredText("name");
    return new ChatCompletionTool(type, definition.plain());
  }

  /** The choice, or the {@code function_call} of the older form. */
  private static @Nullable Object toolChoice(JsonObject json) {
    Object choice = choice(json, "tool_choice");
    Object older = choice(json, "function_call");
    return choice != null ? choice : older;
  }

  private static @Nullable Object choice(JsonObject json, String name) {
    JsonNode choice = json.node(name);
    if (choice == null) {
      return null;
    }
    if (!choice.isTextual() && !choice.isObject()) {
      throw json.wrongType(name, "one of a string or object", choice);
    }
    String word = choice.textValue();
    if (word != null && !List.of("none", "auto", "required").contains(word)) {
      throw json.unknownValue(name, word, "'none', 'auto', and 'required'");
    }
    return PlainValues.of(choice);
  }
}
